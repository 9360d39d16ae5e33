"""Find the line that names the columns, below titles, comments and marks of Excel."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ablations.study.table.note import Note, quote, quote_all

COMMENTS = ("#", "%", "//")
"""So begin lines of comment at the top of a file."""

MOST_ABOVE = 30
"""A title is at most so many lines long."""

_SEPARATOR = re.compile(r'"?sep=(?P<mark>[,;|\t])"?', re.IGNORECASE)
_YEAR = re.compile(r"1[89]\d\d|20\d\d")


class Top(NamedTuple):
    """What stands above a table in its file.

    Attributes:
        lines: The lines of marks and comment, without blank ones.
        length: Number of characters up to the table.
        delimiter: What parts the fields, where a line says so, else "".
    """

    lines: tuple[str, ...]
    length: int
    delimiter: str


def find_top(text: str) -> Top:
    """Return the lines at the top of a file that are no part of its table.

    That are Excel's `sep=;` and lines of comment. A line that begins with a mark of
    comment and no blank after it, as `#name,town`, is one of names if it has as many
    fields as `read_names` finds in the line after it; that is for the caller to see.
    """
    lines: list[str] = []
    place, delimiter = 0, ""
    while place < len(text):
        end = min(
            (found for found in (text.find(e, place) for e in "\r\n") if found >= 0),
            default=len(text),
        )
        line = text[place:end].strip(" \t")
        mark = _SEPARATOR.fullmatch(text[place:end].strip(" "))
        if mark:
            delimiter = mark["mark"]
        elif line and not line.startswith(COMMENTS):
            break
        if line:
            lines.append(line)
        place = end + 1
    return Top(tuple(lines), min(place, len(text)), delimiter)


def is_names(row: Sequence[str]) -> bool:
    """Return whether a line can name columns.

    That are different texts in at least half of its cells, and no number but years.
    """
    cells = [cell.strip() for cell in row[: num_filled(row)]]
    names = [cell for cell in cells if cell]
    differ = len(set(names)) == len(names) and 2 * len(names) >= len(cells)
    return differ and not any(map(_is_number, names))


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return not _YEAR.fullmatch(cell)


def num_filled(row: Sequence[str]) -> int:
    """Return the number of cells up to the last one that is not empty."""
    return max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Return which line names the columns: the first, or the first below a title.

    Lines are a title if they have at most half as many fields as most lines, and the
    first one below them that has as many names the columns.

    Args:
        rows: The first lines that are not blank, parted into fields.
    """
    filled = [num_filled(row) for row in rows]
    counts = Counter(filled)
    usual = max(counts, key=lambda number: (counts[number], number), default=0)
    for place, (row, number) in enumerate(zip(rows, filled, strict=True)):
        if number >= usual and place <= MOST_ABOVE:
            return place if place == 0 or is_names(row) else 0
        if 2 * number > usual:
            break
    return 0


def hint_of_header(rows: Sequence[Sequence[str]]) -> str:
    """Return which line looks like the one of names, as a part of an error, or ""."""
    filled = [num_filled(row) for row in rows]
    usual = Counter(filled).most_common(1)[0][0] if filled else 0
    for row, number in zip(rows[: MOST_ABOVE + 1], filled, strict=False):
        if number == usual and is_names(row):
            shown = quote_all([cell.strip() for cell in row[:4]])
            return f"; the line {shown} looks like the names: delete what is above it"
    return ""


def has_row_names(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether all rows have one field more than there are names.

    So R writes tables: the first field, different in every row, is its name.
    """
    first = [row[0].strip() for row in rows]
    longer = all(len(row) == len(header) + 1 and row[-1].strip() for row in rows)
    return len(rows) > 1 and longer and len(set(first)) == len(first)


def describe_top(lines: Sequence[str], header: Sequence[str]) -> list[Note]:
    """Return a note on lines that were skipped, none where there are none."""
    if not lines:
        return []
    what = f"1 line above the table was skipped ({quote(lines[0])})"
    if len(lines) > 1:
        what = (
            f"{len(lines)} lines above the table were skipped ({quote(lines[0])} ...)"
        )
    names = quote_all([name.strip() for name in header[:4]])
    text = f"{what}; the columns are named {names}."
    return [Note("lines_above", "info", text)]
