"""Judge twice where runs failed: as the worst there is, and without them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ablations.judging.case import SMALLEST_NUM_RUNS
from ablations.judging.outcome import Outcome, UntestedError
from ablations.protocol.score import ScoreConfig

Scores = Sequence[np.ndarray]

WORDS = {
    "holds": "it holds",
    "fails": "it fails",
    "undecided": "it is not decided",
    "untested": "too few seeds are left",
}


def worst_of(scores: Scores, config: ScoreConfig) -> float:
    """Return the number that a failed run counts with.

    It is the declared penalty, or the worst score of any run of the arms compared.

    Raises:
        UntestedError: If neither is known.
    """
    if config.failed_value is not None:
        return config.failed_value
    seen = np.concatenate([values[np.isfinite(values)] for values in scores])
    if config.better is None or not len(seen):
        lost = sum(int((~np.isfinite(values)).sum()) for values in scores)
        total = sum(len(values) for values in scores)
        raise UntestedError(f"{lost:,} of {total:,} runs failed and have no score.")
    return float(seen.min() if config.better == "higher" else seen.max())


def judge_with_failures(
    scores: Scores,
    worst: Callable[[], float],
    decide: Callable[[list[np.ndarray]], Outcome],
) -> Outcome:
    """Judge scores `[S]` of which some may be missing, NaN or infinite.

    The numbers are those with failed runs counted as `worst`; where leaving their
    seeds out gives another word, the outcome is undecided. `details` then hold both
    under `sensitivity`.

    Args:
        scores: One array per arm, paired by position `[S]`.
        worst: Gives the number of a failed run; asked only if there is one.
        decide: The judging function, for scores without gaps.

    Raises:
        UntestedError: If the scores tell nothing, or `worst` does not know.
    """
    lost = [~np.isfinite(values) for values in scores]
    num_lost = sum(int(mask.sum()) for mask in lost)
    if not num_lost:
        return decide(list(scores))
    number = worst()
    as_worst = decide(
        [np.where(mask, number, v) for v, mask in zip(scores, lost, strict=True)]
    )
    kept = ~np.any(lost, axis=0)
    without = None
    if kept.sum() >= SMALLEST_NUM_RUNS:
        without = decide([values[kept] for values in scores])
    word = without.outcome if without else "untested"
    sensitivity = {
        "num_failed": num_lost,
        "as_worst": _brief(as_worst),
        "excluded": _brief(without) if without else {"outcome": word},
    }
    details = {**as_worst.details, "sensitivity": sensitivity}
    if word == as_worst.outcome:
        return replace(as_worst, details=details)
    details.pop("seeds_that_decide", None)
    return replace(
        as_worst,
        outcome="undecided",
        reason=(
            f"{as_worst.label}: {num_lost:,} runs failed; counted as worst"
            f" {WORDS[as_worst.outcome]}, without them {WORDS[word]}."
        ),
        details=details,
    )


def _brief(outcome: Outcome) -> dict[str, Any]:
    names = ("outcome", "estimate", "low", "high", "n")
    return {name: getattr(outcome, name) for name in names}
