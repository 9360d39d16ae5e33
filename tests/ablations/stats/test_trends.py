import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import Table

from ablations.stats.paired import paired_mean_difference
from ablations.stats.proportions import newcombe_difference
from ablations.stats.trends import (
    adjacent_steps,
    interaction,
    linear_trend,
    rate_trend,
)


def generator():
    return np.random.default_rng(0)


def test_the_slope_is_the_mean_of_least_squares_slopes():
    levels = [1, 2, 4, 8]
    scores = generator().normal(size=(9, 4)) + np.array(levels) * 0.5
    slopes = [stats.linregress(levels, row).slope for row in scores]
    ours = linear_trend(scores, levels, rng=generator())
    plain = paired_mean_difference(slopes, rng=generator())
    # Two ways to sum the same products.
    assert ours.estimate == pytest.approx(plain.estimate, rel=1e-12)
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), rel=1e-9)
    assert ours.p_value == plain.p_value


def test_offsets_of_seeds_play_no_role():
    scores = generator().normal(size=(8, 3))
    moved = scores + 8.0 * np.arange(8)[:, None]
    ours = linear_trend(scores, [0, 1, 2], rng=generator())
    other = linear_trend(moved, [0, 1, 2], rng=generator())
    assert other.p_value == ours.p_value
    assert (other.low, other.high) == pytest.approx((ours.low, ours.high), abs=1e-12)


def test_reversing_the_levels_mirrors_the_trend():
    scores = generator().normal(size=(8, 3)) + np.array([0, 0.4, 0.9])
    ours = linear_trend(scores, [1.0, 2.0, 4.0], rng=generator())
    mirrored = linear_trend(scores, [-1.0, -2.0, -4.0], rng=generator())
    assert (ours.low, ours.high) == pytest.approx((-mirrored.high, -mirrored.low))
    assert ours.p_value == mirrored.p_value


@pytest.mark.parametrize("levels", [[1, 1, 1], [1, 2], [1, 2, math.nan]])
def test_levels_must_be_ordered_numbers(levels):
    with pytest.raises(ValueError, match="`levels` must"):
        linear_trend(np.zeros((6, 3)), levels, rng=generator())


def test_steps_cover_together():
    rng = np.random.default_rng(4)
    draws, wrong = 400, 0
    for scores in rng.normal(size=(draws, 12, 4)):
        steps = adjacent_steps(scores, rng=rng)
        wrong += any(step.low > 0 or step.high < 0 for step in steps)
    # Four standard errors of a 5 % share.
    assert wrong / draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / draws)


def test_a_single_step_is_a_paired_difference():
    scores = generator().normal(size=(7, 2))
    (step,) = adjacent_steps(scores, rng=generator())
    assert step == paired_mean_difference(scores[:, 1] - scores[:, 0], rng=generator())
    with pytest.raises(ValueError, match="at least two levels"):
        adjacent_steps(scores[:, :1], rng=generator())


# Smokers among patients in four studies (Fleiss 1981), as in R's prop.trend.test.
SMOKERS, PATIENTS = [83, 90, 129, 70], [86, 93, 136, 82]


def test_the_published_trend_is_reproduced():
    trend = rate_trend(SMOKERS, PATIENTS, [1, 2, 3, 4], rng=generator())
    assert trend.z**2 == pytest.approx(8.2249, abs=5e-5)
    assert trend.asymptotic_p_value == pytest.approx(0.004132, abs=5e-7)
    # The permutation p-value estimates the exact one, close to the normal one here.
    assert trend.p_value == pytest.approx(0.0041, abs=0.002)
    assert trend.slope < 0


def test_the_statistic_equals_statsmodels():
    hits, runs = np.array([3, 5, 9, 8]), np.array([10, 11, 12, 9])
    levels = np.array([0.0, 1.0, 2.0, 5.0])
    table = Table(np.stack([runs - hits, hits], axis=1))
    oracle = table.test_ordinal_association(row_scores=levels, col_scores=np.arange(2))
    trend = rate_trend(hits, runs, levels, rng=generator())
    # Statsmodels has the permutation variance, larger by N / (N - 1).
    assert trend.z == pytest.approx(oracle.zscore * math.sqrt(42 / 41), rel=1e-9)


