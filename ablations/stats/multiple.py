"""Families of tests: several ablations judged against one baseline."""

import numpy as np
from numpy.typing import ArrayLike

from ablations.stats.estimate import as_floats, check_confidence


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
