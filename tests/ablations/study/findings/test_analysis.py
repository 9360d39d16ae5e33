import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ablations.stats.multiple import holm
from ablations.stats.resampled import detectable_from_spread
from ablations.stats.row_errors import RowTests
from ablations.study.findings import analysis
from ablations.study.findings.analysis import Terms

generator = np.random.default_rng(3)


def few(num_splits: int = 15, margin: float = 0.01, ratio: float = 0.25) -> Terms:
    """Return terms of so few rows that splits are what counts: one row in each."""
    tests = RowTests.of([np.array([j]) for j in range(num_splits)], [0] * num_splits)
    return Terms(tests, ratio, margin, higher_is_better=True, step=5)


def many(num_rows: int = 1000, margin: float = 0.01, num_repeats: int = 1) -> Terms:
    """Return terms of five folds of many rows."""
    rng = np.random.default_rng(0)
    tested = [
        part
        for _ in range(num_repeats)
        for part in np.array_split(rng.permutation(num_rows), 5)
    ]
    repeats = np.repeat(np.arange(num_repeats), 5)
    tests = RowTests.of(tested, repeats.tolist())
    return Terms(tests, 0.25, margin, higher_is_better=True, step=5)


def judge(arms: list[np.ndarray], reference: np.ndarray, terms: Terms) -> list:
    """Return the judged family of some arms against a reference."""
    found = [analysis.difference(arm, reference) for arm in arms]
    return analysis.judge_family(found, terms, [True] * len(found))


def test_with_few_rows_p_values_are_those_of_the_corrected_test():
    reference = generator.normal(size=15)
    arms = [reference + generator.normal(0.3, 0.5, size=15) for _ in range(4)]
    expected = []
    for arm in arms:
        d = arm - reference
        t = d.mean() / math.sqrt((1 / 15 + 0.25) * d.var(ddof=1))
        expected.append(2 * stats.t.sf(abs(t), 14))
    judged = judge(arms, reference, few())
    np.testing.assert_allclose([one.estimate.p_value for one in judged], expected)
    adjusted = np.array([one.p_adjusted for one in judged])
    assert (adjusted <= holm(expected)).all()
    assert (adjusted > np.array(expected)).sum() >= 3


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_a_large_difference_is_real_and_its_direction_is_that_of_the_score(
    higher_is_better,
):
    terms = replace(few(), higher_is_better=higher_is_better)
    reference = generator.normal(size=15)
    more = reference + 1.0 + 0.1 * generator.normal(size=15)
    less = reference - 1.0 + 0.1 * generator.normal(size=15)
    words = [one.verdict for one in judge([more, less], reference, terms)]
    assert words == (["better", "worse"] if higher_is_better else ["worse", "better"])


def test_arms_within_the_margin_are_the_same_and_wide_ones_undecided():
    reference = generator.normal(size=15)
    near = reference + 1e-4 * generator.normal(size=15)
    wide = reference + 0.1 * generator.normal(size=15)
    same, undecided = judge([near, wide], reference, few())
    assert same.verdict == "same"
    assert undecided.verdict == "undecided"


def test_arms_that_say_the_same_on_every_split_are_the_same():
    (one,) = judge([np.ones(10)], np.ones(10), few(10))
    assert (one.verdict, one.estimate.low, one.estimate.high) == ("same", 0.0, 0.0)


def test_where_nothing_was_learned_nothing_is_tested():
    family = [5.0 + generator.normal(size=15)]
    (judged,) = analysis.judge_family(family, few(), [False])
    assert judged.verdict == "not tested"


def test_a_true_difference_of_the_detectable_size_is_found_four_times_in_five():
    rng = np.random.default_rng(11)
    num_splits, spread, ratio = 15, 1.0, 0.25
    size = detectable_from_spread(spread, num_splits, ratio, 1)
    # Splits share rows: the mean varies by (1/J + ratio) s^2, as the test supposes.
    shared = math.sqrt(ratio) * rng.normal(size=(1000, 1))
    own = rng.normal(size=(1000, num_splits))
    found = 0
    for draw in size + shared + own:
        (one,) = judge([draw], np.zeros(num_splits), few())
        found += one.verdict == "better"
    # 1,000 draws have a standard error of 1.3 points; s is estimated, which costs.
    assert 0.74 < found / 1000 < 0.86


def test_more_splits_than_the_number_that_decides_do_decide():
    d = 0.02 + 0.05 * stats.zscore(np.arange(15.0), ddof=1)
    (one,) = judge([d], np.zeros(15), few(margin=1e-6, ratio=0.01))
    number = one.splits_to_decide
    assert number is not None
    assert number % 5 == 0
    errors = [
        one.error * math.sqrt((1 / n + 0.01) / (1 / 15 + 0.01))
        for n in (number - 5, number)
    ]
    needed = stats.t.ppf(0.975, 14) + stats.t.ppf(0.8, 14)
    assert needed * errors[1] <= abs(d.mean()) < needed * errors[0]


