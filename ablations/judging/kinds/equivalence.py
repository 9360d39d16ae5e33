"""Judge whether two arms differ by less than matters."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.contrast import (
    Contrast,
    check_learned,
    contrast,
    words_for,
)
from ablations.judging.differences import (
    difference_in_words,
    with_seeds,
)
from ablations.judging.failures import judge_with_failures, worst_of
from ablations.judging.outcome import Outcome, Word
from ablations.judging.seeds import smallest_num_pairs
from ablations.judging.wording import number
from ablations.protocol.kinds.equivalence import Equivalence


def judge(equivalence: Equivalence, case: Case) -> Outcome:
    """Say whether the paired difference of two arms is smaller than matters.

    For means by two one-sided tests at one minus the confidence: the interval that
    leaves out that much on each side lies inside the margin. For shares by the interval
    at the confidence itself: Newcombe's at 90 % lets up to 9 % of the differences at
    the margin pass for none, that at 95 % fewer than 5 %. It fails where the interval
    at the confidence lies outside.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(equivalence.reads())
    decide = partial(equate, equivalence, case.confidence)
    worst = partial(worst_of, scores, equivalence.score)
    return judge_with_failures(scores, worst, lambda filled: decide(*filled))


def equate(
    equivalence: Equivalence,
    confidence: float,
    treatment: np.ndarray,
    control: np.ndarray,
) -> Outcome:
    """Judge how alike two arms are from their scores `[S]`, paired by position."""
    success, margin = equivalence.score.is_success, equivalence.margin
    check_learned([treatment, control], success)
    found = contrast(treatment, control, success)
    covered = equivalence_confidence(confidence, success)
    low, high = found.interval(covered)
    word = within(low, high, margin)
    if word == "fails":
        # Both sides can refute, so each has half of what the confidence leaves.
        word = within(*found.interval(confidence), margin)
    words = words_for(success, equivalence.score.words)
    told = difference_in_words(
        equivalence, found, (low, high), words, treatment, control
    )
    # The bound that the estimate is nearest to.
    bound = margin if found.estimate >= 0 else -margin
    outcome = Outcome.of(
        equivalence,
        outcome=word,
        text=(
            f"{told},"
            f" where the statement implies less than {words.margin(margin)[1:]} either"
            " way"
        ),
        estimate=found.estimate,
        low=low,
        high=high,
        unit=words.unit,
        n=found.n,
        bound=margin,
        direction="within",
        p=found.p_value(0.0),
        confidence=covered,
        details={
            "treatment_mean": float(treatment.mean()),
            "control_mean": float(control.mean()),
            "p_bound": _p_of_word(found, margin),
        },
    )
    pairs = (treatment, control) if success else None
    return with_seeds(outcome, found, bound, covered, pairs)


def equivalence_confidence(confidence: float, success: bool) -> float:
    """Return the coverage of the interval that must lie inside a margin."""
    return confidence if success else 2 * confidence - 1


def within(low: float, high: float, margin: float) -> Word:
    """Say whether an interval lies inside +-margin; the margin itself is outside."""
    if -margin < low and high < margin:
        return "holds"
    return "fails" if low >= margin or high <= -margin else "undecided"


def _p_of_word(found: Contrast, margin: float) -> float:
    """Return the p-value of the word that the estimate leans to.

    Inside the margin that is the larger of the two one-sided ones, for shares that of
    the interval; outside the two-sided one at the margin that was passed.
    """
    if abs(found.estimate) >= margin:
        return found.p_value(math.copysign(margin, found.estimate))
    if found.flips is None:
        return max(found.p_value(bound) for bound in (margin, -margin))
    flips = found.flips
    return max(flips.p_value(-margin, "greater"), flips.p_value(margin, "less"))


def fewest_seeds(
    equivalence: Equivalence, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    covered = equivalence_confidence(confidence, equivalence.score.is_success)
    if not equivalence.score.is_success:
        return smallest_num_pairs(confidence=covered)

    def decides(n: int) -> bool:
        ends = (found.interval(covered) for found in planning.extremes(n))
        return any(within(*each, equivalence.margin) in words for each in ends)

    return planning.fewest(decides)


def detectable(
    equivalence: Equivalence, n: int, confidence: float
) -> planning.Detectable:
    """Return the spread at which equal arms are found equal with a chance of 80 %."""
    covered = equivalence_confidence(confidence, equivalence.score.is_success)
    spread = equivalence.margin * math.sqrt(n) / planning.distance(covered, True)
    words = "equal arms are found to be so with a chance of 80 % if their paired"
    return spread, f"{words} differences spread by at most {number(spread)}"
