"""Judge differences between arms, paired by seed: large, small, or of differences."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ablations.judging.case import Case
from ablations.judging.contrast import (
    Contrast,
    Words,
    check_learned,
    contrast,
    decided_by,
    of_means,
    words_for,
)
from ablations.judging.failures import judge_with_failures, worst_of
from ablations.judging.outcome import Outcome, Word
from ablations.judging.seeds import smallest_num_pairs
from ablations.protocol.prediction import (
    Comparison,
    Equivalence,
    Interaction,
    Trend,
    reads,
)


def judge_comparison(comparison: Comparison, case: Case) -> Outcome:
    """Say on which side of its margin the paired difference of two arms lies.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(reads(comparison))
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
    outcome = directed_outcome(
        comparison,
        found,
        (low, high),
        confidence,
        outcome=word,
        text=(
            f"{_numbers(comparison, found, (low, high), words, treatment, control)},"
            f" where the statement implies {relation} {words.margin(comparison.bound)}"
        ),
        unit=words.unit,
        details={
            "treatment_mean": float(treatment.mean()),
            "control_mean": float(control.mean()),
            "smallest_num_pairs": smallest_num_pairs(confidence=confidence),
            "p_bound": found.p_value(comparison.bound),
        },
    )
    pairs = (treatment, control) if success else None
    return with_seeds(outcome, found, comparison.bound, confidence, pairs)


def judge_equivalence(equivalence: Equivalence, case: Case) -> Outcome:
    """Say whether the paired difference of two arms is smaller than matters.

    For means by two one-sided tests at one minus the confidence: the interval that
    leaves out that much on each side lies inside the margin. For shares by the interval
    at the confidence itself: Newcombe's at 90 % lets up to 9 % of the differences at
    the margin pass for none, that at 95 % fewer than 5 %. It fails where the interval
    at the confidence lies outside.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(reads(equivalence))
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
    # The bound that the estimate is nearest to.
    bound = margin if found.estimate >= 0 else -margin
    outcome = Outcome(
        label=equivalence.label,
        kind=equivalence.kind,
        outcome=word,
        text=(
            f"{_numbers(equivalence, found, (low, high), words, treatment, control)},"
            f" where the statement implies less than {words.margin(margin)[1:]} either"
            " way"
        ),
        rule=equivalence.rule(),
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
            "smallest_num_pairs": smallest_num_pairs(confidence=covered),
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


def judge_interaction(interaction: Interaction, case: Case) -> Outcome:
    """Say on which side of its margin the contrast of four arms lies.

    The mean over seeds of (both - second) - (first - neither), by sign flips.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(reads(interaction))
    worst = partial(worst_of, scores, interaction.score)
    decide = partial(interact, interaction, case.confidence)
    return judge_with_failures(scores, worst, lambda filled: decide(*filled))


def interact(
    interaction: Interaction,
    confidence: float,
    neither: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    both: np.ndarray,
) -> Outcome:
    """Judge an interaction from the scores of four arms `[S]`, paired by position."""
    success = interaction.score.is_success
    scores = [neither, first, second, both]
    check_learned(scores, success)
    # The effect of the first factor with the second on, minus that with it off.
    found = of_means((both - second) - (first - neither))
    low, high = found.interval(confidence)
    words = words_for(success, interaction.score.words)
    means = [float(values.mean()) for values in scores]
    shown = [words.mean(mean) for mean in means]
    relation = "at least" if interaction.upwards else "at most"
    outcome = directed_outcome(
        interaction,
        found,
        (low, high),
        confidence,
        outcome=found.word(interaction.bound, confidence, upwards=interaction.upwards),
        text=(
            f"{interaction.label}:"
            f" {words.interval(found.estimate, low, high, interaction.bound)}"
            f" ({shown[0]} without either, {shown[1]} with {interaction.first},"
            f" {shown[2]} with {interaction.second}, {shown[3]} with both) over"
            f" {found.n:,} seeds, where the statement implies {relation}"
            f" {words.margin(interaction.bound)}"
        ),
        unit=words.unit,
        details={
            "means": means,
            "arms": [
                interaction.neither,
                interaction.first,
                interaction.second,
                interaction.both,
            ],
            "smallest_num_pairs": smallest_num_pairs(confidence=confidence),
            "p_bound": found.p_value(interaction.bound),
        },
    )
    return with_seeds(outcome, found, interaction.bound, confidence)


def directed_outcome(
    prediction: Comparison | Interaction | Trend,
    found: Contrast,
    interval: tuple[float, float],
    confidence: float,
    **told: Any,
) -> Outcome:
    """Return the outcome of a prediction that bounds a contrast on one side.

    Args:
        prediction: Says the bound and on which side of it the contrast should lie.
        found: The contrast.
        interval: Its interval at the confidence.
        confidence: Coverage of the interval.
        told: The other fields of the outcome: the word, its text, unit and details.
    """
    low, high = interval
    return Outcome(
        label=prediction.label,
        kind=prediction.kind,
        rule=prediction.rule(),
        estimate=found.estimate,
        low=low,
        high=high,
        n=found.n,
        bound=prediction.bound,
        direction="at_least" if prediction.upwards else "at_most",
        p=found.p_value(0.0),
        confidence=confidence,
        **told,
    )


def with_seeds(
    outcome: Outcome,
    found: Contrast,
    bound: float,
    confidence: float,
    pairs: tuple[np.ndarray, np.ndarray] | None = None,
) -> Outcome:
    """Return an outcome that, where undecided, says how many seeds would decide."""
    if outcome.outcome != "undecided":
        return outcome
    reason, more = decided_by(outcome.label, found, bound, confidence, pairs)
    return replace(outcome, reason=reason, details={**outcome.details, **more})


def _numbers(
    prediction: Any,
    found: Contrast,
    ends: tuple[float, float],
    words: Words,
    treatment: np.ndarray,
    control: np.ndarray,
) -> str:
    """Write a difference with its interval, both means and the number of seeds."""
    bound = prediction.margin if prediction.kind == "equivalence" else prediction.bound
    means = f"{words.mean(treatment.mean())} against {words.mean(control.mean())}"
    return (
        f"{prediction.label}: {words.interval(found.estimate, *ends, bound)} ({means})"
        f" over {found.n:,} seeds"
    )
