"""Families of tests: several ablations judged against one baseline."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import as_floats, check_confidence

NUM_DRAWS = 10_000
"""Families drawn for `smallest_p_values`: the share 0.05 is known to 0.002."""

STEPS = np.linspace(-6.0, 6.0, 121)
"""Where the inverse of chi2 is computed, as normal deviates; between, a line."""

SIZES = np.concatenate([np.linspace(0.0, 8.0, 161), np.geomspace(8.2, 1e4, 80)])
"""Where p-values of t are computed; between, a line."""


def holm(p_values: ArrayLike) -> np.ndarray:
    """Adjust p-values [M] so that the whole family errs at most at the level.

    p~_(j) = max_{i <= j} min(1, (M - i + 1) p_(i)), for p_(1) <= ... <= p_(M). Valid
    under any dependence. Ties get one value; the order of the family plays no role; an
    empty family stays empty. The family is what was declared, not what was run: an arm
    without a verdict enters with p = 1.

    References:
        Holm (1979), A simple sequentially rejective multiple test procedure.
    """
    values = as_floats("p_values", p_values)
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"`p_values` must lie between 0 and 1. Received: {values}.")
    order = np.argsort(values, kind="stable")
    scaled = np.minimum(values[order] * np.arange(values.size, 0, -1), 1.0)
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(scaled)
    return adjusted


def simultaneous_confidence(num_intervals: int, *, confidence: float = 0.95) -> float:
    """Compute the confidence that each interval of a family needs (Bonferroni).

    1 - (1 - confidence) / M: all M intervals then cover together at `confidence`.
    """
    check_confidence(confidence)
    if num_intervals < 1:
        raise ValueError(
            f"`num_intervals` must be positive. Received: {num_intervals}."
        )
    return 1 - (1 - confidence) / num_intervals


def smallest_p_values(
    freedoms: ArrayLike,
    correlation: np.ndarray,
    rng: np.random.Generator,
    num_draws: int = NUM_DRAWS,
) -> np.ndarray:
    """Draw the p-values of M correlated t statistics where no effect is there `[B, M]`.

    Means are normal with the given correlation; their estimated variances have the
    squares of it, as those of normal data do.

    Args:
        freedoms: Degrees of freedom of every statistic `[M]`.
        correlation: Of the statistics `[M, M]`.
        rng: Draws the families.
        num_draws: Number of families B.
    """
    freedoms = as_floats("freedoms", freedoms)
    means = rng.standard_normal((num_draws, len(freedoms))) @ _root(correlation).T
    spreads = rng.standard_normal((num_draws, len(freedoms)))
    spreads = spreads @ _root(correlation**2).T
    drawn = np.empty_like(means)
    for place, freedom in enumerate(freedoms):
        # Tables: the inverse of chi2 for millions of values takes seconds.
        ratios = special.chdtri(freedom, special.ndtr(-STEPS)) / freedom
        ratio = np.interp(spreads[:, place], STEPS, ratios)
        size = np.abs(means[:, place]) / np.sqrt(ratio)
        drawn[:, place] = np.interp(size, SIZES, 2 * special.stdtr(freedom, -SIZES))
    return drawn


def _root(correlation: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def max_t(p_values: ArrayLike, drawn: np.ndarray) -> np.ndarray:
    """Adjust p-values [M] for a family whose dependence is known, step by step.

    p~_(j) = max_{i <= j} P(min_{l >= i} P_(l) <= p_(i)): the chance that any of those
    not yet rejected comes out as small. Never above Holm's, and never below p itself.

    Args:
        p_values: p-values [M].
        drawn: p-values where no effect is there `[B, M]`, `smallest_p_values`.

    References:
        Westfall and Young (1993), Resampling-based multiple testing, algorithm 2.8.
        Romano and Wolf (2005), Exact and approximate stepdown methods.
    """
    values = as_floats("p_values", p_values)
    order = np.argsort(values, kind="stable")
    smallest = np.minimum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
    # The family itself counts as one more draw, so that no share is 0.
    shares = ((smallest <= values[order]).sum(axis=0) + 1) / (len(drawn) + 1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(np.maximum(shares, values[order]))
    return np.minimum(adjusted, holm(values))
