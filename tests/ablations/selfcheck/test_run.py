import json

import pytest


@pytest.mark.slow
def test_the_quick_self_check_passes_and_says_so(run_command, tmp_path):
    done = run_command("selfcheck", "--quick", "--json")
    rows = json.loads(done.stdout)
    assert [row for row in rows if not row["passed"]] == []
    assert done.returncode == 0
    checks = {row["check"].partition(",")[0] for row in rows}
    assert {"A/A on drawn noise", "A/A on 1", "planted defect", "power"} <= checks
    assert list(tmp_path.iterdir()) == []
