"""Say before any run what a prediction could show: with how many seeds, how much."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from ablations.judging.case import CONFIDENCE, SMALLEST_NUM_RUNS
from ablations.judging.contrast import Contrast, of_shares
from ablations.judging.kinds.differences import equivalence_confidence, within
from ablations.judging.outcome import Word, side
from ablations.judging.seeds import MOST_SEEDS, smallest_num_pairs
from ablations.judging.wording import number, percent
from ablations.protocol.prediction import (
    Agreement,
    Comparison,
    Equivalence,
    ExactCheck,
    League,
    Prediction,
    SuccessRate,
    Trend,
)
from ablations.stats.multiple import simultaneous_confidence
from ablations.stats.power import power_of_mean, smallest_sufficient
from ablations.stats.proportions import clopper_pearson
from ablations.stats.rate_power import power_of_paired_rates, power_of_rate

POWER = 0.8
"""Chance of a verdict that is asked of a detectable difference."""

EXACT_UP_TO = 100
"""Pairs up to which power is summed exactly; beyond, it is the normal one."""


EITHER: tuple[Word, ...] = ("holds", "fails")


def smallest_num_seeds(
    prediction: Prediction,
    confidence: float = CONFIDENCE,
    num_tests: int = 1,
    words: tuple[Word, ...] = EITHER,
) -> int | None:
    """Return the fewest seeds with which some runs would decide a prediction.

    None if no number would; 0 for an exact check, which has no seeds.

    Args:
        prediction: The prediction.
        confidence: Confidence of the verdict.
        num_tests: Size of the family that the prediction belongs to.
        words: The decisions that count.
    """
    each = simultaneous_confidence(num_tests, confidence=confidence)
    if isinstance(prediction, ExactCheck):
        return 0
    found: int | None
    if isinstance(prediction, SuccessRate | Agreement):
        found = _for_share(prediction, each, words)
    elif isinstance(prediction, League):
        arms = len(prediction.arms)
        found = _ranks(simultaneous_confidence(arms * (arms - 1) // 2, confidence=each))
    elif isinstance(prediction, Equivalence):
        covered = equivalence_confidence(each, prediction.score.is_success)
        found = (
            _for_equal_shares(prediction.margin, covered, words)
            if prediction.score.is_success
            else smallest_num_pairs(confidence=covered)
        )
    elif isinstance(prediction, Comparison | Trend) and _of_successes(prediction):
        found = _for_difference(prediction, each, words)
    else:
        found = smallest_num_pairs(confidence=each)
    return found if found is None else max(found, SMALLEST_NUM_RUNS)


def _of_successes(prediction: Comparison | Trend) -> bool:
    if isinstance(prediction, Trend):
        return all(score.is_success for score in prediction.scores)
    return prediction.score.is_success


def _ranks(confidence: float) -> int:
    """Return the seeds n whose smallest signed-rank p-value, 2 / 2^n, will do."""
    return max(1, math.ceil(1.0 - math.log2((1.0 - confidence) * (1 + 1e-9))))


def _for_share(
    prediction: SuccessRate | Agreement, confidence: float, words: tuple[Word, ...]
) -> int | None:
    upwards = isinstance(prediction, Agreement) or prediction.direction == "at_least"

    def decides(n: int) -> bool:
        ends = (clopper_pearson(k, n, confidence=confidence) for k in (0, n))
        return any(
            side(e.low, e.high, prediction.bound, upwards=upwards) in words
            for e in ends
        )

    return smallest_sufficient(decides, 1, MOST_SEEDS)


def _extremes(n: int) -> list[Contrast]:
    """Return the differences where one arm always succeeds, the other, or both."""
    ones, zeros = np.ones(n), np.zeros(n)
    return [of_shares(*pair) for pair in ((ones, zeros), (zeros, ones), (ones, ones))]


def _for_difference(
    prediction: Comparison | Trend, confidence: float, words: tuple[Word, ...]
) -> int | None:
    bound, upwards = prediction.bound, prediction.upwards

    def decides(n: int) -> bool:
        return any(
            found.word(bound, confidence, upwards=upwards) in words
            for found in _extremes(n)
        )

    return smallest_sufficient(decides, 1, MOST_SEEDS)


def _for_equal_shares(
    margin: float, confidence: float, words: tuple[Word, ...]
) -> int | None:
    def decides(n: int) -> bool:
        ends = (found.interval(confidence) for found in _extremes(n))
        return any(within(*each, margin) in words for each in ends)

    return smallest_sufficient(decides, 1, MOST_SEEDS)


@dataclass(frozen=True)
class Design:
    """Say what a number of seeds can show of one prediction.

    Attributes:
        label: The prediction's label.
        num_seeds: Number of seeds planned.
        smallest: Fewest seeds that could decide, None for none.
        smallest_to_hold: Fewest seeds that could show that it holds.
        detectable: What is told from the bound with a chance of 80 %: a share, a
            difference of shares, or a distance in standard deviations of the paired
            differences. None if nothing is, or where no seeds are drawn.
        text: All this in a sentence.
    """

    label: str
    num_seeds: int
    smallest: int | None
    smallest_to_hold: int | None
    detectable: float | None
    text: str


def design_of(
    prediction: Prediction,
    num_seeds: int,
    confidence: float = CONFIDENCE,
    num_tests: int = 1,
) -> Design:
    """Return what `num_seeds` seeds can show of a prediction.

    Differences of shares are planned for rates about one half, where they spread most.
    """
    each = simultaneous_confidence(num_tests, confidence=confidence)
    smallest = smallest_num_seeds(prediction, confidence, num_tests)
    to_hold = smallest_num_seeds(prediction, confidence, num_tests, ("holds",))
    if isinstance(prediction, ExactCheck):
        text = f"{prediction.label}: measured, not sampled."
        return Design(prediction.label, 0, 0, 0, None, text)
    if smallest is None:
        could = f"no number of seeds up to {MOST_SEEDS:,} could decide"
    elif num_seeds < smallest:
        could = f"{num_seeds:,} seeds cannot decide, it takes {smallest:,}"
    else:
        could = f"{smallest:,} seeds could decide"
        if to_hold is None:
            could += ", none could show that it holds"
        elif to_hold > smallest:
            could += f", {to_hold:,} show that it holds"
    detectable, words = _detectable(prediction, num_seeds, each)
    told = (
        "nothing is told from the bound with a chance of 80 %"
        if detectable is None or smallest is None or num_seeds < smallest
        else words
    )
    if smallest is None or num_seeds < smallest:
        detectable = None
    text = f"{prediction.label}: {could}; with {num_seeds:,}, {told}."
    return Design(prediction.label, num_seeds, smallest, to_hold, detectable, text)


def _detectable(
    prediction: Prediction, n: int, confidence: float
) -> tuple[float | None, str]:
    """Return what is told from the bound with a chance of 80 %, and that in words."""
    if isinstance(prediction, SuccessRate | Agreement):
        up = isinstance(prediction, Agreement) or prediction.direction == "at_least"
        share = _detectable_share(prediction.bound, n, confidence, up)
        if share is None:
            return None, ""
        words = f"a share of {percent(share, prediction.bound)} is told from"
        return share, f"{words} {percent(prediction.bound)} with a chance of 80 %"
    if isinstance(prediction, Equivalence):
        covered = equivalence_confidence(confidence, prediction.score.is_success)
        spread = prediction.margin * math.sqrt(n) / _distance(covered, True)
        words = "equal arms are found to be so with a chance of 80 % if their paired"
        return spread, f"{words} differences spread by at most {number(spread)}"
    if isinstance(prediction, Comparison | Trend) and _of_successes(prediction):
        gap = _detectable_gap(prediction.bound, n, confidence)
        if gap is None:
            return None, ""
        words = f"{100 * gap:.3g} points beyond the bound are told from it"
        return gap, f"{words} with a chance of 80 %"
    if isinstance(prediction, League):
        arms = len(prediction.arms)
        confidence = simultaneous_confidence(
            arms * (arms - 1) // 2, confidence=confidence
        )
    size = _detectable_size(n, confidence)
    if size is None:
        return None, ""
    words = "standard deviations of the paired differences beyond the bound are told"
    return size, f"{number(size)} {words} from it with a chance of 80 %"


def _distance(confidence: float, two_sided: bool = False) -> float:
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


def _detectable_share(
    bound: float, n: int, confidence: float, up: bool
) -> float | None:
    room = 1.0 - bound if up else bound
    sign = 1.0 if up else -1.0

    def reaches(gap: float) -> bool:
        share = min(max(bound + sign * gap, 0.0), 1.0)
        return power_of_rate(share, bound, n, confidence=confidence) >= POWER

    gap = _smallest(reaches, 0.0, room) if room else None
    return None if gap is None else bound + sign * gap


def _detectable_gap(bound: float, n: int, confidence: float) -> float | None:
    room = 1.0 - abs(bound)
    if n > EXACT_UP_TO:
        gap = _distance(confidence) * math.sqrt(0.5 / n)
        return gap if gap <= room else None
    bound = abs(bound)

    def reaches(gap: float) -> bool:
        rates = 0.5 + (bound + gap) / 2, 0.5 - (bound + gap) / 2
        power = power_of_paired_rates(*rates, n, margin=bound, confidence=confidence)
        return power >= POWER

    return _smallest(reaches, 0.0, room)


def _detectable_size(n: int, confidence: float) -> float | None:
    if n > EXACT_UP_TO:
        return _distance(confidence) / math.sqrt(n)
    if smallest_num_pairs(confidence=confidence) is None:
        return None
    return _smallest(
        lambda size: power_of_mean(size, n, confidence=confidence) >= POWER, 0.0, 20.0
    )
