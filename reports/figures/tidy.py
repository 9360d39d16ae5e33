"""Write down the numbers that a figure draws, whatever it draws, as one table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from reports.tables import csv_cell

HEADER = ("what", "where")
DIGITS = 3
"""Digits of a measured number; a figure that is 340 pixels wide shows no more."""

WHOLE = 1e6
"""Whole numbers below this keep all their digits: they count, or are settings."""


def tidy_csv(data: Any) -> str:
    """Return every number and word of a figure's data as CSV.

    `what` names the field, as in `panels.0.differences`. The last axis of an array runs
    across the columns `0`, `1` and so on; `where` counts along its other axes, as in
    `3` or `3,0`. Single numbers and words stand in the column `0`.

    Args:
        data: What the `read` of a figure returned: data classes, mappings and
            sequences of arrays, numbers and words.
    """
    rows = list(_entries(data, ""))
    width = max((len(values) for _, _, values in rows), default=1)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow((*HEADER, *range(width)))
    for what, where, values in rows:
        writer.writerow((csv_cell(what), where, *map(csv_cell, values)))
    return buffer.getvalue()


def _entries(data: Any, path: str) -> Iterator[tuple[str, str, Sequence[Any]]]:
    inside = f"{path}." if path else ""
    if is_dataclass(data):
        for field in fields(data):
            yield from _entries(getattr(data, field.name), f"{inside}{field.name}")
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _entries(value, f"{inside}{_word(name)}")
    elif isinstance(data, np.ndarray):
        array = np.atleast_1d(data)
        for indices in np.ndindex(array.shape[:-1] if array.size else (0,)):
            values = [_number(value) for value in array[indices]]
            yield path, ",".join(map(str, indices)), values
    elif isinstance(data, list | tuple):
        if not all(isinstance(value, int | float | np.number) for value in data):
            for place, value in enumerate(data):
                yield from _entries(value, f"{inside}{place}")
        elif data:
            yield path, "", [_number(value) for value in data]
    elif data is not None:
        yield path, "", [_number(data)]


def _number(value: Any) -> Any:
    """Return a number with the digits that a figure could show, else the value."""
    if isinstance(value, float | np.floating):
        number = float(value)
        if not (number.is_integer() and abs(number) < WHOLE):
            number = float(f"{number:.{DIGITS}g}")
        return int(number) if number.is_integer() and abs(number) < WHOLE else number
    value = _word(value)
    return value.item() if isinstance(value, np.generic) else value


def _word(value: Any) -> Any:
    """Return the members of a set in one order, whichever it has in this process."""
    if isinstance(value, set | frozenset):
        return " + ".join(sorted(map(str, value)))
    return value
