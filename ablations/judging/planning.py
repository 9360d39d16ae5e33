"""Work out what numbers of seeds could show, for the kinds of predictions to use."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import special

from ablations.judging.contrast import Contrast, of_counts
from ablations.judging.outcome import Word, side
from ablations.judging.seeds import MOST_SEEDS, smallest_num_pairs
from ablations.judging.wording import number, percent
from ablations.stats.power import power_of_mean, smallest_sufficient
from ablations.stats.proportions import clopper_pearson
from ablations.stats.rate_power import power_of_paired_rates, power_of_rate

Decisions = tuple[Word, ...]
"""Words of which one is wanted."""

Detectable = tuple[float | None, str]
"""A size that is found with a chance of 80 %, and the same in words; None for none."""

POWER = 0.8
"""Chance of a verdict that is asked of a detectable difference."""

EXACT_UP_TO = 100
"""Pairs up to which power is summed exactly; beyond, it is the normal one."""


def fewest(decides: Callable[[int], bool]) -> int | None:
    """Return the fewest seeds that can decide, None if `MOST_SEEDS` cannot."""
    return smallest_sufficient(decides, 1, MOST_SEEDS)


def fewest_for_share(
    bound: float, upwards: bool, confidence: float, words: Decisions
) -> int | None:
    """Return the fewest seeds with which a share could give one of these words."""

    def decides(n: int) -> bool:
        ends = (clopper_pearson(k, n, confidence=confidence) for k in (0, n))
        return any(side(e.low, e.high, bound, upwards=upwards) in words for e in ends)

    return fewest(decides)


def extremes(n: int) -> list[Contrast]:
    """Return the differences where one arm always succeeds, the other, or both."""
    return [of_counts(*pairs) for pairs in ((0, n, 0, 0), (0, 0, n, 0), (n, 0, 0, 0))]


def fewest_for_difference(
    bound: float, upwards: bool, confidence: float, words: Decisions
) -> int | None:
    """Return the fewest seeds with which a difference of shares could give a word."""

    def decides(n: int) -> bool:
        return any(
            found.word(bound, confidence, upwards=upwards) in words
            for found in extremes(n)
        )

    return fewest(decides)


def detectable_share(
    bound: float, upwards: bool, n: int, confidence: float
) -> Detectable:
    """Return the share that is distinguished from a bound with a chance of 80 %."""
    share = _share(bound, n, confidence, upwards)
    if share is None:
        return None, ""
    words = f"a share of {percent(share, bound)} is distinguished from"
    return share, f"{words} {percent(bound)} with a chance of 80 %"


def detectable_gap(bound: float, n: int, confidence: float) -> Detectable:
    """Return the difference of shares beyond a bound that is found at 80 %."""
    gap = _gap(bound, n, confidence)
    if gap is None:
        return None, ""
    words = f"{100 * gap:.3g} points beyond the bound are distinguished from it"
    return gap, f"{words} with a chance of 80 %"


def detectable_mean(n: int, confidence: float) -> Detectable:
    """Return the distance from a bound, in standard deviations, found at 80 %."""
    size = _size(n, confidence)
    if size is None:
        return None, ""
    words = "standard deviations of the paired differences beyond the bound are"
    return size, f"{number(size)} {words} distinguished from it with a chance of 80 %"


def distance(confidence: float, two_sided: bool = False) -> float:
    """Return how many standard errors a truth must lie from a bound.

    With `two_sided`, the power is asked on both sides at once, as for equivalence.
    """
    missed = (1.0 - POWER) / (2 if two_sided else 1)
    return float(special.ndtri(0.5 + confidence / 2) - special.ndtri(missed))


def _smallest(
    reaches: Callable[[float], bool], low: float, high: float
) -> float | None:
    """Return the smallest number in (low, high] that reaches, None for none."""
    if not reaches(high):
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _share(bound: float, n: int, confidence: float, up: bool) -> float | None:
    room = 1.0 - bound if up else bound
    sign = 1.0 if up else -1.0

    def reaches(gap: float) -> bool:
        share = min(max(bound + sign * gap, 0.0), 1.0)
        return power_of_rate(share, bound, n, confidence=confidence) >= POWER

    gap = _smallest(reaches, 0.0, room) if room else None
    return None if gap is None else bound + sign * gap


def _gap(bound: float, n: int, confidence: float) -> float | None:
    room = 1.0 - abs(bound)
    if n > EXACT_UP_TO:
        gap = distance(confidence) * math.sqrt(0.5 / n)
        return gap if gap <= room else None
    bound = abs(bound)

    def reaches(gap: float) -> bool:
        rates = 0.5 + (bound + gap) / 2, 0.5 - (bound + gap) / 2
        power = power_of_paired_rates(*rates, n, margin=bound, confidence=confidence)
        return power >= POWER

    return _smallest(reaches, 0.0, room)


def _size(n: int, confidence: float) -> float | None:
    if n > EXACT_UP_TO:
        return distance(confidence) / math.sqrt(n)
    if smallest_num_pairs(confidence=confidence) is None:
        return None
    return _smallest(
        lambda size: power_of_mean(size, n, confidence=confidence) >= POWER, 0.0, 20.0
    )
