"""Families of tests: several ablations judged against one baseline."""

import numpy as np
from numpy.typing import ArrayLike

from ablations.stats.estimate import as_floats, check_confidence
from ablations.stats.signflip import TIE, Flips


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


def max_t(differences: ArrayLike, *, rng: np.random.Generator) -> np.ndarray:
    """Adjust the sign-flip tests of a family of arms by its largest statistic.

    With T_m = |sum_i d_mi| / sqrt(sum_i d_mi^2), the arms are ranked by T and each is
    compared with the largest flipped T of itself and the arms ranked after it
    (step-down). Signs are flipped for a seed in all arms at once, so what the
    arms share through their baseline is used: never less powerful by much than
    Holm, and more so the more they share. Smallest sample as for one test. An arm
    whose differences are all zero has T = 0 and p = 1; ties count as extreme; neither
    the order of arms and seeds nor the scale of an arm plays a role.

    Args:
        differences: One row per arm, one column per seed [M, S].
        rng: Generator for the signs, used beyond 16 seeds.

    Returns:
        Adjusted two-sided p-values [M], in the order of the arms.

    References:
        Westfall and Young (1993), Resampling-Based Multiple Testing, section 2.6.
    """
    values = as_floats("differences", differences, ndim=2)
    num_arms, num_seeds = values.shape
    if num_arms == 0 or num_seeds == 0:
        return np.ones(num_arms)
    norms = np.sqrt((values**2).sum(axis=1, keepdims=True))
    scaled = values / np.where(norms > 0, norms, 1.0)
    # Drawn signs belong to places, so the seeds get an order of their own.
    weights = np.sort(np.abs(scaled), axis=0).sum(axis=0)
    scaled = scaled[:, np.argsort(weights, kind="stable")]
    observed = np.abs(scaled.sum(axis=1))
    order = np.argsort(-observed, kind="stable")
    flips = Flips(num_seeds, rng)
    largest = np.zeros(flips.total - 1)
    p_values = np.ones(num_arms)
    for arm in order[::-1]:
        flipped = np.abs(scaled[arm].sum() - 2 * flips.sums(scaled[arm]))
        np.maximum(largest, flipped, out=largest)
        extreme = np.count_nonzero(largest >= observed[arm] - TIE)
        p_values[arm] = (1 + extreme) / flips.total
    adjusted = np.empty(num_arms)
    adjusted[order] = np.maximum.accumulate(p_values[order])
    return adjusted
