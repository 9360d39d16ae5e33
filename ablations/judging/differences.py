"""Write the outcomes of predictions on differences of arms, paired by seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ablations.judging.contrast import Contrast, Words, decided_by
from ablations.judging.outcome import Outcome
from ablations.protocol.kinds.trend import Trend
from ablations.protocol.prediction import Directed


def directed_outcome(
    prediction: Directed | Trend,
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
    return Outcome.of(
        prediction,
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


def difference_in_words(
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
