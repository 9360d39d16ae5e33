"""Train and save the recommended net by running its own script.

So the script is known to run, and the model is the one that it makes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ablations.study.table.source import SKLEARN_PREFIX

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset

MOST_SECONDS = 600
"""After so long the script is stopped."""


RUN_ON_DATA = """
import pickle, runpy, sys
from pathlib import Path
with open(sys.argv[2], "rb") as file:
    dataset = pickle.load(file)
print(runpy.run_path(sys.argv[1])["train"](dataset, Path(sys.argv[3])))
"""
"""Runs the script on data that came from no file."""


def train_model(
    script: str, dataset: Dataset, source: str, *, name: str = "recommended"
) -> tuple[dict[str, bytes], str]:
    """Run the script of a net on all rows in a folder of its own.

    Args:
        script: What `reports.study.script.write_script` returned.
        dataset: The data, handed to the script where they did not come from a file.
        source: Where they come from, as the user wrote it.
        name: What its files are called, without an ending.

    Returns:
        The files that it wrote, by name, none where it failed; and what it said: its
        last lines, or why it did not finish.
    """
    with tempfile.TemporaryDirectory(prefix="recommended-") as folder:
        path = Path(folder) / f"{name}.py"
        path.write_text(script, encoding="utf-8")
        model = path.with_suffix(".keras")
        try:
            done = subprocess.run(  # noqa: S603 - the script was written here
                [sys.executable, *_arguments(path, model, dataset, source)],
                cwd=folder,
                env={
                    **os.environ,
                    "TF_CPP_MIN_LOG_LEVEL": "3",
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {}, f"it took more than {MOST_SECONDS} seconds"
        if done.returncode or not model.exists():
            lines = done.stderr.strip().splitlines()
            return {}, lines[-1] if lines else "it wrote no model"
        made = (model, model.with_suffix(".joblib"))
        files = {one.name: one.read_bytes() for one in made if one.exists()}
        return files, " ".join(done.stdout.split())


def _arguments(path: Path, model: Path, dataset: Dataset, source: str) -> list[str]:
    """Return how Python is called: with the script, or with what runs it on data."""
    if source.startswith(SKLEARN_PREFIX):
        return [str(path), "--data", source, "--model", str(model)]
    if Path(source).is_file():
        return [str(path), "--data", str(Path(source).resolve()), "--model", str(model)]
    spare = path.with_name("data.pickle")
    spare.write_bytes(pickle.dumps(dataset))
    return ["-c", RUN_ON_DATA, str(path), str(spare), str(model)]
