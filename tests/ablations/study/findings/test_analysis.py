import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.multiple import holm
from ablations.stats.resampled import detectable_from_spread
from ablations.study.findings import analysis
from ablations.study.findings.analysis import Terms
from ablations.study.settings.designs import make_arms

TERMS = Terms(0.25, 0.01, higher_is_better=True, step=5)
generator = np.random.default_rng(3)


def judge(arms: list[np.ndarray], reference: np.ndarray, terms: Terms = TERMS) -> list:
    """Return the judged family of some arms against a reference."""
    found = [analysis.compare(arm, reference, terms) for arm in arms]
    return analysis.judge_family(found, terms, [True] * len(found))


def test_p_values_are_those_of_the_corrected_test_adjusted_by_holm():
    reference = generator.normal(size=15)
    arms = [reference + generator.normal(0.3, 0.5, size=15) for _ in range(4)]
    expected = []
    for arm in arms:
        d = arm - reference
        t = d.mean() / math.sqrt((1 / 15 + 0.25) * d.var(ddof=1))
        expected.append(2 * stats.t.sf(abs(t), 14))
    judged = judge(arms, reference)
    np.testing.assert_allclose([one.estimate.p_value for one in judged], expected)
    np.testing.assert_allclose([one.p_adjusted for one in judged], holm(expected))


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_a_large_difference_is_real_and_its_direction_is_that_of_the_score(
    higher_is_better,
):
    terms = Terms(0.25, 0.01, higher_is_better, step=5)
    reference = generator.normal(size=15)
    more = reference + 1.0 + 0.1 * generator.normal(size=15)
    less = reference - 1.0 + 0.1 * generator.normal(size=15)
    words = [one.verdict for one in judge([more, less], reference, terms)]
    assert words == (["better", "worse"] if higher_is_better else ["worse", "better"])


def test_arms_within_the_margin_are_the_same_and_wide_ones_undecided():
    reference = generator.normal(size=15)
    near = reference + 1e-4 * generator.normal(size=15)
    wide = reference + 0.1 * generator.normal(size=15)
    same, undecided = judge([near, wide], reference)
    assert same.verdict == "same"
    assert undecided.verdict == "undecided"


def test_arms_that_say_the_same_on_every_split_are_the_same():
    (one,) = judge([np.ones(10)], np.ones(10))
    assert (one.verdict, one.estimate.low, one.estimate.high) == ("same", 0.0, 0.0)


def test_where_nothing_was_learned_nothing_is_tested():
    reference = generator.normal(size=15)
    one = analysis.compare(
        reference + 5.0 + generator.normal(size=15), reference, TERMS
    )
    (judged,) = analysis.judge_family([one], TERMS, [False])
    assert judged.verdict == "not tested"


def test_a_true_difference_of_the_detectable_size_is_found_four_times_in_five():
    rng = np.random.default_rng(11)
    num_splits, spread, ratio = 15, 1.0, 0.25
    size = detectable_from_spread(spread, num_splits, ratio, 1)
    # Splits share rows: the mean varies by (1/J + ratio) s^2, as the test supposes.
    shared = math.sqrt(ratio) * rng.normal(size=(4000, 1))
    own = rng.normal(size=(4000, num_splits))
    found = 0
    for draw in size + shared + own:
        (one,) = judge([draw], np.zeros(num_splits))
        found += one.verdict == "better"
    # 4,000 draws have a standard error below 0.7 points; s is estimated, which costs.
    assert 0.76 < found / 4000 < 0.84


def test_more_splits_than_the_number_that_decides_do_decide():
    d = generator.normal(0.02, 0.03, size=15)
    number = analysis.splits_to_decide(d, Terms(0.01, 1e-6, True, 5), 1)
    assert number is not None
    assert number % 5 == 0
    spread, mean = d.std(ddof=1), abs(d.mean())
    sizes = [detectable_from_spread(spread, n, 0.01, 1) for n in (number - 5, number)]
    assert sizes[1] <= mean < sizes[0]


