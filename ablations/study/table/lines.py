"""Split the lines of a CSV file into fields."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ablations.study.table.refusal import unreadable

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
NUM_SNIFFED = 200
"""Number of lines by which the delimiter is chosen."""


def find_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most evenly."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        reader = split(text, delimiter)
        try:
            counts = [
                len(row) for row, _ in zip(reader, range(NUM_SNIFFED), strict=False)
            ]
        except csv.Error:
            continue
        counts = [count for count in counts if count]
        usual = Counter(count for count in counts if count > 1).most_common(1)
        if not usual:
            continue
        number, times = usual[0]
        if (times / len(counts), number) > best_score:
            best, best_score = delimiter, (times / len(counts), number)
    return best


def split(text: str, delimiter: str) -> Any:
    """Return the reader of a CSV; strict, or an open quote would swallow rows."""
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def split_rows(
    text: str, delimiter: str, source: str, first: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of its last line, and the fields, of every row not blank.

    Args:
        text: The rows.
        delimiter: What parts their fields.
        source: The name of the file, for messages.
        first: Number of the first line.
    """
    reader = split(text, delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield first - 1 + reader.line_num, row
    except csv.Error as error:
        line = first - 1 + reader.line_num
        what = f"a CSV file that can be split into fields, line {line}"
        raise unreadable(what, source, error) from None
