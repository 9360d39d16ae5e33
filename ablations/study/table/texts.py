"""Find what the texts of a column say: numbers, truth values, dates or classes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["numeric", "categorical", "boolean", "date"]

MISSING_TEXTS = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "--", ".", "nat"}
)
"""What is read as missing in every column, whatever its case."""

MISSING_NUMBERS = MISSING_TEXTS | {"none", "missing", "unknown", "#value!", "#div/0!"}
"""What is read as missing in a column of numbers, dates or truth values."""

TRUE_TEXTS = frozenset({"true", "yes", "t", "y", "on"})
FALSE_TEXTS = frozenset({"false", "no", "f", "n", "off"})

LEAST_SHARE = 0.9
"""A column is read as numbers or dates if at least this share of its values are."""

MAX_CLASS_TEXTS = 20
"""Up to so many different texts, not all of them numbers, are classes ("1", "2+")."""

DATE_FORMATS = (
    "ISO8601",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%B %d, %Y",
)
"""Formats of a date; each but the first also with a time after it."""

TIME_FORMATS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
SWAPPED_FORMATS = {
    "%m/%d/%Y": "%d/%m/%Y",
    "%d/%m/%Y": "%m/%d/%Y",
    "%m/%d/%y": "%d/%m/%y",
    "%d/%m/%y": "%m/%d/%y",
    "%m-%d-%Y": "%d-%m-%Y",
    "%d-%m-%Y": "%m-%d-%Y",
}
NUM_TRIED = 50
"""Number of different texts on which the formats of dates are tried first."""

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d*),\d+([eE][+-]?\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.I)
_DATE = re.compile(r"\d.*[-/. ].*\d")


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are read.

    Attributes:
        kind: What the column holds.
        style: How numbers are written: "point" 1234.5, "comma" 1234,5 or 1.234,5,
            "thousands" 1,234.5.
        date_format: How dates are written, as `strptime` has it or "ISO8601".
        day_or_month: Whether the other order of day and month would do as well.
    """

    kind: Kind
    style: Literal["point", "comma", "thousands"] = "point"
    date_format: str = ""
    day_or_month: bool = False


def choose_reading(different: list[str], counts: np.ndarray) -> Reading:
    """Choose how texts are read: as truth values, numbers, dates or classes.

    Args:
        different: Texts that are not missing, each once.
        counts: Number of rows of each.
    """
    known = [
        i for i, text in enumerate(different) if text.lower() not in MISSING_NUMBERS
    ]
    texts, counts = [different[i] for i in known], counts[known]
    if not texts:
        # Only "none" or "unknown": a class of its own, for what else is missing.
        return Reading("categorical" if different else "numeric")
    if {text.lower() for text in texts} <= TRUE_TEXTS | FALSE_TEXTS:
        truths = {truth(text) for text in texts}
        if len(truths) == len({text.lower() for text in texts}) == 2:
            return Reading("boolean")
    total = counts.sum()
    style, share = _choose_style(texts, counts)
    are_numbers = share == total or len(texts) > MAX_CLASS_TEXTS
    if are_numbers and share >= LEAST_SHARE * total:
        return Reading("numeric", style=style)
    date_format, share = _choose_date_format(texts, counts)
    if date_format and share >= LEAST_SHARE * total:
        other = _other_order(date_format)
        swapped = bool(other) and _share(_dates(texts, other), counts) >= share
        return Reading("date", date_format=date_format, day_or_month=swapped)
    return Reading("categorical")


def parse_texts(texts: list[str], reading: Reading) -> Sequence[Any]:
    """Return the value of every text, None (NaT for dates) where it says none."""
    if reading.kind == "categorical":
        return texts
    if reading.kind == "boolean":
        return [truth(text) for text in texts]
    if reading.kind == "numeric":
        return [_number(text, reading.style) for text in texts]
    return _dates(texts, reading.date_format)


def truth(text: str) -> float | None:
    """Return 1 for a text that says yes, 0 for one that says no, None for others."""
    if text.lower() in TRUE_TEXTS:
        return 1.0
    return 0.0 if text.lower() in FALSE_TEXTS else None


def _number(text: str, style: str) -> float | None:
    """Return the number that a text says, None if it says none."""
    if style == "comma" and _COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif style == "thousands" and _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    return float(text)


def _share(parsed: Sequence[Any], counts: np.ndarray) -> int:
    """Return the number of rows whose text could be read."""
    import pandas as pd

    read = [value is not None and value is not pd.NaT for value in parsed]
    return int(counts[np.array(read, bool)].sum())


def _choose_style(texts: list[str], counts: np.ndarray) -> tuple[Any, int]:
    """Return the style of numbers that reads the most rows, and how many."""
    styles = ["point"]
    if any("," in text for text in texts):
        with_comma = [text for text in texts if "," in text]
        grouped = all(_THOUSANDS.fullmatch(text) for text in with_comma)
        styles += ["thousands", "comma"] if grouped else ["comma", "thousands"]
    shares = [_share([_number(t, style) for t in texts], counts) for style in styles]
    best = int(np.argmax(shares))
    return styles[best], shares[best]


def _choose_date_format(texts: list[str], counts: np.ndarray) -> tuple[str, int]:
    """Return the format of dates that reads the most rows, and how many."""
    sample = np.linspace(0, len(texts) - 1, min(len(texts), NUM_TRIED)).astype(int)
    tried = [texts[i] for i in sample]
    like_dates = sum(bool(_DATE.search(text)) for text in tried)
    if like_dates < LEAST_SHARE * len(tried):
        return "", 0
    best, most = "", 0
    for day in DATE_FORMATS:
        for time in TIME_FORMATS if day != "ISO8601" else ("",):
            if _share(_dates(tried, day + time), counts[sample]) == 0:
                continue
            share = _share(_dates(texts, day + time), counts)
            if share > most:
                best, most = day + time, share
    return best, most


def _other_order(date_format: str) -> str:
    for day, other in SWAPPED_FORMATS.items():
        if date_format.startswith(day):
            return other + date_format.removeprefix(day)
    return ""


def _dates(texts: list[str], date_format: str) -> Sequence[Any]:
    """Return a time for every text, NaT where it is written otherwise."""
    import pandas as pd

    times = pd.to_datetime(
        pd.Series(texts, dtype=object), format=date_format, errors="coerce", utc=True
    )
    return list(times.dt.tz_convert(None))
