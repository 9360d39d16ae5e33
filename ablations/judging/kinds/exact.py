"""Judge a number that was measured, not sampled."""

from __future__ import annotations

import math

import numpy as np

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.outcome import Outcome, UntestedError
from ablations.judging.wording import number
from ablations.protocol.kinds import ExactCheck


def judge(check: ExactCheck, case: Case) -> Outcome:
    """Say whether every entry of a measured array agrees with the expected number.

    An entry that is not finite agrees with nothing; neither does an empty array.

    Raises:
        UntestedError: If the number was not measured.
    """
    numbers = case.evidence.measurement(check.measurement)
    if numbers is None:
        raise UntestedError(f"The measurement {check.measurement} was not made.")
    if check.quantity not in numbers:
        raise UntestedError(f"{check.measurement} gives no {check.quantity}.")
    values = np.ravel(np.asarray(numbers[check.quantity], np.float64))
    with np.errstate(invalid="ignore"):
        gaps = values - check.expected
    wrong = {
        "equal": np.abs(gaps),
        "at_least": np.maximum(-gaps, 0.0),
        "at_most": np.maximum(gaps, 0.0),
    }[check.relation]
    wrong = np.where(np.isfinite(values), wrong, np.inf)
    agrees = len(wrong) > 0 and bool(np.all(wrong <= check.tolerance))
    worst = int(np.argmax(wrong)) if len(wrong) else 0
    measured = float(values[worst]) if len(values) else math.nan
    return Outcome.of(
        check,
        outcome="holds" if agrees else "fails",
        text=_text(check, measured, len(values), agrees),
        estimate=measured,
        low=measured,
        high=measured,
        unit=check.quantity.replace("_", " "),
        n=len(values),
        bound=check.expected,
        direction=check.relation,
        details={"tolerance": check.tolerance}
        | ({"timed": True} if check.timed else {}),
    )


def _text(check: ExactCheck, measured: float, num_values: int, agrees: bool) -> str:
    """Say what was measured; digits that make the difference are shown."""
    shown, expected = number(measured), number(check.expected)
    if not agrees and shown == expected:
        shown, expected = repr(measured), repr(check.expected)
    among = f" (the farthest of {num_values:,})" if num_values > 1 else ""
    relation = {"equal": "", "at_least": "at least ", "at_most": "at most "}
    return (
        f"{check.label}: {shown}{among}, where the statement implies"
        f" {relation[check.relation]}{expected}"
    )


def fewest_seeds(
    check: ExactCheck, confidence: float, words: planning.Decisions
) -> int | None:
    """Return 0: nothing is sampled."""
    return 0


def detectable(check: ExactCheck, n: int, confidence: float) -> planning.Detectable:
    """Return nothing: whatever is measured is known."""
    return None, ""
