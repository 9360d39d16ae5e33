"""Say how many seeds would decide what these seeds do not.

Shares are scaled up: with m seeds instead of n, each count is m / n of what it is.
"""

from __future__ import annotations

import numpy as np

from ablations.judging.outcome import side
from ablations.protocol.arm import TUNING_SEEDS_START
from ablations.stats import paired
from ablations.stats.estimate import Estimate
from ablations.stats.paired_proportions import rate_difference_of_counts
from ablations.stats.power import smallest_sufficient
from ablations.stats.proportions import clopper_pearson

MOST_SEEDS = TUNING_SEEDS_START
"""Seeds that may judge; larger ones are kept for tuning."""


def seeds_for_share(
    successes: int, n: int, bound: float, confidence: float
) -> int | None:
    """Return how many runs would put the interval of a share beside a bound.

    None if `MOST_SEEDS` would not.
    """

    def decides(m: int) -> bool:
        share = clopper_pearson(round(successes / n * m), m, confidence=confidence)
        return _beside(share, bound)

    return smallest_sufficient(decides, n, MOST_SEEDS)


def seeds_for_difference(
    treatment: np.ndarray, control: np.ndarray, bound: float, confidence: float
) -> int | None:
    """Return how many seeds would put the interval of a difference beside a bound.

    Args:
        treatment: Successes, 0 or 1 `[S]`.
        control: Successes on the same seeds `[S]`.
        bound: The difference treatment - control to be told from.
        confidence: Of the interval.

    Returns:
        A number of seeds, None if `MOST_SEEDS` would not do.
    """
    kinds = 2 * treatment.astype(int) + control.astype(int)
    shares = np.bincount(kinds, minlength=4) / len(kinds)

    def decides(m: int) -> bool:
        ends = np.round(np.cumsum(shares) * m).astype(int)
        scaled = np.diff(ends, prepend=0).tolist()[::-1]
        difference = rate_difference_of_counts(*scaled, confidence=confidence)
        return _beside(difference, bound)

    return smallest_sufficient(decides, len(kinds), MOST_SEEDS)


def smallest_num_pairs(*, confidence: float) -> int | None:
    """Return the pairs that the sign-flip test needs to reject anything.

    None if no number would do, as its smallest p-value is one in 100,001.
    """
    try:
        return paired.smallest_num_pairs(confidence=confidence)
    except ValueError:
        return None


def _beside(estimate: Estimate, bound: float) -> bool:
    upwards = estimate.estimate >= bound
    return side(estimate.low, estimate.high, bound, upwards=upwards) != "undecided"
