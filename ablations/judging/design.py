"""Say before any run what a prediction could show: with how many seeds, how much."""

from __future__ import annotations

from dataclasses import dataclass

from ablations.judging.case import CONFIDENCE, SMALLEST_NUM_RUNS
from ablations.judging.kind import kind_of
from ablations.judging.planning import Decisions
from ablations.judging.seeds import MOST_SEEDS
from ablations.protocol.prediction import Prediction
from ablations.stats.multiple import simultaneous_confidence

EITHER: Decisions = ("holds", "fails")


def smallest_num_seeds(
    prediction: Prediction,
    confidence: float = CONFIDENCE,
    num_tests: int = 1,
    words: Decisions = EITHER,
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
    found: int | None = kind_of(prediction).fewest_seeds(prediction, each, words)
    return max(found, SMALLEST_NUM_RUNS) if found else found


@dataclass(frozen=True)
class SeedsNeeded:
    """What a number of seeds can show of one prediction.

    Attributes:
        label: The prediction's label.
        num_seeds: Number of seeds planned.
        smallest: Fewest seeds that could decide, None for none.
        smallest_to_hold: Fewest seeds that could show that it holds.
        detectable: What is distinguished from the bound with a chance of 80 %: a
            share, a difference of shares, or a distance in standard
            deviations of the paired differences. None if nothing is, or where no
            seeds are drawn.
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
) -> SeedsNeeded:
    """Return what `num_seeds` seeds can show of a prediction.

    Differences of shares are planned for rates about one half, where they spread most.
    """
    each = simultaneous_confidence(num_tests, confidence=confidence)
    smallest = smallest_num_seeds(prediction, confidence, num_tests)
    to_hold = smallest_num_seeds(prediction, confidence, num_tests, ("holds",))
    if prediction.kind == "exact":
        text = f"{prediction.label}: measured, not sampled."
        return SeedsNeeded(prediction.label, 0, 0, 0, None, text)
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
    detectable, words = kind_of(prediction).detectable(prediction, num_seeds, each)
    told = (
        "nothing is distinguished from the bound with a chance of 80 %"
        if detectable is None or smallest is None or num_seeds < smallest
        else words
    )
    if smallest is None or num_seeds < smallest:
        detectable = None
    text = f"{prediction.label}: {could}; with {num_seeds:,}, {told}."
    return SeedsNeeded(prediction.label, num_seeds, smallest, to_hold, detectable, text)
