import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.paired import paired_mean_difference
from ablations.stats.trends import (
    adjacent_steps,
    linear_trend,
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
