"""A few of the attempts that `make faults` makes by the thousand."""

import importlib.util
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

PATH = Path(__file__).resolve().parents[1] / "benchmarks" / "faults" / "run.py"
FEW = 4


@pytest.fixture(scope="module")
def faults():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("faults_run", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["bits", "disk", "sweeps", "tables", "torn"])
def test_harm_loses_nothing_and_no_attempt_is_made_twice(faults, tmp_path, kind):
    results = tmp_path / "faults.jsonl"
    rows = faults.do_harm(kind, FEW, results)
    assert [row["wrong"] for row in rows] == [""] * FEW
    before = results.read_text()
    assert faults.do_harm(kind, FEW, results) == faults.read(results)
    assert results.read_text() == before
    assert f"| {FEW} | 0 | 52.71% |" in faults.table(rows)
    assert "not tried" in faults.table(rows)


@pytest.mark.parametrize(("losses", "attempts"), [(0, 300), (1, 20), (7, 7), (3, 9)])
def test_the_bound_is_that_of_clopper_and_pearson(faults, losses, attempts):
    _, high = proportion_confint(losses, attempts, alpha=0.1, method="beta")
    assert faults.upper_bound(losses, attempts) == pytest.approx(high)


def test_a_share_is_unknown_without_attempts(faults):
    assert faults.upper_bound(0, 0) == 1.0
