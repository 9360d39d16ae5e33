"""Show in a report how the columns of the data were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ablations.study.table.overview import COLUMNS, columns_table
from reports.cleaning import clean
from reports.numbers import DASH

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset

MOST_ROWS = 60
"""So many columns stand on the page; `columns.csv` has all of them."""


def column_rows(dataset: Dataset) -> list[dict[str, Any]]:
    """Return how each of the first columns was read, as texts of a table."""
    return [
        {
            "name": clean(row["column"]),
            "kind": clean(row["read as"]),
            "examples": clean(row["examples"]) or DASH,
            "missing": f"{row['missing']:,}",
            "remark": clean(row["remark"]) or DASH,
        }
        for row in columns_table(dataset)
        .head(MOST_ROWS)[list(COLUMNS)]
        .to_dict("records")
    ]
