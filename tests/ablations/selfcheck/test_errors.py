import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.kind import all_kinds
from ablations.judging.outcome import side
from ablations.selfcheck import errors
from ablations.selfcheck.errors import (
    check_bank,
    check_coverage,
    check_equivalence,
    check_family,
    check_kinds,
)
from ablations.selfcheck.noise import SYNTHETIC, Bank

DRAWS = 1_500
COLLAPSING = SYNTHETIC[-1:]


def words_of(low, high, bound, upwards):
    return np.array(
        [side(*ends, bound, upwards=upwards) for ends in zip(low, high, strict=True)]
    )


def percentile_bootstrap(way, scores):
    """Decide by the percentiles of bootstrapped means, as one must not."""
    rng = np.random.default_rng(0)
    differences = scores[:, 0] - scores[:, 1]
    n = differences.shape[1]
    taken = rng.integers(0, n, (400, n))
    means = differences[:, taken].mean(axis=2)
    low, high = np.quantile(means, [0.025, 0.975], axis=1)
    return words_of(low, high, 0.0, True)


def peeking(way, scores):
    """Stop at the first number of seeds, from ten on, that decides."""
    words = way.words(scores[:, :, :10])
    for n in range(11, scores.shape[2] + 1):
        more = way.words(scores[:, :, :n])
        words = np.where(np.isin(words, ("holds", "fails")), words, more)
    return words


def wald(way, scores):
    """Decide a share by its normal interval, as one must not."""
    rates = scores[:, 0].mean(axis=1)
    half = 1.96 * np.sqrt(rates * (1 - rates) / scores.shape[2])
    return words_of(rates - half, rates + half, way.prediction.bound, True)


def without_failures(way, scores):
    """Leave out what fails in the treatment, pair by pair, as one must not."""
    kept = scores.copy()
    collapsed = kept[:, 0] < -4.0
    kept[:, 0][collapsed] = kept[:, 1][collapsed] = 0.0
    return way.words(kept)


def bank(rng, num_runs=400) -> Bank:
    scores = rng.lognormal(size=num_runs)
    times = np.where(scores > 2.0, np.inf, np.ceil(40 * scores))
    return Bank(scores, (scores < 1.0) * 1.0, times)


def test_every_kind_of_prediction_is_checked():
    rows = check_kinds(30)
    assert [row.check.rpartition(", ")[2] for row in rows] == list(all_kinds())
    assert all("judged again alike" in row.seen for row in rows)


def test_a_kind_that_nobody_knows_how_to_check_fails(monkeypatch):
    monkeypatch.setattr(errors, "all_kinds", lambda: ("exact", "new"))
    monkeypatch.setattr(errors, "ways", lambda rate: {"exact": [], "new": []})
    rows = check_kinds(10)
    assert [row.passed for row in rows] == [False, False]
    assert rows[1].seen == "no way to check it"


@pytest.mark.parametrize("decide", [percentile_bootstrap, peeking])
def test_a_faulty_comparison_is_seen(decide, monkeypatch):
    monkeypatch.setattr(errors, "NUM_SEEDS", (10, 20))
    (row,) = check_kinds(DRAWS, SYNTHETIC[:1], decide, ["comparison"])
    assert not row.passed
    share = float(row.seen.split()[0])
    assert share > 8.0, "more than the words that differ must show it"


def test_leaving_out_the_failures_of_one_arm_is_seen(monkeypatch):
    monkeypatch.setattr(errors, "NUM_SEEDS", (30,))
    (right,) = check_kinds(DRAWS, COLLAPSING, only=["comparison"])
    (wrong,) = check_kinds(DRAWS, COLLAPSING, without_failures, ["comparison"])
    assert right.passed
    assert not wrong.passed


def test_words_that_the_judging_function_would_not_give_are_seen():
    def always(way, scores):
        return np.full(len(scores), "undecided")

    def never(way, scores):
        return np.where(way.words(scores) == "holds", "fails", "holds")

    (row,) = check_kinds(100, SYNTHETIC[:1], never, ["league"])
    assert not row.passed
    (row,) = check_kinds(400, SYNTHETIC[:1], always, ["comparison"])
    assert row.seen.startswith("0.00 %")


def test_real_runs_against_themselves_stay_inside_and_faults_are_seen():
    runs = bank(np.random.default_rng(1))
    rows = check_bank(runs, 300)
    assert [row.check.rpartition(", ")[2] for row in rows] == list(all_kinds())
    assert all(row.passed for row in rows), [row for row in rows if not row.passed]
    (row,) = check_bank(runs, DRAWS, percentile_bootstrap, ["comparison"], (10,))
    assert not row.passed


def test_the_sets_of_seeds_of_a_bank_are_disjoint():
    runs = Bank(np.arange(60.0), np.zeros(60), np.zeros(60))
    drawn = runs.draw("score", np.random.default_rng(0), (50, 3, 20))
    assert all(len(np.unique(row)) == 60 for row in drawn)


def test_a_family_without_an_adjustment_is_seen():
    assert check_family(400).passed
    row = check_family(400, lambda num_arms: CONFIDENCE)
    assert not row.passed
    assert float(row.seen.split()[0]) > 30.0


def test_intervals_cover_and_wald_does_not():
    rows = check_coverage(DRAWS)
    assert all(row.passed for row in rows), [row for row in rows if not row.passed]

    def decide(way, scores):
        if way.prediction.kind == "success_rate":
            return wald(way, scores)
        return way.words(scores)

    failed = [row.check for row in check_coverage(DRAWS, decide) if not row.passed]
    assert failed == ["coverage of 95 % intervals, share of successes"]


def test_equivalence_by_absence_of_a_difference_is_seen():
    assert all(row.passed for row in check_equivalence(400))

    def not_different(way, scores):
        gaps = scores[:, 0] - scores[:, 1]
        far = np.abs(gaps.mean(axis=1)) > 2 * gaps.std(axis=1) / np.sqrt(gaps.shape[1])
        return np.where(far, "undecided", "holds")

    assert not check_equivalence(400, not_different)[1].passed