def test_the_trend_of_two_levels_is_fishers_test_of_equal_groups():
    trend = rate_trend([1, 8], [10, 10], [0, 1], rng=generator())
    oracle = stats.fisher_exact([[1, 9], [8, 2]]).pvalue
    # Four standard errors of a share of 100,000 draws.
    assert abs(trend.p_value - oracle) <= 4 * math.sqrt(oracle / 100_000)
    assert trend.slope == pytest.approx(0.7)
    assert trend.steps == (newcombe_difference(8, 10, 1, 10),)


@pytest.mark.parametrize("hits", [[0, 0, 0], [4, 5, 6]])
def test_all_or_no_successes_show_no_trend(hits):
    trend = rate_trend(hits, [4, 5, 6], [1, 2, 3], rng=generator())
    assert (trend.slope, trend.z, trend.p_value) == (0, 0, 1)
    assert all(step.low <= 0 <= step.high for step in trend.steps)


def test_counts_must_fit():
    with pytest.raises(ValueError, match="one positive number for each level"):
        rate_trend([0, 1], [0, 5], [1, 2], rng=generator())
    with pytest.raises(ValueError, match="0 <= successes <= n"):
        rate_trend([6, 1], [5, 5], [1, 2], rng=generator())


def test_the_rate_steps_share_the_level():
    trend = rate_trend([1, 5, 9], [10, 10, 10], [1, 2, 3], rng=generator())
    alone = newcombe_difference(5, 10, 1, 10, confidence=0.975)
    assert (trend.steps[0].low, trend.steps[0].high) == (alone.low, alone.high)
    assert trend.steps[0].confidence == 0.95


def test_effects_that_add_do_not_interact():
    rng = generator()
    first, second = rng.normal(size=(2, 9))
    base = rng.integers(0, 9, 9)
    scores = np.empty((9, 2, 2))
    scores[:, 0, 0], scores[:, 1, 0] = base, base + first
    scores[:, 0, 1], scores[:, 1, 1] = base + second, base + first + second + 2
    estimate = interaction(scores, rng=generator())
    # Sums in floating point.
    assert estimate.estimate == pytest.approx(2, abs=1e-12)
    assert (estimate.low, estimate.high) == pytest.approx((2, 2), abs=1e-12)


def test_swapping_the_factors_keeps_the_interaction():
    scores = np.random.default_rng(2).integers(0, 9, (8, 2, 2))
    ours = interaction(scores, rng=generator())
    assert interaction(scores.transpose(0, 2, 1), rng=generator()) == ours
    turned = interaction(scores[:, ::-1], rng=generator())
    assert (turned.low, turned.high) == (-ours.high, -ours.low)


def test_an_interaction_needs_two_by_two():
    with pytest.raises(ValueError, match=r"\[S, 2, 2\]"):
        interaction(np.zeros((6, 3, 2)), rng=generator())


def test_single_runs_have_a_trend():
    trend = rate_trend([0, 1], [1, 1], [0, 1], rng=generator())
    assert trend.slope == 1.0
    assert trend.p_value == 1.0


def test_the_observed_allocation_is_one_of_those_that_count():
    # No draw is as extreme as 40 against 0: a chance of 2 in C(80, 40).
    trend = rate_trend([0, 40], [40, 40], [0, 1], rng=generator())
    assert trend.p_value == 1 / 100_001


def test_allocations_equal_but_for_rounding_are_ties():
    # Levels whose differences round: the statistic takes few values, many of them tied.
    hits, runs = [1, 2, 3, 4], [6, 6, 6, 6]
    whole = rate_trend(hits, runs, [1, 2, 3, 4], rng=generator())
    for scale in (0.1, 1e-7, 1e9 / 3):
        levels = scale * np.arange(1, 5)
        trend = rate_trend(hits, runs, levels, rng=generator())
        assert trend.p_value == whole.p_value


def test_without_a_trend_both_p_values_are_one():
    assert rate_trend([4, 5], [4, 5], [1, 2], rng=generator()).asymptotic_p_value == 1
