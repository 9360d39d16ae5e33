"""Judge the difference of two arms, paired by seed."""

from __future__ import annotations

from functools import partial

import numpy as np

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.contrast import (
    check_learned,
    contrast,
    words_for,
)
from ablations.judging.differences import (
    difference_in_words,
    directed_outcome,
    with_seeds,
)
from ablations.judging.failures import judge_with_failures, worst_of
from ablations.judging.outcome import Outcome
from ablations.judging.seeds import smallest_num_pairs
from ablations.protocol.kinds.comparison import Comparison


def judge(comparison: Comparison, case: Case) -> Outcome:
    """Say on which side of its margin the paired difference of two arms lies.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(comparison.reads())
    decide = partial(compare, comparison, case.confidence)
    worst = partial(worst_of, scores, comparison.score)
    return judge_with_failures(scores, worst, lambda filled: decide(*filled))


def compare(
    comparison: Comparison,
    confidence: float,
    treatment: np.ndarray,
    control: np.ndarray,
) -> Outcome:
    """Judge the difference of two arms from their scores `[S]`, paired by position."""
    success = comparison.score.is_success
    check_learned([treatment, control], success)
    found = contrast(treatment, control, success)
    low, high = found.interval(confidence)
    word = found.word(comparison.bound, confidence, upwards=comparison.upwards)
    words = words_for(success, comparison.score.words)
    relation = "at least" if comparison.upwards else "at most"
    told = difference_in_words(
        comparison, found, (low, high), words, treatment, control
    )
    outcome = directed_outcome(
        comparison,
        found,
        (low, high),
        confidence,
        outcome=word,
        text=(
            f"{told},"
            f" where the statement implies {relation} {words.margin(comparison.bound)}"
        ),
        unit=words.unit,
        details={
            "treatment_mean": float(treatment.mean()),
            "control_mean": float(control.mean()),
            "p_bound": found.p_value(comparison.bound),
        },
    )
    pairs = (treatment, control) if success else None
    return with_seeds(outcome, found, comparison.bound, confidence, pairs)


def fewest_seeds(
    comparison: Comparison, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    if not comparison.score.is_success:
        return smallest_num_pairs(confidence=confidence)
    bound, upwards = comparison.bound, comparison.upwards
    return planning.fewest_for_difference(bound, upwards, confidence, words)


def detectable(
    comparison: Comparison, n: int, confidence: float
) -> planning.Detectable:
    """Return what is distinguished from the bound with a chance of 80 %."""
    if comparison.score.is_success:
        return planning.detectable_gap(comparison.bound, n, confidence)
    return planning.detectable_mean(n, confidence)
