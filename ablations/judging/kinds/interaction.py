"""Judge whether one factor changes the effect of another."""

from __future__ import annotations

from functools import partial

import numpy as np

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.contrast import (
    check_learned,
    of_means,
    words_for,
)
from ablations.judging.differences import (
    directed_outcome,
    with_seeds,
)
from ablations.judging.failures import judge_with_failures, worst_of
from ablations.judging.outcome import Outcome
from ablations.judging.seeds import smallest_num_pairs
from ablations.protocol.kinds.interaction import Interaction


def judge(interaction: Interaction, case: Case) -> Outcome:
    """Say on which side of its margin the contrast of four arms lies.

    The mean over seeds of (both - second) - (first - neither), by sign flips.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(interaction.reads())
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
            f" ({shown[0]} without either, {shown[1]} with {interaction.first.name},"
            f" {shown[2]} with {interaction.second.name}, {shown[3]} with both) over"
            f" {found.n:,} seeds, where the statement implies {relation}"
            f" {words.margin(interaction.bound)}"
        ),
        unit=words.unit,
        details={
            "means": means,
            "arms": [arm.name for arm in interaction.arms()],
            "p_bound": found.p_value(interaction.bound),
        },
    )
    return with_seeds(outcome, found, interaction.bound, confidence)


def fewest_seeds(
    interaction: Interaction, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    return smallest_num_pairs(confidence=confidence)


def detectable(
    interaction: Interaction, n: int, confidence: float
) -> planning.Detectable:
    """Return what is distinguished from the bound with a chance of 80 %."""
    return planning.detectable_mean(n, confidence)
