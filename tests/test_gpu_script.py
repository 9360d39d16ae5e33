"""The script for a GPU can take every step, and first says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "benchmarks" / "gpu.sh"


def dry_run(script: Path, python: str = sys.executable) -> subprocess.CompletedProcess:
    return subprocess.run(  # noqa: S603 - our own script
        ["bash", script, "--dry-run"],  # noqa: S607
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": python},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_all_steps_parse_fit_into_eight_minutes_and_make_the_tests_for_gpus():
    done = dry_run(SCRIPT)
    assert (done.returncode, done.stderr) == (0, "")
    steps = [line.split() for line in done.stdout.splitlines()]
    # Half a minute is for what is looked at before the first.
    assert sum(int(seconds) for seconds, *_ in steps) <= 8 * 60 - 30
    marked = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if "\n@pytest.mark.gpu" in path.read_text(encoding="utf-8")
    }
    assert {word for step in steps for word in step if "test_" in word} == marked


def test_a_step_that_does_not_parse_is_shown(tmp_path):
    script = tmp_path / "benchmarks" / "gpu.sh"
    script.parent.mkdir()
    text = SCRIPT.read_text(encoding="utf-8")
    script.write_text(text.replace("--quick", "--quik"), encoding="utf-8")
    done = dry_run(script)
    assert done.returncode == 1
    assert "does not parse: 120 ablations bench --quik" in done.stderr


def test_a_python_without_this_project_is_named(tmp_path):
    done = dry_run(SCRIPT, python=str(tmp_path / "python"))
    assert done.returncode == 1
    assert f"{tmp_path}/python with this project must be there." in done.stderr
