"""Write the tables of a study as tidy CSV and Parquet."""

from __future__ import annotations

import csv
import importlib.util
import io
import math
from typing import TYPE_CHECKING, Any

from ablations.study.table.overview import columns_table
from reports.cleaning import clean
from reports.tables import csv_cell

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.findings.result import StudyResult

TABLES = ("runs", "effects", "interactions", "arms", "baselines", "trials", "curves")
"""The frames of a result that are written, each to a file of its name."""


def write_tables(result: StudyResult) -> dict[str, str | bytes]:
    """Return the files of all tables that have rows: CSV, and Parquet of the runs.

    Parquet needs the package pyarrow and is left out without it.
    """
    files: dict[str, str | bytes] = {}
    columns = columns_table(result.dataset)
    if len(columns):
        files["columns.csv"] = to_csv(readable(columns))
    for name in TABLES:
        frame = getattr(result, name)
        if len(frame):
            files[f"{name}.csv"] = to_csv(frame)
    if importlib.util.find_spec("pyarrow") and len(result.runs):
        files["runs.parquet"] = to_parquet(result.runs)
    return files


def to_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV: numbers in full, missing ones empty, formulas as text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([csv_cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell: a number, a truth value in words, or text that can do nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if hasattr(value, "item"):
        value = value.item()
        if isinstance(value, float) and math.isnan(value):
            return ""
    if isinstance(value, int | float):
        return value
    return csv_cell(value if isinstance(value, str) else str(value))


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Return a frame as Parquet; columns of mixed types become text."""
    plain = frame.copy()
    for name in plain.columns:
        if plain[name].dtype == object:
            plain[name] = [
                None if value is None or value != value else str(value)
                for value in plain[name]
            ]
    buffer = io.BytesIO()
    plain.to_parquet(buffer, index=False)
    return buffer.getvalue()


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts hold only what can be shown."""
    shown = frame.copy()
    for name in shown.columns:
        if shown[name].dtype == object or str(shown[name].dtype).startswith("str"):
            shown[name] = shown[name].map(clean)
    return shown
