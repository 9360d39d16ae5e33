"""Split the lines of a CSV file into fields."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ablations.study.table.refusal import unreadable

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
NUM_SNIFFED = 200
"""Number of lines by which the delimiter is chosen."""

_COMMA = re.compile(r"[+-]?[\d.]*\d,\d+")
_POINT = re.compile(r"[+-]?\d*\.\d+")
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")


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


def has_decimal_comma(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Return whether a comma is the decimal point in the numbers of a file.

    That is so if semicolons separate its fields, a field has a comma between digits,
    and none has a point between digits that cannot part thousands.
    """
    fields = [field.strip() for row in rows for field in row]
    has_comma = any(map(_COMMA.fullmatch, fields))
    has_point = any(_POINT.fullmatch(f) and not _GROUPS.fullmatch(f) for f in fields)
    return delimiter == ";" and has_comma and not has_point


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
