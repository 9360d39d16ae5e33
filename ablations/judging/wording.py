"""Write numbers so that what is read is what was measured."""

from __future__ import annotations

import math

MOST_DECIMALS = 14
"""Decimals that tell any double below 100 from 100."""


def percent(share: float) -> str:
    """Write a share of runs; 0 % and 100 % appear only where they are exact."""
    return f"{_hundredths(share)} %"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points, with its sign.

    Examples:
        >>> points(-0.021)
        '-2.1'
    """
    if not math.isfinite(difference):
        return "unbounded"
    return f"{'-' if difference < 0 else '+'}{_hundredths(abs(difference))}"


def signed(value: float) -> str:
    """Write a difference with its sign and four digits."""
    return f"{value + 0.0:+.4g}" if math.isfinite(value) else "unbounded"


def number(value: float) -> str:
    """Write a number with six digits."""
    return f"{value + 0.0:.6g}"


def _hundredths(share: float) -> str:
    """Write 100 x share: one decimal, more near 0 and near 100."""
    size = 100.0 * share
    if share in (0.0, 1.0):
        return f"{size:.0f}"
    if size < 0.001:
        return f"{size:.1e}"
    decimals = 1 if 1.0 <= size <= 99.0 else 2 if 0.1 <= size <= 99.9 else 3
    while decimals < MOST_DECIMALS and float(f"{size:.{decimals}f}") == 100.0:
        decimals += 1
    return f"{size:.{decimals}f}"


def share_interval(estimate: float, low: float, high: float) -> str:
    """Write a share with its interval."""
    return f"{percent(estimate)} [{percent(low)}, {percent(high)}]"


def points_interval(estimate: float, low: float, high: float) -> str:
    """Write a difference of shares with its interval."""
    return f"{points(estimate)} points [{points(low)}, {points(high)}]"


def signed_interval(estimate: float, low: float, high: float) -> str:
    """Write a difference with its interval."""
    return f"{signed(estimate)} [{signed(low)}, {signed(high)}]"


def more_seeds(label: str, n: int, needed: int | None, most: int) -> str:
    """Say how many seeds would decide, None for more than `most`."""
    if needed is None:
        would = f"it would take more than {most:,}"
    else:
        would = f"if the numbers stay as they are, about {needed:,} would"
    return f"{label}: {n:,} seeds do not decide; {would}."
