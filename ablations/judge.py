"""Judge one prediction: it holds, it fails, or these data cannot tell.

Each kind of prediction has one function in `ablations.judging`, from evidence to an
`Outcome`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.judging.differences import judge_comparison, judge_trend
from ablations.judging.exact import judge_exact
from ablations.judging.outcome import Outcome, UntestedError, Word, untested
from ablations.judging.shares import judge_agreement, judge_success_rate
from ablations.prediction import Prediction

__all__ = ["SMALLEST_NUM_RUNS", "Case", "Outcome", "Word", "judge"]

JUDGES: dict[str, Callable[[Any, Case], Outcome]] = {
    "exact": judge_exact,
    "success_rate": judge_success_rate,
    "agreement": judge_agreement,
    "comparison": judge_comparison,
    "trend": judge_trend,
}
"""How each kind of prediction is judged."""


def judge(prediction: Prediction, case: Case) -> Outcome:
    """Return what became of a prediction; what cannot be judged is *untested*."""
    try:
        return JUDGES[prediction.kind](prediction, case)
    except UntestedError as error:
        return untested(prediction, str(error))
