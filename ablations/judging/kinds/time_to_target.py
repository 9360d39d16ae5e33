"""Judge after how many updates runs reach a target, where some never do."""

from __future__ import annotations

from typing import Any

import numpy as np

from ablations.evidence.scores import first_updates
from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.contrast import of_means, of_ratio
from ablations.judging.differences import with_seeds
from ablations.judging.outcome import Outcome, UntestedError
from ablations.judging.seeds import smallest_num_pairs
from ablations.judging.wording import number, number_interval, signed, signed_interval
from ablations.protocol.kinds import TimeToTarget
from ablations.stats.survival import restricted_times


def judge(prediction: TimeToTarget, case: Case) -> Outcome:
    """Say on which side of its margin the mean number of updates to a target lies.

    Raises:
        UntestedError: If runs are missing, none reaches the target, or the arms were
            recorded at different updates.
    """
    tables = case.tables([prediction.treatment, prediction.control])
    one, other = (np.unique(table.arrays["steps"]) for table in tables)
    budget = prediction.budget
    if not np.array_equal(one[one <= budget], other[other <= budget]):
        raise UntestedError(
            f"{prediction.treatment.name} and {prediction.control.name} were not"
            " recorded at the same updates, so their times cannot be compared."
        )
    treatment, control = (
        first_updates(table, prediction.score, prediction.budget) for table in tables
    )
    return judge_times(prediction, case.confidence, treatment, control)


def judge_times(
    prediction: TimeToTarget,
    confidence: float,
    treatment: np.ndarray,
    control: np.ndarray,
) -> Outcome:
    """Judge times in updates `[S]`, infinite for runs that missed or diverged.

    Raises:
        UntestedError: If no run of either arm reaches the target.
    """
    budget, is_ratio = prediction.budget, prediction.measure == "ratio"
    if not (np.isfinite(treatment).any() or np.isfinite(control).any()):
        raise UntestedError(
            f"No run of either arm reaches the target within {budget:,} updates."
        )
    one, other = (restricted_times(times, budget) for times in (treatment, control))
    if is_ratio:
        # A run that is there before its first update takes one.
        found = of_ratio(np.maximum(one, 1.0), np.maximum(other, 1.0))
    else:
        found = of_means(one - other)
    low, high = found.interval(confidence)
    means = float(one.mean()), float(other.mean())
    write, show = (number_interval, number) if is_ratio else (signed_interval, signed)
    relation = "at least" if prediction.upwards else "at most"
    missed = [int((~np.isfinite(times)).sum()) for times in (treatment, control)]
    outcome = Outcome.of(
        prediction,
        outcome=found.word(prediction.bound, confidence, upwards=prediction.upwards),
        text=(
            f"{prediction.label}:"
            f" {'ratio ' if is_ratio else ''}"
            f"{write(found.estimate, low, high, prediction.bound)}"
            f" ({number(means[0])} against {number(means[1])} updates; {missed[0]:,}"
            f" and {missed[1]:,} runs never get there within {budget:,}) over"
            f" {found.n:,} seeds, where the statement implies {relation}"
            f" {show(prediction.bound)}"
        ),
        estimate=found.estimate,
        low=low,
        high=high,
        unit="ratio of mean updates" if is_ratio else "updates",
        n=found.n,
        bound=prediction.bound,
        direction="at_least" if prediction.upwards else "at_most",
        p=found.p_value(1.0 if is_ratio else 0.0),
        confidence=confidence,
        details={
            "treatment_mean": means[0],
            "control_mean": means[1],
            "budget": budget,
            "treatment_times": counted(treatment),
            "control_times": counted(control),
            "p_bound": found.p_value(prediction.bound),
        },
    )
    return with_seeds(outcome, found, prediction.bound, confidence)


def counted(times: np.ndarray) -> dict[str, Any]:
    """Count runs by the update at which they reach the target.

    Args:
        times: Updates `[S]`, infinite for runs that never do.

    Returns:
        `updates` in order, `runs` that get there at each, and `missed`, which never do.
    """
    updates, runs = np.unique(times[np.isfinite(times)], return_counts=True)
    return {
        "updates": updates.tolist(),
        "runs": runs.tolist(),
        "missed": len(times) - int(runs.sum()),
    }


def fewest_seeds(
    prediction: TimeToTarget, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    return smallest_num_pairs(confidence=confidence)


def detectable(
    prediction: TimeToTarget, n: int, confidence: float
) -> planning.Detectable:
    """Return what is distinguished from the bound with a chance of 80 %."""
    return planning.detectable_mean(n, confidence)
