import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_the_quick_self_check_passes_and_says_so(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "ablations", "selfcheck", "--quick", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=600,
    )
    rows = json.loads(done.stdout)
    assert [row for row in rows if not row["passed"]] == []
    assert done.returncode == 0
    checks = {row["check"].partition(",")[0] for row in rows}
    assert {"A/A on drawn noise", "A/A on 1", "planted defect", "power"} <= checks
    assert list(tmp_path.iterdir()) == []
