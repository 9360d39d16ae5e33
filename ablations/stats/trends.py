"""Ordered factors and 2 x 2 factorials: trends, steps and interactions."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import Estimate, as_floats, check_counts
from ablations.stats.multiple import simultaneous_confidence
from ablations.stats.paired import paired_mean_difference
from ablations.stats.proportions import newcombe_difference
from ablations.stats.signflip import NUM_DRAWS, TIE


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


@dataclass(frozen=True)
class RateTrend:
    """Hold the trend of success rates over an ordered factor.

    Attributes:
        slope: Weighted least-squares slope of the rate over the levels.
        z: Cochran-Armitage statistic, positive when the rate rises.
        p_value: Conditional permutation p-value, two-sided.
        asymptotic_p_value: Two-sided p-value of z under the normal distribution.
        steps: Difference of rates from each level to the next [L - 1]; the intervals
            cover together.
    """

    slope: float
    z: float
    p_value: float
    asymptotic_p_value: float
    steps: tuple[Estimate, ...]


def rate_trend(
    successes: ArrayLike,
    counts: ArrayLike,
    levels: ArrayLike,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> RateTrend:
    """Test for a trend in success rates over an ordered factor (Cochran-Armitage).

    z = U / sqrt(V), U = sum_l x_l (k_l - n_l p), p = sum k / sum n,
    V = p (1 - p) (sum n_l x_l^2 - (sum n_l x_l)^2 / sum n_l). The p-value compares
    |U| with 100,000 allocations of the successes to the runs with all totals kept
    (multivariate hypergeometric) and counts the observed one, so that it holds for
    small counts, where the normal one does not. All or no runs successful: z = 0 and
    p = 1. The runs of different levels are taken as independent; for pairs by seed give
    the outcomes to `linear_trend`. The steps are Newcombe's with Bonferroni's level.

    Args:
        successes: Successful runs at each level [L].
        counts: Runs at each level [L], each at least one.
        levels: Values of the factor [L].
        rng: Generator for the allocations.
        confidence: Joint coverage of the steps.

    References:
        Armitage (1955), Tests for linear trends in proportions and frequencies.
        https://doi.org/10.2307/3001775
    """
    hits = as_floats("successes", successes)
    runs = as_floats("counts", counts)
    if hits.shape != runs.shape or (runs < 1).any():
        raise ValueError(
            "`counts` must have one positive number for each level. "
            f"Received: {runs} for {hits.size} levels."
        )
    for hit, run in zip(hits, runs, strict=True):
        check_counts(hit, run)
    positions = as_floats("levels", levels)
    _linear_contrast(positions, hits.size)
    positions = positions - float(runs @ positions) / float(runs.sum())
    rate = float(hits.sum() / runs.sum())
    spread = float(runs @ positions**2)
    observed = float(positions @ hits)
    steps = _rate_steps(hits.astype(int), runs.astype(int), confidence)
    if rate in (0.0, 1.0):
        return RateTrend(0.0, 0.0, 1.0, 1.0, steps)
    z = observed / math.sqrt(rate * (1 - rate) * spread)
    drawn = rng.multivariate_hypergeometric(
        runs.astype(np.int64), int(hits.sum()), size=NUM_DRAWS, method="marginals"
    )
    tie = TIE * float(np.abs(positions) @ runs)
    extreme = np.count_nonzero(np.abs(drawn @ positions) >= abs(observed) - tie)
    return RateTrend(
        observed / spread,
        z,
        (1 + int(extreme)) / (NUM_DRAWS + 1),
        2 * float(special.ndtr(-abs(z))),
        steps,
    )


def _rate_steps(
    hits: np.ndarray, runs: np.ndarray, confidence: float
) -> tuple[Estimate, ...]:
    each = simultaneous_confidence(hits.size - 1, confidence=confidence)
    steps = (
        newcombe_difference(
            int(hits[i + 1]),
            int(runs[i + 1]),
            int(hits[i]),
            int(runs[i]),
            confidence=each,
        )
        for i in range(hits.size - 1)
    )
    return tuple(replace(step, confidence=confidence) for step in steps)


def interaction(
    scores: ArrayLike, *, rng: np.random.Generator, confidence: float = 0.95
) -> Estimate:
    """Estimate how much one factor changes the effect of another, seed by seed.

    The mean of (y_11 - y_10) - (y_01 - y_00): the effect of the second factor with
    the first one on, minus its effect with the first one off. Test and interval as
    `paired_mean_difference`; smallest sample at 95 %: 6 seeds. It depends on the scale
    of the score: no interaction in the loss can be one in its logarithm.

    Args:
        scores: Scores by seed, first factor and second factor [S, 2, 2].
        rng: Generator for the signs, used beyond 16 seeds.
        confidence: Coverage of the interval.
    """
    values = as_floats("scores", scores, ndim=3)
    if values.shape[1:] != (2, 2):
        raise ValueError(f"`scores` must be [S, 2, 2]. Received: {values.shape}.")
    effects = values[:, :, 1] - values[:, :, 0]
    estimate = paired_mean_difference(
        effects[:, 1] - effects[:, 0], rng=rng, confidence=confidence
    )
    return replace(estimate, method=f"interaction, {estimate.method}")
