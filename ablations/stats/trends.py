"""Ordered factors: the trend of a score, and each step on the way."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ablations.stats.estimate import Estimate, as_floats
from ablations.stats.multiple import simultaneous_confidence
from ablations.stats.paired import paired_mean_difference


def linear_trend(
    scores: ArrayLike,
    levels: ArrayLike,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate the slope of the score over an ordered factor, seed by seed.

    Each seed has a least-squares slope sum_l c_l y_l / sum_l c_l^2, c_l = x_l - mean x;
    the mean slope is tested by sign flips, as `paired_mean_difference`. Valid whatever
    the dependence among the levels of a seed. A slope does not show that every step
    goes its way: `adjacent_steps` does. Smallest sample at 95 %: 6 seeds.

    Args:
        scores: One row per seed, one column per level [S, L]; successes may be 0 and 1.
        levels: Values of the factor [L], at least two distinct (take logarithms of
            depths or rates where the claim is about ratios).
        rng: Generator for the signs, used beyond 16 seeds.
        confidence: Coverage of the interval.

    Returns:
        The mean slope in units of score per unit of level.
    """
    values = as_floats("scores", scores, ndim=2)
    contrast = _linear_contrast(levels, values.shape[1])
    slopes = values @ contrast
    estimate = paired_mean_difference(slopes, rng=rng, confidence=confidence)
    return replace(estimate, method=f"linear trend, {estimate.method}")


def _linear_contrast(levels: ArrayLike, num_levels: int) -> np.ndarray:
    positions = as_floats("levels", levels)
    if positions.size != num_levels or np.unique(positions).size < 2:
        raise ValueError(
            f"`levels` must have {num_levels} values, at least two of them distinct. "
            f"Received: {positions}."
        )
    centered = positions - positions.mean()
    return centered / (centered @ centered)


def adjacent_steps(
    scores: ArrayLike, *, rng: np.random.Generator, confidence: float = 0.95
) -> tuple[Estimate, ...]:
    """Estimate every step from one level to the next, all intervals at once.

    The L - 1 paired mean differences y_(l+1) - y_l, each with a Bonferroni share of
    the level, so that all intervals cover together at `confidence`, which each of
    them reports; the p-values are unadjusted. Smallest sample: 6 seeds for one step, 7
    for two.

    Args:
        scores: One row per seed, one column per level in order [S, L].
        rng: Generator for the signs, used beyond 16 seeds.
        confidence: Joint coverage.
    """
    values = as_floats("scores", scores, ndim=2)
    if values.shape[1] < 2:
        raise ValueError(
            f"`scores` must have at least two levels. Received: {values.shape[1]}."
        )
    each = simultaneous_confidence(values.shape[1] - 1, confidence=confidence)
    steps = (
        paired_mean_difference(step, rng=rng, confidence=each)
        for step in np.diff(values, axis=1).T
    )
    return tuple(replace(step, confidence=confidence) for step in steps)
