"""Read the first sheet of an Excel file as rows of cells."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from typing import Any

from ablations.study.table.note import Note, quote_all
from ablations.study.table.refusal import FIELD
from models.config import ConfigError, requirement

SUFFIXES = (".xlsx", ".xlsm")


def read_sheet(content: bytes, source: str) -> tuple[list[list[Any]], list[Note]]:
    """Return the rows of the first sheet that are not empty, and notes.

    Cells are texts, numbers, truth values or times, as Excel keeps them, and "" where
    empty.

    Args:
        content: The file.
        source: Its name, for messages.

    Raises:
        ConfigError: If the package openpyxl is not installed, or it is no such file.
    """
    if importlib.util.find_spec("openpyxl") is None:
        raise ConfigError(
            f"`{FIELD}` is an Excel sheet, which needs the package openpyxl: install it"
            f" (`pip install openpyxl`), or save it as CSV. Received: {source!r}."
        )
    import pandas as pd

    try:
        with pd.ExcelFile(io.BytesIO(content), engine="openpyxl") as book:
            names = list(map(str, book.sheet_names))
            frame = pd.read_excel(book, header=None, dtype=object, na_filter=False)
    except (ValueError, KeyError, OSError, IndexError, zipfile.BadZipFile):
        raise requirement(FIELD, "must be a whole Excel file", source) from None
    rows = [list(row) for row in frame.itertuples(index=False, name=None)]
    notes = []
    if len(names) > 1:
        text = f"Of {len(names)} sheets ({quote_all(names)}) the first is read."
        notes.append(Note("sheets", "warning", text))
    return [row for row in rows if any(cell_text(cell) for cell in row)], notes


def cell_text(cell: Any) -> str:
    """Return a cell as text, "" where it is empty."""
    return "" if cell is None else str(cell).strip()
