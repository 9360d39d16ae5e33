"""Train and save the recommended net by running its own script.

So the script is known to run, and the model is the one that it makes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reports.study.script import SKLEARN

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset

MOST_SECONDS = 600
"""After so long the script is stopped."""


def train_model(script: str, dataset: Dataset, source: str) -> tuple[bytes | None, str]:
    """Run the script of a net on all rows in a folder of its own.

    Args:
        script: What `reports.study.script.write_script` returned.
        dataset: The data, written out where they did not come from a file.
        source: Where they come from, as the user wrote it.

    Returns:
        The file `recommended.keras`, or None, and what the script said: its last
        lines, or why it did not finish.
    """
    with tempfile.TemporaryDirectory(prefix="recommended-") as folder:
        path = Path(folder) / "recommended.py"
        path.write_text(script, encoding="utf-8")
        model = path.with_suffix(".keras")
        try:
            done = subprocess.run(  # noqa: S603 - the script was written here
                [
                    sys.executable,
                    str(path),
                    "--data",
                    _data(dataset, source, path.with_name("data.csv")),
                    "--model",
                    str(model),
                ],
                cwd=folder,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, f"it took more than {MOST_SECONDS} seconds"
        if done.returncode or not model.exists():
            lines = done.stderr.strip().splitlines()
            return None, lines[-1] if lines else "it wrote no model"
        return model.read_bytes(), " ".join(done.stdout.split())


def _data(dataset: Dataset, source: str, spare: Path) -> str:
    """Return what the script is to read: the file, or the rows written to a new one."""
    if source.startswith(SKLEARN):
        return source
    if Path(source).is_file():
        return str(Path(source).resolve())
    frame = dataset.frame.copy()
    for name, reading in dataset.readings.items():
        if reading.kind == "date" and "%" in reading.date_format:
            # The script reads dates as they were written first.
            frame[name] = frame[name].dt.strftime(reading.date_format)
    target = dataset.target
    frame[dataset.target_name] = (
        [dataset.classes[code] for code in target] if dataset.classes else target
    )
    frame.to_csv(spare, index=False)
    return str(spare)