def test_no_number_of_splits_decides_where_the_shared_rows_limit_the_test():
    d = np.tile([0.02, -0.01, 0.015, -0.012, 0.0], 3)
    (one,) = judge([d], np.zeros(15), few(margin=1e-6))
    assert one.splits_to_decide is None
    assert one.rows_to_decide is not None
    assert one.rows_to_decide > 1


def test_the_net_chosen_anew_is_the_best_on_the_validation_rows_of_each_split():
    scores = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([4.0, 5.0, 6.0])}
    val = {"a": np.array([1.0, 0.0, np.nan]), "b": np.array([0.0, 1.0, 0.0])}
    np.testing.assert_array_equal(analysis.chosen_anew(scores, val, True), [1, 5, 6])
    val["a"][2] = 0.5
    np.testing.assert_array_equal(analysis.chosen_anew(scores, val, False), [4, 2, 6])


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
    penalties, num_studies, false = np.geomspace(0.01, 1e4, 4), 200, 0
    for _ in range(num_studies):
        x, y = rng.normal(size=(80, 12)), rng.permutation(np.repeat([0, 1], 40))
        scores = cross_validated_scores(x, y, penalties, rng, 2)
        judged = judge(list(scores[1:]), scores[0], few(10))
        false += any(one.verdict in ("better", "worse") for one in judged)
    # At a rate of 5 % more than 18 of 200 have a chance below 1 %.
    assert false <= 18


def test_a_learner_of_nothing_has_not_learned_and_a_good_one_has():
    dummy = np.full(15, 0.5)
    scores = {
        "lucky": 0.5 + 0.03 * generator.normal(size=15),
        "good": 0.8 + 0.03 * generator.normal(size=15),
    }
    assert analysis.learned(scores, dummy, few()) == {"lucky": False, "good": True}


@pytest.mark.parametrize("terms", [few(), many()])
def test_a_difference_that_is_the_same_everywhere_is_certain(terms):
    num_tests = len(terms.tests.rows)
    (one,) = judge([np.full(num_tests, 0.9)], np.full(num_tests, 0.4), terms)
    assert (one.verdict, one.p_adjusted) == ("better", 0.0)
    assert (one.estimate.low, one.estimate.high) == pytest.approx((0.5, 0.5))


def test_who_is_right_on_every_row_has_learned_though_all_splits_are_alike():
    terms = many(240)
    # Half the rows of every split belong to the class that the dummy names.
    dummy = (np.arange(240) % 2).astype(float)
    found = analysis.learned({"a": np.ones(240), "b": np.ones(240)}, dummy, terms)
    assert found == {"a": True, "b": True}


@pytest.mark.parametrize("terms", [few(), many()])
def test_what_differs_by_rounding_alone_is_the_same(terms):
    exact = 0.9 + 0.05 * generator.normal(size=len(terms.tests.rows))
    (one,) = judge([exact.astype(np.float32).astype(float)], exact, terms)
    assert (one.verdict, one.estimate.estimate) == ("same", 0.0)


def test_a_small_effect_on_many_rows_is_found_among_twenty_arms():
    rng = np.random.default_rng(8)
    terms = many(20_000, num_repeats=3)
    rows = rng.normal(size=(21, 20_000))
    arms = (
        rows[:, terms.tests.rows] + rng.normal(0, 0.01, (21, 15))[:, terms.tests.splits]
    )
    arms[1] += 0.06
    judged = judge(list(arms[1:]), arms[0], terms)
    assert judged[0].verdict == "better"
    # By splits and Holm it is not.
    d = terms.tests.means((arms[1] - arms[0])[None])[0]
    t = d.mean() / math.sqrt((1 / 15 + 0.25) * d.var(ddof=1))
    assert 20 * 2 * stats.t.sf(t, 14) > 0.05
    assert [one.verdict in ("better", "worse") for one in judged[1:]] == [False] * 19


def test_intervals_of_what_is_chosen_later_are_wider():
    rng = np.random.default_rng(9)
    terms = many(500)
    family = list(rng.normal(size=(8, 500)) + np.linspace(0, 0.3, 8)[:, None])
    plain, later = (
        analysis.judge_family(family, terms, [True] * 8, chosen_later=later)
        for later in (False, True)
    )
    for one, other in zip(plain, later, strict=True):
        assert other.estimate.high > one.estimate.high
        is_sure = other.estimate.low > 0 or other.estimate.high < 0
        assert is_sure == (other.verdict in ("better", "worse"))


def test_no_interval_of_a_perfect_score_promises_that_it_stays_perfect():
    terms = many(240)
    mean, low, high = analysis.mean_and_interval(np.ones(240), terms, is_share=True)
    assert (mean, high) == (1.0, 1.0)
    # As Clopper and Pearson have it for 240 of 240.
    assert low == pytest.approx(stats.beta.ppf(0.025, 240, 1))
