"""Read numbers as people write them: with currencies, units, signs, groups, bounds.

A written number is a sign, a body of digits and what stands around it, its unit; the
mark of a footnote at its end means nothing. A
column has one unit (or several that can be turned into each other, as g and kg, or K
and M); the number is what is left when it is taken away.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np

Style = Literal["point", "comma", "thousands"]

_SYMBOLS = "$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀﷼"
_CODES = (
    "USD|EUR|GBP|JPY|CHF|INR|CNY|RMB|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR"
    "|KRW|SGD|HKD|TRY|RUB|ILS|THB|PHP|MYR|IDR|VND|AED|SAR"
)
_BEFORE = rf"[A-Z]{{0,3}}[{_SYMBOLS}]|(?:{_CODES})(?![A-Za-z])|Rs\.?|kr\.?|Fr\.?"
_GROUPED = r"[1-9]\d{0,2}(?:[ ']\d{3})+(?:[.,]\d+)?"
_BOUND = (
    "(?i:less than|below|under|at most|up to|more than|above|over|greater than"
    "|at least)"
)
_MARKS = "*†‡§¶"
_WRITTEN = re.compile(
    rf"(?P<bound>[<>≤≥]=?|{_BOUND}\s)?\s?(?:[~≈]|ca\.?\s|approx\.?\s)?\s?(?P<sign>[+-])?\s?"
    rf"(?P<before>{_BEFORE})?\s?(?P<open>\()?(?P<inside>{_BEFORE})?\s?(?P<minus>-)?"
    rf"(?P<body>{_GROUPED}(?!\d)|[.,]?\d[\d.,]*)(?P<exponent>[eE][+-]?\d+)?"
    rf"\s?(?P<after>(?:[^\W\d_]|[%‰°/µ{_SYMBOLS}])[^\d()<>{_MARKS}+-]{{0,24}}\d{{0,3}})?"
    rf"(?P<close>\))?(?P<end>[+-])?\s?[{_MARKS}]{{0,3}}"
)
_CURRENCY = re.compile(f"[A-Z]{{0,3}}[{_SYMBOLS}]")
_PLAIN = re.compile(
    r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}((,\d{3})+|(,\d{2})+,\d{3})(\.\d*)?")
_COMMA = re.compile(r"([1-9]\d{0,2}(\.\d{3})+|\d*),\d+|[1-9]\d{0,2}(\.\d{3})+")
_DIGITS = re.compile(r"\d+\.?\d*|\.\d+")

_CHARACTERS = {
    **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000", " "),
    **dict.fromkeys("\u2018\u2019\u02bc\u00b4\u2032", "'"),
    **{"\u066b": ".", "\u066c": ",", "\uff0c": ",", "\uff0e": ".", "\uff05": "%"},
    **{"\uff04": "$", "\uffe1": "£", "\uffe5": "¥", "\u066a": "%", "\uff0b": "+"},
}

_SAME = {
    **dict.fromkeys(("US$", "USD", "dollar"), "$"),
    **dict.fromkeys(("EUR", "euro"), "€"),
    **dict.fromkeys(("GBP",), "£"),
    **dict.fromkeys(("JPY", "yen"), "¥"),
    **dict.fromkeys(("INR", "Rs", "rupee"), "₹"),
    **dict.fromkeys(("percent", "pct", "per cent"), "%"),
}
"""Other names of a unit."""

MAGNITUDES = {
    **dict.fromkeys(("k", "K", "thousand", "tsd"), 1e3),
    **dict.fromkeys(("lakh", "lac"), 1e5),
    **dict.fromkeys(("M", "MM", "mio", "mn", "mln", "million"), 1e6),
    "crore": 1e7,
    **dict.fromkeys(("B", "bn", "billion", "mrd", "milliard"), 1e9),
    **dict.fromkeys(("tn", "trillion"), 1e12),
}
CONVERTED: dict[str, tuple[str, float]] = {
    **{"mg": ("g", 1e-3), "g": ("g", 1.0), "kg": ("g", 1e3)},
    **{"mm": ("m", 1e-3), "cm": ("m", 1e-2), "m": ("m", 1.0), "km": ("m", 1e3)},
    **{"ml": ("l", 1e-3), "cl": ("l", 1e-2), "l": ("l", 1.0), "L": ("l", 1.0)},
    **{"ms": ("s", 1e-3), "s": ("s", 1.0), "sec": ("s", 1.0), "second": ("s", 1.0)},
    **{"min": ("s", 60.0), "minute": ("s", 60.0), "h": ("s", 3600.0)},
    **{"hr": ("s", 3600.0), "hour": ("s", 3600.0), "day": ("s", 86400.0)},
    **{"kB": ("byte", 1e3), "KB": ("byte", 1e3), "MB": ("byte", 1e6)},
    **{"GB": ("byte", 1e9), "TB": ("byte", 1e12), "byte": ("byte", 1.0)},
    **{"W": ("W", 1.0), "kW": ("W", 1e3), "MW": ("W", 1e6), "GW": ("W", 1e9)},
}
"""Units that can be turned into each other: what they are of, and how much."""

DOUBTFUL: dict[str, tuple[tuple[str, float], ...]] = {
    "m": (("m", 1.0), ("", 1e6)),
    "b": (("b", 1.0), ("", 1e9)),
    "B": (("", 1e9), ("byte", 1.0)),
}
"""Units of two meanings; the other cells of the column decide."""


OTHER_UNITS = frozenset("% ‰ lb oz st ft in yd mi gal t °C °F C F K".split())
"""Units that are known beside those, currencies and magnitudes."""


class Parts(NamedTuple):
    """A written number in parts."""

    sign: int
    body: str
    unit: str
    is_bound: bool
    is_plain: bool


class Numbers(NamedTuple):
    """How a column's numbers are written, and which of its texts are numbers.

    Attributes:
        style: What comma and point mean.
        units: What may stand around a number, and what it is multiplied with.
        read: Which texts are numbers [N].
        plain: Which of them are nothing but a sign, digits and a decimal point or
            comma (or separators of thousands) [N].
        bounds: Which of them are bounds, as "<0.5" [N].
    """

    style: Style
    units: tuple[tuple[str, float], ...]
    read: np.ndarray
    plain: np.ndarray
    bounds: np.ndarray


@lru_cache(maxsize=65_536)
def split_number(text: str) -> Parts | None:
    """Return the parts of a written number, None for any other text."""
    if _PLAIN.fullmatch(text):
        return Parts(-1 if text[0] == "-" else 1, text.lstrip("+-"), "", False, True)
    if not any(map(str.isdecimal, text)):
        return None
    found = _WRITTEN.fullmatch(_usual(text))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [found["sign"], found["minus"], "-" if found["open"] else None]
    end = found["end"]
    negative = sum(sign == "-" for sign in (*signs, end))
    if negative > 1 or (end == "+" and any(signs)):
        return None
    around = [found["before"] or found["inside"], found["after"]]
    if found["before"] and found["inside"]:
        return None
    unit = " ".join(_unit(part) for part in around if part)
    body = re.sub("[ ']", "", found["body"]) + (found["exponent"] or "")
    is_bound = bool(found["bound"]) or end == "+"
    is_plain = found[0] == (found["sign"] or "") + body and not unit and not is_bound
    return Parts(-1 if negative else 1, body, unit, is_bound, is_plain)


def _usual(text: str) -> str:
    """Return a text with the usual minus, blanks, apostrophes and digits."""
    if text.isascii():
        return text
    return "".join(_CHARACTERS.get(one) or _digit(one) for one in text)


def _digit(one: str) -> str:
    value = unicodedata.decimal(one, None)
    return one if value is None else str(value)


def _unit(text: str) -> str:
    """Return a unit by the name that all its spellings share."""
    text = " ".join(text.replace(".", " ").split())
    if text in _SAME or text in CONVERTED or text in MAGNITUDES:
        return _SAME.get(text, text)
    small = text.casefold()
    if small in CONVERTED:
        return small
    if len(text) > 2 and not text.isupper():
        text = small[:-1] if small.endswith("s") else small
    return _SAME.get(text, text)


def _value(body: str, style: Style) -> float | None:
    """Return the number that digits with points and commas are, None if none."""
    if body[0] in "iI":
        return float(body)
    digits, *exponent = re.split("[eE]", body)
    if style == "comma" and _COMMA.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif style == "thousands" and _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _DIGITS.fullmatch(digits):
        return None
    return float(digits + "".join(f"e{power}" for power in exponent))


def number(text: str, style: Style, units: Sequence[tuple[str, float]]) -> float | None:
    """Return the number that a text says, None if it says none in these units.

    A number without a unit is in the one that the column has.
    """
    if style == "point" and not units and _PLAIN.fullmatch(text):
        return float(text)
    parts = split_number(text)
    if parts is None:
        return None
    factor = dict(units).get(parts.unit, None if parts.unit else 1.0)
    value = _value(parts.body, style)
    return None if value is None or factor is None else parts.sign * value * factor


def find_numbers(
    texts: Sequence[str], counts: np.ndarray, *, decimal_comma: bool = False
) -> Numbers:
    """Find how the numbers among texts are written.

    Args:
        texts: Different texts [N].
        counts: Number of rows of each [N].
        decimal_comma: Whether a comma that could be either is the decimal point, and a
            point that could part thousands does.
    """
    has_points = decimal_comma and any("." in text for text in texts)
    if not has_points and all(map(_PLAIN.fullmatch, texts)):
        is_number = np.ones(len(texts), bool)
        return Numbers("point", (), is_number, is_number, ~is_number)
    parts = [split_number(text) for text in texts]
    units = choose_units(parts, counts)
    style = _choose_style(parts, counts, decimal_comma)
    read = np.array([number(text, style, units) is not None for text in texts], bool)
    plain = np.array([bool(one and one.is_plain) for one in parts], bool)
    bounds = np.array([bool(one and one.is_bound) for one in parts], bool)
    return Numbers(style, units, read, read & plain, read & bounds)


def _choose_style(
    parts: Sequence[Parts | None], counts: np.ndarray, decimal_comma: bool
) -> Style:
    """Return what comma and point mean so that most rows can be read."""
    bodies = [part.body if part else "" for part in parts]
    commas = [body for body in bodies if "," in body]
    styles: list[Style] = ["point"]
    if commas:
        grouped = all(_THOUSANDS.fullmatch(body) for body in commas)
        # Two commas in a number part its thousands, whatever else could be.
        grouped &= not decimal_comma or any(body.count(",") > 1 for body in commas)
        styles += ["thousands", "comma"] if grouped else ["comma", "thousands"]
    points = [body for body in bodies if "." in body]
    if points and not commas:
        grouped = decimal_comma and all(map(_COMMA.fullmatch, points))
        if grouped or any(body.count(".") > 1 for body in points):
            styles.insert(0 if grouped else 1, "comma")
    shares = [
        sum(
            int(count)
            for body, count in zip(bodies, counts, strict=True)
            if body and _value(body, style) is not None
        )
        for style in styles
    ]
    return styles[int(np.argmax(shares))]


def choose_units(
    parts: Sequence[Parts | None], counts: np.ndarray
) -> tuple[tuple[str, float], ...]:
    """Return the units of most rows, and what numbers in them are multiplied with.

    Units count together if they can be turned into each other; thousands and millions
    are written out. One unit alone stays as it is.
    """
    rows: Counter[str] = Counter()
    for part, count in zip(parts, counts, strict=True):
        if part is not None:
            rows[part.unit] += int(count)
    named = [unit for unit in rows if unit]
    if not named:
        return ()
    by_base: dict[str, dict[str, float]] = {}
    first: Counter[str] = Counter()
    for unit in named:
        for place, (base, factor) in enumerate(_meanings(unit)):
            by_base.setdefault(base, {})[unit] = factor
            first[base] += 0 if place else rows[unit]
    best = max(by_base, key=lambda b: (sum(rows[u] for u in by_base[b]), first[b]))
    units = by_base[best]
    is_converted = best in dict(CONVERTED.values())
    if is_converted and len(units) == 1:
        return tuple((unit, 1.0) for unit in units)
    if is_converted and rows[""]:
        units[""] = units[max(units, key=lambda unit: rows[unit])]
    return tuple(sorted(units.items()))


def _meanings(unit: str) -> tuple[tuple[str, float], ...]:
    """Return what a unit may be: what it is of, and how much of that."""
    if unit in DOUBTFUL:
        return DOUBTFUL[unit]
    if unit in CONVERTED:
        return (CONVERTED[unit],)
    words = unit.split()
    for place, word in enumerate(words):
        others = words[:place] + words[place + 1 :]
        if others and word in ("m", "b"):
            return ((" ".join(others), MAGNITUDES[word.upper()]),)
        found = _magnitude(word)
        if found is not None:
            factor, rest = found
            return ((" ".join((*others, rest)).strip(), factor),)
    return ((unit, 1.0),)


def _magnitude(word: str) -> tuple[float, str] | None:
    """Return how many a word such as "K", "Mio" or "M€" is, and what follows it."""
    for name in sorted(MAGNITUDES, key=len, reverse=True):
        head, tail = word[: len(name)], word[len(name) :]
        is_same = head == name or (len(name) > 1 and head.casefold() == name)
        if is_same and not tail[:1].isalpha():
            return MAGNITUDES[name], tail
    return None


def is_known_unit(unit: str) -> bool:
    """Return whether a unit is one of those named here, a currency, or none."""
    known = {"", *CONVERTED, *MAGNITUDES, *DOUBTFUL, *OTHER_UNITS, *_CODES.split("|")}
    return all(word in known or _CURRENCY.fullmatch(word) for word in unit.split())


def unit_texts(units: Sequence[tuple[str, float]]) -> list[str]:
    """Return units as words, with what they stand for where that is not 1."""
    return [
        unit if factor == 1 else f"{unit} = {factor:,.12g}" for unit, factor in units
    ]
