"""Read the texts of a column as numbers, truth values, dates or classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ablations.study.table.times import parse_dates, parse_duration
from ablations.study.table.written import number

Kind = Literal["numeric", "categorical", "boolean", "date"]

MISSING_TEXTS = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-", "--", ".", "nat"}
)
"""What is read as missing in every column, whatever its case."""

MISSING_NUMBERS = MISSING_TEXTS | {"none", "missing", "unknown", "#value!", "#div/0!"}
"""What is read as missing in a column of numbers, dates or truth values."""

TRUE_TEXTS = frozenset({"true", "yes", "t", "y", "on"})
FALSE_TEXTS = frozenset({"false", "no", "f", "n", "off"})
SPELLINGS = (frozenset({"yes", "y", "no", "n"}), frozenset({"true", "t", "false", "f"}))
"""Words for yes and no of which more than two may stand in one column."""


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are read.

    Attributes:
        kind: What the column holds.
        style: How numbers are written: "point" 1234.5, "comma" 1234,5 or 1.234,5,
            "thousands" 1,234.5; of durations, "clock" 1:30:00 or "timer" 90:00.
        date_format: How dates are written, as `strptime` has it, "ISO8601", or
            `times.CLOCK` for times of day.
        day_or_month: Whether the other order of day and month would do as well.
        units: What may stand around a number, and what the number is multiplied with.
        levels: Texts that stand for the numbers 0, 1, 2 ..., in this order.
        missing: The texts that are missing; None for the usual ones.
    """

    kind: Kind
    style: Literal["point", "comma", "thousands", "clock", "timer"] = "point"
    date_format: str = ""
    day_or_month: bool = False
    units: tuple[tuple[str, float], ...] = ()
    levels: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None

    def is_missing(self, text: str) -> bool:
        """Return whether a text, without blanks around it, stands for no value."""
        if self.missing is not None:
            return not text or text in self.missing
        usual = MISSING_TEXTS if self.kind == "categorical" else MISSING_NUMBERS
        return text.lower() in usual and text not in self.levels


def parse_texts(texts: list[str], reading: Reading) -> Sequence[Any]:
    """Return the value of every text, None (NaT for dates) where it says none."""
    if reading.kind == "categorical":
        return texts
    if reading.kind == "boolean":
        return [truth(text) for text in texts]
    if reading.kind == "date":
        return parse_dates(texts, reading.date_format)
    if reading.levels:
        ranks = {level: float(rank) for rank, level in enumerate(reading.levels)}
        return [ranks.get(text) for text in texts]
    if reading.style == "clock" or reading.style == "timer":
        return [parse_duration(text, reading.style) for text in texts]
    return [number(text, reading.style, reading.units) for text in texts]


def truth(text: str) -> float | None:
    """Return 1 for a text that says yes, 0 for one that says no, None for others."""
    if text.lower() in TRUE_TEXTS:
        return 1.0
    return 0.0 if text.lower() in FALSE_TEXTS else None
