"""Rank several arms over the same seeds or data sets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ablations.stats.estimate import as_floats, check_confidence
from ablations.stats.multiple import holm
from ablations.stats.ranks import signed_rank_p_value


@dataclass(frozen=True)
class League:
    """The ranking of M arms.

    Attributes:
        mean_ranks: Mean rank of each arm [M]; 1 is best.
        order: Arms from best to worst mean rank [M].
        p_values: Holm-adjusted p-values of every pair of arms [M, M], symmetric, 1 on
            the diagonal.
        top: Arms that the family of tests does not distinguish from the best one,
            that one included, best first.
        n: Number of blocks (seeds or data sets).
    """

    mean_ranks: np.ndarray
    order: tuple[int, ...]
    p_values: np.ndarray
    top: tuple[int, ...]
    n: int


def league(
    scores: ArrayLike, *, higher_is_better: bool, confidence: float = 0.95
) -> League:
    """Rank arms within each block, and test every pair over the blocks.

    Ties share their average rank. Each of the M (M - 1) / 2 pairs is tested with
    Wilcoxon's signed ranks on its own scores, so that no verdict on a pair depends on
    the other arms in the pool, and Holm's adjustment covers the family. A diverged run
    scores plus or minus infinity and ranks last. Smallest number of blocks that can
    distinguish M arms: 6 for 2 arms, 10 for 6. Without blocks the mean ranks are
    (M + 1) / 2 and all p-values 1.

    Args:
        scores: One row per block, one column per arm [S, M].
        higher_is_better: Whether rank 1 goes to the largest score.
        confidence: One minus the level at which arms are distinguished.

    References:
        Demsar (2006), Statistical comparisons of classifiers over multiple data sets.
        Benavoli, Corani and Mangili (2016), Should we really use post-hoc tests based
        on mean-ranks?
    """
    check_confidence(confidence)
    values = as_floats("scores", scores, ndim=2, allow_infinite=True)
    n, num_arms = values.shape
    if num_arms == 0:
        raise ValueError("`scores` must have at least one arm. Received: none.")
    losses = -values if higher_is_better else values
    mean_ranks = np.full(num_arms, (num_arms + 1) / 2)
    if n:
        mean_ranks = _ranks_within_rows(losses).mean(axis=0)
    order = np.argsort(mean_ranks, kind="stable")
    p_values = np.ones((num_arms, num_arms))
    first, second = np.triu_indices(num_arms, k=1)
    adjusted = holm(
        [
            signed_rank_p_value(_subtract(losses[:, i], losses[:, j]))
            for i, j in zip(first, second, strict=True)
        ]
    )
    p_values[first, second] = p_values[second, first] = adjusted
    best = order[0]
    level = 1 - confidence + 1e-12
    top = tuple(int(arm) for arm in order if arm == best or p_values[best, arm] > level)
    return League(mean_ranks, tuple(int(arm) for arm in order), p_values, top, n)


def critical_distance(
    num_arms: int, num_blocks: int, confidence: float = 0.95
) -> float:
    """Return by how much two mean ranks must differ to be told apart, by Nemenyi.

    CD = q sqrt(M (M + 1) / (6 S)), where q is the quantile of the studentized range of
    M arms over sqrt(2). It covers all pairs at once. Means of ranks over seeds vary
    less than single ranks do, so that with them it errs on the safe side.

    References:
        Demsar (2006), Statistical comparisons of classifiers over multiple data sets,
        section 3.2.2.
    """
    from scipy import stats

    check_confidence(confidence)
    quantile = float(stats.studentized_range.ppf(confidence, num_arms, np.inf))
    variance = num_arms * (num_arms + 1) / (6.0 * num_blocks)
    return quantile / np.sqrt(2.0) * float(np.sqrt(variance))


def _ranks_within_rows(losses: np.ndarray) -> np.ndarray:
    """Rank each row, smallest first, with average ranks for ties [S, M]."""
    smaller = (losses[:, :, None] > losses[:, None, :]).sum(axis=2)
    equal = (losses[:, :, None] == losses[:, None, :]).sum(axis=2)
    return smaller + (equal + 1) / 2


def _subtract(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Subtract; two equal infinities differ by nothing."""
    result = np.zeros_like(first)
    np.subtract(first, second, out=result, where=first != second)
    return result
