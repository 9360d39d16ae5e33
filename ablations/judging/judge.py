"""Judge one prediction: it holds, it fails, or these data cannot tell.

Each kind of prediction has one function in `ablations.judging`, from evidence to an
`Outcome`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.judging.design import smallest_num_seeds
from ablations.judging.family import judge_family
from ablations.judging.kinds.differences import (
    judge_comparison,
    judge_equivalence,
    judge_interaction,
)
from ablations.judging.kinds.exact import judge_exact
from ablations.judging.kinds.league import judge_league
from ablations.judging.kinds.shares import judge_agreement, judge_success_rate
from ablations.judging.kinds.times import judge_time_to_target
from ablations.judging.kinds.trend import judge_trend
from ablations.judging.outcome import Outcome, UntestedError, Word, untested
from ablations.judging.preconditions import unmet_precondition
from ablations.protocol.prediction import Prediction

__all__ = ["SMALLEST_NUM_RUNS", "Case", "Outcome", "Word", "judge"]

JUDGES: dict[str, Callable[[Any, Case], Outcome]] = {
    "exact": judge_exact,
    "success_rate": judge_success_rate,
    "agreement": judge_agreement,
    "comparison": judge_comparison,
    "equivalence": judge_equivalence,
    "time_to_target": judge_time_to_target,
    "interaction": judge_interaction,
    "league": judge_league,
    "trend": judge_trend,
}
"""How each kind of prediction is judged."""


def judge(prediction: Prediction, case: Case) -> Outcome:
    """Return what became of a prediction; what cannot be judged is *untested*.

    A prediction of the claim's family is judged with its family.
    """
    family = [p for p in case.claim.predictions if p.label in case.claim.family]
    if prediction not in family:
        return _judge_alone(prediction, case)
    if not case.families:

        def judge_member(member: Prediction, narrowed: Case) -> Outcome:
            unmet = unmet_precondition(member, narrowed)
            if unmet is not None:
                return untested(member, unmet)
            return _judge_alone(member, narrowed, case.confidence, len(family))

        case.families.update(judge_family(family, case, judge_member))
    return case.families[prediction.label]


def _judge_alone(
    prediction: Prediction,
    case: Case,
    confidence: float | None = None,
    num_tests: int = 1,
) -> Outcome:
    """Judge at the confidence of a case.

    Args:
        prediction: The prediction.
        case: Its runs.
        confidence: Confidence that the family keeps, that of the case if None.
        num_tests: Size of the family.
    """
    try:
        outcome = JUDGES[prediction.kind](prediction, case)
    except UntestedError as error:
        outcome = untested(prediction, str(error), error.num_seeds)
    if outcome.outcome == "undecided":
        needed = smallest_num_seeds(
            prediction, confidence or case.confidence, num_tests
        )
        if needed is None or outcome.n < needed:
            outcome = untested(
                prediction, _too_few(outcome.n, needed, num_tests), needed
            )
    if prediction.at is None:
        return outcome
    factor, value = prediction.at
    return replace(outcome, factor=factor, value=value)


def _too_few(n: int, needed: int | None, num_tests: int) -> str:
    """Say that no runs at all of so many seeds would decide."""
    family = f" in a family of {num_tests}" if num_tests > 1 else ""
    takes = "no number would" if needed is None else f"it takes {needed:,}"
    return f"{n:,} seeds cannot decide{family}, whatever they show; {takes}."
