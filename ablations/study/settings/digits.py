"""Write numbers with the digits that people read, and never with an `e`."""

from __future__ import annotations

import math
from decimal import Decimal

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST, LARGEST = 1e-9, 1e12
"""What lies outside is written as a power of ten."""


def rounded(value: float, digits: int = 3, *, padded: bool = False) -> str:
    """Write a number with the digits that people read, and without an exponent.

    Args:
        value: The number.
        digits: Digits that count.
        padded: Whether zeros at the end stay, as in a column of scores.

    Examples:
        >>> rounded(3989.4), rounded(0.000412), rounded(128.0), rounded(4e-07)
        ('3,990', '0.000412', '128', '0.0000004')
        >>> rounded(12.0, padded=True)
        '12.0'
    """
    if not value or not math.isfinite(value):
        return f"{value:g}".lstrip("-")
    if not SMALLEST <= abs(value) < LARGEST:
        number, exponent = f"{value:.{digits - 1}e}".split("e")
        power = str(int(exponent)).translate(SUPERSCRIPTS)
        return _with_minus(f"{float(number):g} \N{MULTIPLICATION SIGN} 10{power}")
    short = float(f"{value:.{digits}g}")
    if padded:
        places = digits - 1 - math.floor(math.log10(abs(short)))
        return _with_minus(f"{short:,.{max(places, 0)}f}")
    return exact(short)


def exact(value: float) -> str:
    """Write a short number, such as a tick of an axis or a setting, as it is.

    Examples:
        >>> exact(1200000.0), exact(1e-05), exact(0.30000000000000004)
        ('1,200,000', '0.00001', '0.3')
    """
    if not math.isfinite(value):
        return str(value)
    return _with_minus(f"{Decimal(f'{value:.10g}') + 0:,f}")


def _with_minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text
