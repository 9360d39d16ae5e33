"""A few of the attempts that `make faults` makes by the thousand."""

import importlib.util
import signal
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


@pytest.fixture(scope="module")
def chain(faults):
    """Return what kinds share that stop a command."""
    return faults.load("chain")


@pytest.mark.parametrize(
    "kind", ["bits", "disk", "sweeps", "tables", "torn", "writers"]
)
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


def test_attempts_count_by_what_they_hit(faults):
    rows = [
        {"kind": "kills", "attempt": 0, "wrong": "", "hits": ["run/train"] * 2},
        {"kind": "kills", "attempt": 1, "wrong": "gone", "hits": ["report/elsewhere"]},
        {"kind": "kills", "attempt": 2, "wrong": "", "hits": []},
    ]
    table = faults.table(rows)
    assert "| 3 | 1 | 86.46% |" in table
    assert "`kills`: report/elsewhere 1, run/train 2." in table


@pytest.mark.parametrize(
    ("name", "code", "errors", "is_right"),
    [
        ("run", 0, "", True),
        ("run", 130, "ablations: Interrupted. {}", True),
        ("report", 130, "ablations: Interrupted.\n", True),
        ("run", 130, "ablations: Interrupted.\n", False),
        ("run", 1, "ablations: Interrupted. {}", False),
        ("run", 143, "ablations: Interrupted. {}", False),
        ("run", 0, "Traceback (most recent call last):\n", False),
        ("report", 130, "", False),
    ],
)
def test_a_wrong_end_after_ctrl_c_is_noticed(
    chain, tmp_path, name, code, errors, is_right
):
    (tmp_path / "said").write_text("")
    (tmp_path / "errors").write_text(errors.format(chain.GO_ON))
    ended = chain.Ended(code, 0.0, tmp_path)
    assert (not chain.complaint(ended, signal.SIGINT, name)) == is_right


def test_what_a_command_ends_with_is_all_but_its_times(faults, tmp_path):
    targets = faults.load("targets")

    def answer(score, seconds, said):
        text = f"arm,score,seconds\nbase,{score},{seconds}\n"
        (tmp_path / "runs.csv").write_text(text)
        return targets.answer(tmp_path, said)

    before = answer(0.5, 1.25, "Use adam.\n3 s left\n")
    same, other = answer(0.5, 9.75, "Use adam.\n"), answer(0.25, 1.25, "Use sgd.\n")
    assert targets.differences(same, before) == []
    assert targets.differences(other, before) == ["runs.csv", "said"]
    (tmp_path / "left-behind").touch()
    left = answer(0.5, 1.25, "Use adam.\n")
    assert targets.differences(left, before) == ["left-behind"]
