"""Find what a column holds (numbers, classes, truth values, dates) and read it so.

A column as a file has it becomes one of four canonical forms, by the kind of the
column: `numeric` and `boolean` float64 (NaN where missing, truth values 0 and 1),
`categorical` text (None where missing), `date` datetime64[ms] (NaT where missing).
"""

from __future__ import annotations

import datetime
import decimal
import math
import numbers
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.table.texts import (
    MISSING_NUMBERS,
    MISSING_TEXTS,
    Kind,
    Reading,
    choose_reading,
    parse_texts,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MISSING_TEXTS",
    "Column",
    "Kind",
    "Reading",
    "UnusableColumn",
    "read_column",
    "read_column_as",
]

LARGEST = float(np.finfo(np.float32).max)
"""Numbers beyond it are not numbers for a network, and become missing."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column in canonical form, and what had to be given up for it.

    Attributes:
        reading: How it was read.
        values: The column in canonical form [N].
        unreadable: Different cells that say something else and became missing.
        num_unreadable: Number of cells that became missing so.
        num_infinite: Number of infinite or immense numbers that became missing.
    """

    reading: Reading
    values: pd.Series
    unreadable: tuple[str, ...] = ()
    num_unreadable: int = 0
    num_infinite: int = 0


class UnusableColumn(ValueError):
    """A column holds things (lists, mappings, objects) that are no values."""


def read_column(column: pd.Series) -> Column:
    """Find what a column holds and return it in canonical form.

    A column without any value is numeric.

    Raises:
        UnusableColumn: If cells are neither numbers, texts, truth values nor dates.
    """
    return _read(column, None)


def read_column_as(column: pd.Series, reading: Reading) -> Column:
    """Return another column (new rows) in canonical form, as one before was read.

    Raises:
        UnusableColumn: If cells are neither numbers, texts, truth values nor dates.
    """
    return _read(column, reading)


def _read(column: pd.Series, reading: Reading | None) -> Column:
    typed = _read_typed(column)
    if typed is not None:
        found = typed.reading.kind
        if reading is None or found == reading.kind:
            return replace(typed, reading=reading or typed.reading)
        if {found, reading.kind} == {"numeric", "boolean"}:
            return replace(typed, reading=reading)
    cells = [_plain(cell) for cell in column.astype(object)]
    return _read_cells(cells, column.index, reading)


def _read_typed(column: pd.Series) -> Column | None:
    """Read a column whose type says what it holds, None for any other."""
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, pd.SparseDtype):
        return _read_typed(column.sparse.to_dense())
    if isinstance(dtype, pd.BooleanDtype):
        values = pd.Series(column.to_numpy(np.float64, na_value=np.nan), column.index)
        return Column(Reading("boolean"), values)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return Column(Reading("date"), _to_dates(column.dt.tz_convert(None)))
    if not isinstance(dtype, np.dtype):
        return None
    if dtype.kind == "M":
        return Column(Reading("date"), _to_dates(column))
    if dtype.kind == "m":
        days = column / pd.Timedelta(days=1)
        return _numeric(days.to_numpy(np.float64), column.index)
    if dtype.kind == "b":
        values = pd.Series(column.to_numpy(np.float64), column.index)
        return Column(Reading("boolean"), values)
    if dtype.kind in "iuf":
        return _numeric(column.to_numpy(np.float64), column.index)
    return None


def _to_dates(column: pd.Series) -> pd.Series:
    return column.astype("datetime64[ms]")


def _numeric(values: np.ndarray, index: pd.Index) -> Column:
    import pandas as pd

    immense = np.abs(values) > LARGEST
    return Column(
        Reading("numeric"),
        pd.Series(np.where(immense, np.nan, values), index),
        num_infinite=int(immense.sum()),
    )


def _plain(cell: Any) -> Any:
    """Return a cell as None, bool, float, text or datetime.

    Raises:
        UnusableColumn: If it is none of these.
    """
    import pandas as pd

    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", errors="replace")
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isascii():
            # Half of a surrogate pair cannot be written to any file.
            text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        return None if text.lower() in MISSING_TEXTS else text
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, decimal.Decimal) and cell.is_nan():
        return None
    if isinstance(cell, numbers.Real | decimal.Decimal):
        try:
            number = float(cell)
        except OverflowError:
            number = math.inf
        return None if math.isnan(number) else number
    if isinstance(cell, np.datetime64 | pd.Period):
        cell = pd.NaT if pd.isna(cell) else pd.Timestamp(_start(cell))
        return None if cell is pd.NaT else cell.to_pydatetime(warn=False)
    if isinstance(cell, datetime.date):
        return _naive(cell)
    if isinstance(cell, datetime.timedelta):
        return cell / datetime.timedelta(days=1)
    if isinstance(cell, pd.Interval):
        return str(cell)
    raise UnusableColumn(type(cell).__name__)


def _start(cell: Any) -> Any:
    return cell.start_time if hasattr(cell, "start_time") else cell


def _naive(cell: datetime.date) -> datetime.datetime:
    """Return a date as the time at which it begins, in UTC but without a zone."""
    if not isinstance(cell, datetime.datetime):
        return datetime.datetime(cell.year, cell.month, cell.day)
    if cell.tzinfo is not None:
        cell = cell.astimezone(datetime.UTC).replace(tzinfo=None)
    return cell


def _text(cell: Any) -> str | None:
    """Return a plain cell as text; 3.0 is "3"."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell if cell is None or isinstance(cell, str) else str(cell)


def _read_cells(cells: list[Any], index: pd.Index, reading: Reading | None) -> Column:
    """Read plain cells by what most of them are."""
    import pandas as pd

    types = {type(cell) for cell in cells} - {type(None)}
    kind = None if reading is None else reading.kind
    if types <= {bool, float} and kind in (None, "numeric", "boolean"):
        floats = [np.nan if cell is None else float(cell) for cell in cells]
        column = _numeric(np.array(floats, np.float64), index)
        found = Reading("boolean" if types == {bool} else "numeric")
        return replace(column, reading=reading or found)
    if types == {datetime.datetime} and kind in (None, "date"):
        dates = pd.Series(cells, index, dtype="datetime64[ms]")
        return Column(reading or Reading("date"), dates)
    texts = pd.Series([_text(cell) for cell in cells], index, dtype=object)
    codes, different = pd.factorize(texts)
    return _read_texts(codes, list(different), index, reading)


def _read_texts(
    codes: np.ndarray, different: list[str], index: pd.Index, reading: Reading | None
) -> Column:
    """Read texts, given as the different ones and which of them each row has [N]."""
    import pandas as pd

    counts = np.bincount(codes[codes >= 0], minlength=len(different))
    read = reading or choose_reading(different, counts)
    parsed = parse_texts(different, read)
    table = dict(enumerate(parsed))
    cells = [table.get(code) for code in codes]
    failed = [i for i, value in enumerate(parsed) if value is None or value is pd.NaT]
    failed = [i for i in failed if different[i].lower() not in MISSING_NUMBERS]
    unreadable = tuple(different[i] for i in failed)
    lost = int(counts[failed].sum())
    if read.kind == "categorical":
        return Column(read, pd.Series(cells, index, dtype=object))
    if read.kind == "date":
        dates = pd.Series(cells, index, dtype="datetime64[ms]")
        return Column(read, dates, unreadable, lost)
    floats = [np.nan if cell is None else cell for cell in cells]
    column = _numeric(np.array(floats, np.float64), index)
    return Column(read, column.values, unreadable, lost, column.num_infinite)
