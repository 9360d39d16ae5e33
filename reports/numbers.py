"""Write numbers as a reader says them, in the unit of a condition."""

from __future__ import annotations

import math
from collections.abc import Callable

from ablations.judging.answers import MOST_COUNTED
from ablations.judging.outcome import Outcome
from ablations.judging.wording import brief, share_of

SHARE = "share of runs"
DIFFERENCE = "difference in share of runs"
EXACT = "exact"
"""Unit of what was measured exactly."""

DASH = "\N{EN DASH}"
MOST_DIGITS = 17
"""Digits that tell any two doubles apart."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(share: float) -> str:
    """Write a share so that neither 0 % nor 100 % is claimed without being exact."""
    value = 100.0 * share
    if share in (0.0, 1.0):
        return f"{value:.0f} %"
    decimals = 1 if 1.0 <= value <= 99.0 else 2 if 0.1 <= value <= 99.9 else 3
    return f"{value:.{decimals}f} %"


def points(difference: float) -> str:
    """Write a difference between two shares in percentage points."""
    return f"{100.0 * difference:+.1f} points"


def plain(value: float) -> str:
    """Write a number with as many digits as one reads."""
    if abs(value) >= 1e6:
        return f"{value:.3e}"
    if abs(value) >= 1e4 or float(value).is_integer():
        return f"{value + 0.0:,.0f}"
    return f"{value:.4g}"


def decade(value: float) -> str:
    """Write a power of ten for an axis, a small or large one by its exponent."""
    exponent = round(math.log10(value))
    if -3 <= exponent <= 4:
        return f"{value:,.{max(-exponent, 0)}f}"
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def hundredths(value: float) -> str:
    """Write a number to two decimals, zero without a sign."""
    return f"{round(value, 2) + 0.0:.2f}"


def writer(unit: str) -> Callable[[float], str]:
    """Return the function that writes numbers of a unit."""
    return {SHARE: percent, DIFFERENCE: points, EXACT: measured}.get(unit, plain)


def in_unit(value: float | None, unit: str) -> str:
    """Write a number in its unit; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return DASH
    return writer(unit)(value)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Write the ends of an interval, the unit once; an end may be unbounded."""
    if low is None and high is None:
        return DASH
    first, last = (
        "unbounded" if end is None else in_unit(end, unit) for end in (low, high)
    )
    for suffix in (" %", " points"):
        if first.endswith(suffix) and last.endswith(suffix):
            first = first.removesuffix(suffix)
    return f"{first} to {last}"


def coverage(confidence: float) -> str:
    """Write what intervals cover with, never as all."""
    percentage = 100.0 * confidence
    for digits in range(4, 12):
        shown = f"{percentage:.{digits}g}"
        if shown != "100":
            break
    return f"{shown} %"


def limits(bound: float, direction: str, unit: str, *, sign: bool = True) -> str:
    """Write a bound in its unit, the two of an equivalence as one.

    Args:
        bound: The number.
        direction: On which side of it the prediction holds, or `within`.
        unit: What it counts.
        sign: Whether the side is shown.
    """
    shown = in_unit(bound, unit)
    if direction == "within":
        return "±" + shown.removeprefix("+")
    relation = {"at_least": "≥ ", "at_most": "≤ ", "equal": "= "}
    return (relation.get(direction, "") if sign else "") + shown


def measured(value: float, digits: int = 3) -> str:
    """Write a number that was measured exactly: whole ones in full, others briefly.

    Examples:
        >>> [measured(x) for x in (2015.0, 65504.0, 0.99877)]
        ['2015', '65,504', '0.999']
    """
    size = abs(value)
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    if size < 1e9 and value.is_integer():
        return sign + (f"{size:,.0f}" if size >= 1e4 else f"{size:.0f}")
    if 1e-4 <= size < 1e6:
        decimals = max(digits - 1 - math.floor(math.log10(size)), 0)
        text = f"{size:,.{decimals}f}"
        return sign + (text.rstrip("0").rstrip(".") if "." in text else text)
    mantissa, exponent = f"{size:.{digits - 2}e}".split("e")
    power = str(int(exponent)).translate(SUPERSCRIPTS)
    return f"{sign}{mantissa.removesuffix('.0')} \N{MULTIPLICATION SIGN} 10{power}"


def told_from(value: float, bound: float | None) -> str:
    """Write a measured number with enough digits that it does not read like another."""
    digits = 3
    if bound is not None and value != bound:
        while digits < MOST_DIGITS and measured(value, digits) == measured(
            bound, digits
        ):
            digits += 1
    return measured(value, digits)


LOG = "log10 of the "
"""How a unit begins that is a logarithm."""

BASES = {LOG: 10.0, "log2 of the ": 2.0}
"""What is raised to a number whose unit, or label, begins so."""


def brief_estimate(outcome: Outcome) -> str:
    """Write what came out of a condition in a few digits.

    A share is a count of runs or a percentage; a difference of shares or accuracies is
    in percentage points, one of logarithms of errors says how many percent more or
    fewer they are, and other logarithms how many times as much; what was measured
    exactly stands as it is. How an effect of two factors differs has no such words.
    """
    value, unit = outcome.estimate, outcome.unit
    if value is None or not math.isfinite(value):
        return ""
    if outcome.kind == "exact":
        has_failed = outcome.outcome == "fails"
        return told_from(value, outcome.bound if has_failed else None)
    if unit == SHARE:
        return share_of(value, outcome.n, MOST_COUNTED)
    if outcome.kind == "league":
        return brief(value)
    base = _base(outcome)
    if base and outcome.kind == "interaction":
        return ""
    if base and "error" in unit:
        return _signed(100.0 * (base**value - 1.0), " %")
    if base or unit.startswith("ratio"):
        return _times(base**value if base else value)
    if unit.startswith("share") or unit.endswith(SHARE) or "accuracy" in unit:
        return _signed(100.0 * value, " points")
    return _signed(value, "")


def _base(outcome: Outcome) -> float:
    """Return what an outcome is the exponent of, 0 where it is no logarithm."""
    found = (
        base
        for word, base in BASES.items()
        if outcome.unit.startswith(word) or outcome.label.startswith(word)
    )
    return next(found, 0.0)


def _signed(value: float, unit: str) -> str:
    """Write a difference with its sign, briefly; what is almost none has none."""
    size = brief(abs(value))
    if size in ("0", "almost 0"):
        return f"{size}{unit}"
    return ("\N{MINUS SIGN}" if value < 0 else "+") + size + unit


def _times(factor: float) -> str:
    """Write a factor, a very large or small one by its power of ten."""
    size = brief(factor) if 1e-3 <= factor < 1e5 else measured(factor)
    return f"{size} times"
