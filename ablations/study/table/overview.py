"""Show how every column of a table was read, and what became of it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ablations.study.table.dataset import Dataset
from ablations.study.table.facts import Fact, read_as
from ablations.study.table.hazards import MAX_CATEGORIES, MIN_CATEGORY_ROWS
from ablations.study.table.preprocessing import choose_categories
from ablations.terminal import printable

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("column", "read as", "examples", "missing", "remark")
MOST_WIDE = {"column": 20, "read as": 22, "examples": 24}
WIDTH = 80
MOST_SHOWN = 60
"""So many columns are shown on a terminal."""


def columns_table(dataset: Dataset) -> pd.DataFrame:
    """Return how every column of a data set was read, in the order of the file.

    Returns:
        One row per column, also of the target and of those that are not used, with
        `column` (its name), `read as`, `examples` (its first different cells),
        `missing` (rows without a value) and `remark` (what was pooled, taken as
        missing or left out, and why); texts but for `missing`.
    """
    import pandas as pd

    rows = []
    for fact in dataset.facts:
        kind = read_as(fact.reading)
        remarks = list(fact.remarks)
        if fact.role == "target":
            what = f"{len(dataset.classes)} classes" if dataset.classes else kind
            kind = f"target: {what}"
        elif fact.role == "not used":
            kind = "not used"
        elif kind == "classes":
            kind, pooled = _classes(dataset, fact)
            remarks += pooled
        examples = ", ".join(fact.examples)
        rows.append((fact.name, kind, examples, fact.num_missing, "; ".join(remarks)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _classes(dataset: Dataset, fact: Fact) -> tuple[str, list[str]]:
    """Return how many classes a column has, and which of them share an input."""
    values = dataset.frame[fact.name]
    num_different = int(values.nunique())
    own = sum(not name.startswith(" ") for name in choose_categories(values))
    if own == num_different:
        return f"{num_different} classes", []
    why = f"in fewer than {MIN_CATEGORY_ROWS} rows"
    if own == MAX_CATEGORIES:
        why += f" or beyond the {MAX_CATEGORIES} most frequent"
    shared = f"{num_different - own:,} classes share an input, {why}"
    return f"{num_different:,} classes", [shared]


def columns_lines(dataset: Dataset) -> list[str]:
    """Return the table of columns as lines for a terminal 80 characters wide.

    A remark stands below its column.
    """
    table = columns_table(dataset)
    shown = table.head(MOST_SHOWN)
    cells = [
        {name: printable(str(row[name])) for name in COLUMNS}
        for _, row in shown.iterrows()
    ]
    wide = {
        name: min(most, max([len(name), *(len(row[name]) for row in cells)]))
        for name, most in MOST_WIDE.items()
    }

    def line(row: dict[str, str]) -> str:
        parts = [_cut(row[name], wide[name]).ljust(wide[name]) for name in wide]
        missing = "" if row["missing"] == "0" else row["missing"]
        return "  " + "  ".join((*parts, missing)).rstrip()

    lines = ["Columns, as they are read:", line({name: name for name in COLUMNS})]
    for row in cells:
        lines.append(line(row))
        lines += textwrap.wrap(
            row["remark"], WIDTH, initial_indent="    ", subsequent_indent="    "
        )
    more = len(table) - len(shown)
    if more:
        lines.append(f"  and {more:,} more")
    return lines


def warning_lines(dataset: Dataset) -> list[str]:
    """Return what may make results wrong as lines for a terminal 80 characters wide."""
    lines: list[str] = []
    for note in dataset.notes:
        if note.severity == "warning":
            text = f"Warning: {printable(note.text)}"
            lines += textwrap.wrap(text, WIDTH, subsequent_indent="  ")
    return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
