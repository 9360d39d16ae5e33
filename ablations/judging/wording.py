"""Write numbers so that what is read is what was measured."""

from __future__ import annotations

import math

MOST_DECIMALS = 14
"""Decimals that tell any double below 100 from 100."""


def percent(share: float, bound: float | None = None) -> str:
    """Write a share of runs; 0 % and 100 % appear only where they are exact.

    Where it would read like the bound, which it is not, it gets more decimals.
    """
    return f"{_hundredths(share, bound)} %"


def points(difference: float, bound: float | None = None) -> str:
    """Write a difference of shares in percentage points, with its sign.

    Examples:
        >>> points(-0.021)
        '-2.1'
        >>> points(-0.0204, bound=-0.02)
        '-2.04'
    """
    if not math.isfinite(difference):
        return "unbounded"
    sign = "-" if difference < 0 else "+"
    return sign + _hundredths(abs(difference), None if bound is None else abs(bound))


def signed(value: float, bound: float | None = None) -> str:
    """Write a difference with its sign and four digits, more near the bound."""
    if not math.isfinite(value):
        return "unbounded"
    digits = 4
    if bound not in (None, value):
        while f"{value:+.{digits}g}" == f"{bound:+.{digits}g}":
            digits += 1
    return f"{value + 0.0:+.{digits}g}"


def number(value: float) -> str:
    """Write a number with six digits."""
    return f"{value + 0.0:.6g}"


def _hundredths(share: float, bound: float | None) -> str:
    """Write 100 x share: one decimal, more near 0, near 100 and near the bound."""
    size = 100.0 * share
    if share in (0.0, 1.0):
        return f"{size:.0f}"
    if size < 0.001:
        return f"{size:.1e}"
    others = {100.0} if bound in (None, share) else {100.0, 100.0 * bound}
    decimals = 1 if 1.0 <= size <= 99.0 else 2 if 0.1 <= size <= 99.9 else 3
    while decimals < MOST_DECIMALS and any(
        f"{size:.{decimals}f}" == f"{other:.{decimals}f}" for other in others
    ):
        decimals += 1
    return f"{size:.{decimals}f}"


def share_interval(
    estimate: float, low: float, high: float, bound: float | None = None
) -> str:
    """Write a share with its interval, both told from the bound."""
    shown = (percent(share, bound) for share in (estimate, low, high))
    return "{} [{}, {}]".format(*shown)


def points_interval(
    estimate: float, low: float, high: float, bound: float | None = None
) -> str:
    """Write a difference of shares with its interval, both told from the bound."""
    shown = (points(difference, bound) for difference in (estimate, low, high))
    return "{} points [{}, {}]".format(*shown)


def signed_interval(
    estimate: float, low: float, high: float, bound: float | None = None
) -> str:
    """Write a difference with its interval, both told from the bound."""
    shown = (signed(value, bound) for value in (estimate, low, high))
    return "{} [{}, {}]".format(*shown)


def number_interval(
    estimate: float, low: float, high: float, bound: float | None = None
) -> str:
    """Write a number with its interval, without signs, both told from the bound."""
    shown = (signed(value, bound).removeprefix("+") for value in (estimate, low, high))
    return "{} [{}, {}]".format(*shown)


def numbers_of(
    estimate: float | None, low: float | None, high: float | None, unit: str
) -> str:
    """Write an estimate with its interval in its unit; what is exact has none."""
    if estimate is None:
        return "-"
    low = -math.inf if low is None else low
    high = math.inf if high is None else high
    if low == high:
        return number(estimate)
    write = {
        "share of runs": share_interval,
        "difference in share of runs": points_interval,
    }.get(unit, number_interval)
    return write(estimate, low, high)


def more_seeds(label: str, n: int, needed: int | None, most: int) -> str:
    """Say how many seeds would decide, None for more than `most`."""
    if needed is None:
        would = f"it would take more than {most:,}"
    else:
        would = f"if the numbers stay as they are, about {needed:,} would"
    return f"{label}: {n:,} seeds do not decide; {would}."


def brief(value: float) -> str:
    """Write a number for people: two significant digits, no powers of ten.

    Examples:
        >>> [brief(x) for x in (0.4567, 17.44, 1234.5, 0.00042, -3.0)]
        ['0.46', '17', '1,200', '0.00042', '-3']
    """
    if not math.isfinite(value):
        return "unbounded"
    if value == 0.0:
        return "0"
    digits = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    if digits > 5:
        return "almost 0"
    text = f"{rounded:,.{max(digits, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share_of(share: float, n: int, most: int) -> str:
    """Write a share of n runs: as a count up to `most` runs, else in percent.

    Examples:
        >>> share_of(0.9, 20, 200), share_of(0.94321, 10_000, 200)
        ('18 of 20', '94 %')
    """
    if n <= most and math.isclose(share * n, round(share * n), abs_tol=1e-6):
        return f"{round(share * n)} of {n}"
    percentage = 100.0 * share
    if share not in (0.0, 1.0) and brief(percentage) in ("0", "100"):
        return "nearly none" if share < 0.5 else "nearly all"
    if 99.0 < percentage < 100.0:
        return f"{percentage:.1f} %" if percentage < 99.95 else "nearly all"
    return f"{brief(percentage)} %"