def test_no_number_of_splits_decides_where_the_shared_rows_limit_the_test():
    d = np.tile([0.02, -0.01, 0.015, -0.012, 0.0], 3)
    assert analysis.splits_to_decide(d, Terms(0.25, 1e-6, True, 5), 20) is None
    times = analysis.rows_to_decide(d, Terms(0.25, 1e-6, True, 5), 20)
    assert times is not None
    assert times > 1


def test_the_net_chosen_anew_is_the_best_on_the_validation_rows_of_each_split():
    scores = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([4.0, 5.0, 6.0])}
    val = {"a": np.array([1.0, 0.0, np.nan]), "b": np.array([0.0, 1.0, 0.0])}
    np.testing.assert_array_equal(analysis.chosen_anew(scores, val, True), [1, 5, 6])
    val["a"][2] = 0.5
    np.testing.assert_array_equal(analysis.chosen_anew(scores, val, False), [4, 2, 6])


def test_contrasts_of_a_factorial_find_the_planted_effects():
    factors = {"a": (0, 1), "b": (0, 1), "c": (0, 1)}
    arms = make_arms("full_factorial", factors)
    scores = {
        arm.name: np.full(
            4,
            2.0 * arm.levels["a"]
            - arm.levels["b"]
            + 3.0 * arm.levels["a"] * arm.levels["b"],
        )
        for arm in arms.arms
    }
    main = analysis.main_effects(arms, scores, factors)
    # The effect of a is 2 without b and 5 with it.
    assert [float(c.differences[0]) for c in main] == [3.5, 0.5, 0.0]
    pairs = analysis.interactions(arms, scores, factors)
    assert {c.factors: float(c.differences[0]) for c in pairs} == {
        ("a", "b"): 3.0,
        ("a", "c"): 0.0,
        ("b", "c"): 0.0,
    }


def test_only_crossed_arms_have_all_corners():
    factors = {"a": (0, 1), "b": (0, 1), "c": (0, 1), "d": (0, 1)}
    for design, expected in (
        ("full_factorial", True),
        ("fractional_factorial", True),
        ("one_at_a_time", False),
    ):
        assert analysis.has_all_corners(make_arms(design, factors), factors) is expected


def cross_validated_scores(x, y, penalties, rng, num_repeats):
    """Return accuracies `[arms, J]` of ridge classifiers in repeated 5-fold splits."""
    found = []
    for _ in range(num_repeats):
        for test in np.array_split(rng.permutation(len(y)), 5):
            train = np.setdiff1d(np.arange(len(y)), test)
            a, b = x[train], 2.0 * y[train] - 1.0
            row = []
            for penalty in penalties:
                w = np.linalg.solve(a.T @ a + penalty * np.eye(x.shape[1]), a.T @ b)
                row.append(((x[test] @ w > 0) == (y[test] > 0)).mean())
            found.append(row)
    return np.array(found).T


def test_on_pure_noise_few_studies_call_anything_real():
    rng = np.random.default_rng(5)
    # The arms are rather different models, so that their scores differ by chance.
    penalties, num_studies, false = np.geomspace(0.01, 1e4, 8), 300, 0
    for _ in range(num_studies):
        x, y = rng.normal(size=(80, 12)), rng.permutation(np.repeat([0, 1], 40))
        scores = cross_validated_scores(x, y, penalties, rng, 2)
        judged = judge(list(scores[1:]), scores[0])
        false += any(one.verdict in ("better", "worse") for one in judged)
    # At a rate of 5 % more than 24 of 300 have a chance below 1 %.
    assert false <= 24


def test_a_learner_of_nothing_has_not_learned_and_a_good_one_has():
    dummy = np.full(15, 0.5)
    scores = {
        "lucky": 0.5 + 0.03 * generator.normal(size=15),
        "good": 0.8 + 0.03 * generator.normal(size=15),
    }
    assert analysis.learned(scores, dummy, TERMS) == {"lucky": False, "good": True}
