"""Wilcoxon's signed ranks over data sets."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import (
    as_floats,
)

MAX_EXACT_RANKS = 300


def signed_rank_p_value(effects: ArrayLike) -> float:
    """Compute Wilcoxon's two-sided p-value that effects [D] are symmetric about zero.

    W is the sum of the ranks of |effect| over the positive effects. The null
    distribution over all signs is exact, with ties (average ranks) too, up to 300
    effects; beyond, normal with a continuity correction. Zeros are ranked
    and then left out (Pratt). Effects may be infinite. Smallest number of nonzero
    effects that can reach p <= 0.05: 6. Without any p = 1.

    References:
        Wilcoxon (1945), https://doi.org/10.2307/3001968. Pratt (1959), Remarks on zeros
        and ties in the Wilcoxon signed rank procedures.
    """
    values = as_floats("effects", effects, allow_infinite=True)
    sizes = np.abs(values)
    _, place, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    # Twice the average rank is an integer.
    doubled = (2 * np.cumsum(counts) - counts + 1)[place]
    positive = int(doubled[values > 0].sum())
    used = doubled[values != 0]
    lower = _signed_rank_cdf(used, positive)
    upper = _signed_rank_cdf(used, int(used.sum()) - positive)
    return min(1.0, 2 * min(lower, upper))


def _signed_rank_cdf(doubled: np.ndarray, total: int) -> float:
    """P(2 W <= total) when each of the doubled ranks is added with chance 1/2."""
    if doubled.size <= MAX_EXACT_RANKS:
        return float(_signed_rank_chances(doubled)[: total + 1].sum())
    mean = doubled.sum() / 2
    # One step of W is 2 in doubled units; half of it is the correction.
    deviation = math.sqrt(float((doubled.astype(np.float64) ** 2).sum())) / 2
    return float(special.ndtr((total + 1 - mean) / deviation))


def _signed_rank_chances(doubled: np.ndarray) -> np.ndarray:
    """P(2 W = t) for t = 0 .. sum of the doubled ranks."""
    chances = np.zeros(int(doubled.sum()) + 1)
    chances[0] = 1.0
    for rank in doubled:
        chances[rank:] = chances[rank:] + chances[:-rank]
        chances /= 2
    return chances
