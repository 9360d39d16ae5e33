"""Judge predictions that form a family, so that all of it errs as one would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ablations.judging.case import Case
from ablations.judging.outcome import Outcome
from ablations.protocol.prediction import Prediction
from ablations.stats.multiple import holm, simultaneous_confidence


def judge_family(
    predictions: Sequence[Prediction],
    case: Case,
    judge_one: Callable[[Prediction, Case], Outcome],
) -> dict[str, Outcome]:
    """Judge all predictions of a family by Holm's procedure.

    All M are judged by intervals at the level / M. Where some are decided, the m that
    are left are judged by intervals at the level / m, until none is decided. The
    chance that any word of the family is wrong then is at most the level. A
    prediction that cannot be tested stays in the family and counts as p = 1.

    Args:
        predictions: The family.
        case: Its runs, at the confidence that the family keeps.
        judge_one: Judges one prediction at the confidence of a case.

    Returns:
        The outcomes by key. `confidence` is that of the interval shown, which gave
        the word; `details` hold the family's size and the `p_adjusted` of the word.
    """
    outcomes: dict[str, Outcome] = {}
    waiting = list(predictions)
    while waiting:
        each = simultaneous_confidence(len(waiting), confidence=case.confidence)
        narrowed = replace(case, confidence=each)
        found = [judge_one(prediction, narrowed) for prediction in waiting]
        outcomes |= {outcome.key: outcome for outcome in found}
        left = [
            prediction
            for prediction, outcome in zip(waiting, found, strict=True)
            if outcome.outcome in ("undecided", "untested")
        ]
        if len(left) == len(waiting):
            break
        waiting = left
    p_values = [_p_value(outcomes[p.key]) for p in predictions]
    return {
        prediction.key: _adjusted(outcomes[prediction.key], len(predictions), p)
        for prediction, p in zip(predictions, holm(p_values), strict=True)
    }


def _p_value(outcome: Outcome) -> float:
    """Return the p-value at the bound, 1 for what was not tested."""
    found = outcome.details.get("p_bound")
    return 1.0 if found is None or outcome.outcome == "untested" else float(found)


def _adjusted(outcome: Outcome, size: int, p_adjusted: float) -> Outcome:
    details = {"family_size": size, "p_adjusted": float(p_adjusted)}
    return replace(outcome, details={**outcome.details, **details})
