"""Judge one prediction: it holds, it fails, or these data cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ablations.judging.case import Case
from ablations.judging.design import smallest_num_seeds
from ablations.judging.family import judge_family
from ablations.judging.kind import kind_of
from ablations.judging.outcome import Outcome, UntestedError, untested
from ablations.judging.preconditions import no_room, unmet_precondition
from ablations.protocol.claim import role_of
from ablations.protocol.prediction import Prediction


def judge(prediction: Prediction, case: Case) -> Outcome:
    """Return what became of a prediction; what cannot be judged is *untested*.

    A prediction of the claim's family is judged with its family. Otherwise its runs
    must meet the preconditions.
    """
    outcome = _judge(prediction, case)
    factor, value = case.claim.condition_of(prediction) or ("", None)
    role = role_of(case.claim, prediction)
    return replace(outcome, factor=factor, value=value, role=role)


def judge_together(predictions: Sequence[Prediction], case: Case) -> list[Outcome]:
    """Judge predictions by Holm's procedure, so that no word of them is wrong."""
    found = judge_family(
        predictions,
        case,
        lambda member, narrowed: _judge_fairly(
            member, narrowed, case.confidence, len(predictions)
        ),
    )
    return [found[prediction.key] for prediction in predictions]


def _judge(prediction: Prediction, case: Case) -> Outcome:
    family = case.claim.family
    if prediction not in family:
        return _judge_fairly(prediction, case, case.confidence, 1)
    if not case.families:
        together = judge_together(family, case)
        case.families.update({outcome.key: outcome for outcome in together})
    return case.families[prediction.key]


def _judge_fairly(
    prediction: Prediction, case: Case, confidence: float, num_tests: int
) -> Outcome:
    """Judge at the confidence of a case, or say which precondition is not met.

    Args:
        prediction: The prediction.
        case: Its runs.
        confidence: Confidence that the family keeps.
        num_tests: Size of the family.
    """
    outcome: Outcome
    unmet = unmet_precondition(prediction, case)
    if unmet is not None:
        return untested(prediction, unmet)
    cramped = no_room(prediction, case)
    if cramped is not None:
        outcome = untested(prediction, cramped)
        return replace(outcome, details={"no_room": True})
    try:
        outcome = kind_of(prediction).judge(prediction, case)
    except UntestedError as error:
        return untested(prediction, str(error), error.num_seeds)
    if outcome.outcome == "undecided":
        needed = smallest_num_seeds(prediction, confidence, num_tests)
        if needed is None or outcome.n < needed:
            reason = _too_few(outcome.n, needed, num_tests)
            return untested(prediction, reason, needed)
    return outcome


def _too_few(n: int, needed: int | None, num_tests: int) -> str:
    """Say that no runs at all of so many seeds would decide."""
    family = f" in a family of {num_tests}" if num_tests > 1 else ""
    takes = "no number would" if needed is None else f"it takes {needed:,}"
    return f"{n:,} seeds cannot decide{family}, whatever they show; {takes}."
