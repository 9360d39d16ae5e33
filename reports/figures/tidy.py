"""Write down the numbers that a figure draws, whatever it draws, as one long table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from reports.tables import csv_cell

HEADER = ("what", "where", "value")


def tidy_csv(data: Any) -> str:
    """Return every number and word of a figure's data as CSV with `HEADER`.

    `what` names the field, as in `panels.0.differences`, and `where` counts along the
    axes of an array, as in `3` or `3,0`; it is empty for single numbers and words.

    Args:
        data: What the `read` of a figure returned: data classes, mappings and
            sequences of arrays, numbers and words.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for what, where, value in _entries(data, ""):
        writer.writerow((csv_cell(what), where, csv_cell(value)))
    return buffer.getvalue()


def _entries(data: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    inside = f"{path}." if path else ""
    if is_dataclass(data):
        for field in fields(data):
            yield from _entries(getattr(data, field.name), f"{inside}{field.name}")
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _entries(value, f"{inside}{_word(name)}")
    elif isinstance(data, np.ndarray):
        for indices, value in np.ndenumerate(data):
            yield path, ",".join(map(str, indices)), _number(value)
    elif isinstance(data, list | tuple):
        if all(isinstance(value, int | float | np.number) for value in data):
            for place, value in enumerate(data):
                yield path, str(place), _number(value)
        else:
            for place, value in enumerate(data):
                yield from _entries(value, f"{inside}{place}")
    elif data is not None:
        yield path, "", _number(data)


def _number(value: Any) -> Any:
    """Return a number with the digits that a figure could show, else the value."""
    if isinstance(value, float | np.floating):
        return float(f"{value:.5g}")
    value = _word(value)
    return value.item() if isinstance(value, np.generic) else value


def _word(value: Any) -> Any:
    """Return the members of a set in one order, whichever it has in this process."""
    if isinstance(value, set | frozenset):
        return " + ".join(sorted(map(str, value)))
    return value
