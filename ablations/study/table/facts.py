"""What was found in every column of a table, used or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ablations.study.table.columns import Column, Reading
from ablations.study.table.hazards import MIN_CATEGORY_ROWS
from ablations.study.table.note import quote, quote_all
from ablations.study.table.times import CLOCK
from ablations.study.table.written import unit_texts

if TYPE_CHECKING:
    import pandas as pd

NUM_EXAMPLES = 3
MOST_CELLS = 1_000
"""Examples are of the first cells."""

WHY = {
    "unusable": "its cells are no plain values",
    "empty": "it holds no values",
    "constant": "it has one value only",
    "row numbers": "it numbers the rows",
    "identifier": "it names the rows",
    "texts": f"each text is in fewer than {MIN_CATEGORY_ROWS} rows",
    "dropped": "you said so",
    "group": "it says which rows belong together",
    "time": "it says which rows are later",
    "sample_weight": "it says how much each row counts",
}
"""Why a column is no input."""


@dataclass(frozen=True)
class Fact:
    """What was found in a column.

    Attributes:
        name: What it is called.
        role: Whether it is an input, the target, or not used.
        reading: How it was read, None if it was not.
        examples: Its first different cells, as written.
        num_missing: Number of rows without a value.
        remarks: What was done about it, and why it is not used.
    """

    name: str
    role: Literal["input", "target", "not used"]
    reading: Reading | None
    examples: tuple[str, ...]
    num_missing: int
    remarks: tuple[str, ...]


def describe_column(
    name: str,
    role: Literal["input", "target", "not used"],
    cells: pd.Series,
    column: Column | None,
    why: str = "",
) -> Fact:
    """Return what was found in a column.

    Args:
        name: What it is called.
        role: Whether it is an input, the target, or not used.
        cells: The column as the file has it.
        column: The column as read, None if it was not.
        why: Why it is not used: a key of `WHY`, or "" for another role.
    """
    remarks = [f"not used: {WHY[why]}"] if role == "not used" else []
    missing = cells if column is None else column.values
    if column is not None:
        remarks += _repairs(column)
    return Fact(
        name,
        role,
        None if column is None else column.reading,
        first_cells(cells),
        int(missing.isna().sum()),
        tuple(remarks),
    )


def first_cells(cells: pd.Series) -> tuple[str, ...]:
    """Return the first different cells as texts, at most three."""
    known = cells.head(MOST_CELLS).dropna().astype(object)
    different = dict.fromkeys(str(cell).strip() for cell in known)
    return tuple(text for text in different if text)[:NUM_EXAMPLES]


def _repairs(column: Column) -> list[str]:
    """Return what was done to read a column."""
    remarks = []
    levels = column.reading.levels
    if levels:
        remarks.append(f"{' < '.join(levels)} are 0 to {len(levels) - 1}")
    if column.missing:
        said = [f"{quote(text)} {count:,}" for text, count in column.missing.items()]
        remarks.append(f"missing: {', '.join(said[:NUM_EXAMPLES])}")
    if column.num_unreadable:
        shown = quote_all(column.unreadable[:NUM_EXAMPLES])
        what = f"{column.num_unreadable:,} not readable, taken as missing"
        remarks.append(f"{what}: {shown}")
    if column.num_infinite:
        remarks.append(f"{column.num_infinite:,} infinite, taken as missing")
    if column.num_bounds:
        shown = quote_all(column.bounds[:NUM_EXAMPLES])
        remarks.append(f"{column.num_bounds:,} bounds, read as the bound: {shown}")
    if column.zones:
        remarks.append("the local time, without its zone")
    if column.units_differ:
        remarks.append("units differ: write all in one")
    return remarks


def read_as(reading: Reading | None) -> str:
    """Return in a few words how a column was read."""
    if reading is None:
        return ""
    if reading.kind == "boolean":
        return "truth value"
    if reading.kind == "date":
        return "time of day" if reading.date_format == CLOCK else "date"
    if reading.kind == "categorical":
        return "classes"
    if reading.levels:
        return f"order of {len(reading.levels)} levels"
    if reading.style in ("clock", "timer"):
        return "duration"
    if reading.units:
        return f"number in {' or '.join(unit_texts(reading.units))}"
    return "number, decimal comma" if reading.style == "comma" else "number"
