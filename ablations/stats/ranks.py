"""Comparisons by order: the share of seeds won, signed ranks over data sets."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import (
    Estimate,
    as_floats,
    as_pair,
    check_confidence,
    keep_to_test,
)
from ablations.stats.proportions import binomial_p_value, clopper_pearson

MAX_EXACT_RANKS = 300


def win_share(
    treatment: ArrayLike,
    control: ArrayLike,
    *,
    ties: str = "split",
    confidence: float = 0.95,
) -> Estimate:
    """Estimate P(treatment > control) over the same seeds, exactly.

    k wins of n pairs with a Clopper-Pearson interval, and the sign test of 1/2 as
    p-value. Ties either count as half a win each ("split": the lower limit rounds the
    count down and the upper up, the p-value towards n / 2), or leave ("exclude": n is
    the number of untied pairs, the estimate is P(win | no tie)). Scores may be
    infinite; two equal infinities tie. Larger counts as won: negate losses. Smallest
    sample: one (untied) pair; with none the interval is infinite and p = 1.

    References:
        Conover (1999), Practical Nonparametric Statistics, sections 3.1 and 3.4.
    """
    if ties not in ("split", "exclude"):
        raise ValueError(
            f"`ties` must be one of ('split', 'exclude'). Received: {ties!r}."
        )
    first, second = as_pair(treatment, control, allow_infinite=True)
    wins = int((first > second).sum())
    tied = int((first == second).sum())
    method = f"share of pairs won, ties {ties}, Clopper-Pearson"
    if ties == "exclude" or tied == 0:
        n = first.size - tied
        estimate = clopper_pearson(wins, n, null=0.5, confidence=confidence)
        return replace(estimate, method=method)
    n = first.size
    fewer, more = wins + tied // 2, wins + tied - tied // 2
    return Estimate(
        (wins + tied / 2) / n,
        clopper_pearson(fewer, n, confidence=confidence).low,
        clopper_pearson(more, n, confidence=confidence).high,
        max(binomial_p_value(k, n, 0.5, "two-sided") for k in (fewer, more)),
        n,
        confidence,
        method,
    )


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


def signed_rank(effects: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Estimate the center of effects over data sets; the data set is the unit.

    The estimate is the median of all Walsh averages (e_i + e_j) / 2, i <= j, and the
    interval two of their order statistics, chosen by the exact distribution of W
    without ties. The p-value is that of `signed_rank_p_value`. Opposite infinities
    average to zero. Smallest sample at 95 %: 6 data sets; below, infinite. If the test
    with its ties keeps zero, the interval is extended to zero.

    References:
        Hollander, Wolfe and Chicken (2014), Nonparametric Statistical Methods,
        sections 3.1-3.3. Demsar (2006), Statistical comparisons of classifiers over
        multiple data sets, section 3.1.3.
    """
    check_confidence(confidence)
    values = as_floats("effects", effects, allow_infinite=True)
    n = values.size
    method = "Walsh averages, Wilcoxon signed rank"
    p_value = signed_rank_p_value(values)
    if n == 0:
        return Estimate(math.nan, -math.inf, math.inf, p_value, 0, confidence, method)
    first, second = np.triu_indices(n)
    with np.errstate(invalid="ignore"):
        averages = (values[first] + values[second]) / 2
    averages[np.isnan(averages)] = 0.0
    averages.sort()
    rank = _rejected_averages(n, confidence)
    low, high = -math.inf, math.inf
    if rank:
        low, high = float(averages[rank - 1]), float(averages[-rank])
        low, high = keep_to_test(low, high, p_value, confidence)
    middle = (averages.size - 1) // 2, averages.size // 2
    estimate = float(averages[list(middle)].mean())
    return Estimate(estimate, low, high, p_value, n, confidence, method)


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


def _rejected_averages(n: int, confidence: float) -> int:
    """Count the Walsh averages that the interval leaves out on each side."""
    # 1 - 0.9 is a little less than a tenth; a rank must not hang on that.
    level = (1 - confidence) * (1 + 1e-9)
    if n <= MAX_EXACT_RANKS:
        chances = _signed_rank_chances(2 * np.arange(1, n + 1))
        return int(np.count_nonzero(2 * np.cumsum(chances[::2]) <= level))
    spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    z = special.ndtri(level / 2)
    return math.floor(n * (n + 1) / 4 - 0.5 + z * spread) + 1
