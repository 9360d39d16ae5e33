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
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ablations.study.table import choice
from ablations.study.table.texts import (
    MISSING_TEXTS,
    Kind,
    Reading,
    parse_texts,
)
from ablations.study.table.written import number, split_number

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MISSING_TEXTS",
    "NOTHING_SAID",
    "Column",
    "Kind",
    "Reading",
    "Said",
    "Spoken",
    "UnusableColumn",
    "read_column",
    "read_column_as",
]

LARGEST = float(np.finfo(np.float32).max)
"""Numbers beyond it are not numbers for a network, and become missing."""


Spoken = Literal["numeric", "categorical", "ordered"]


@dataclass(frozen=True)
class Said:
    """What is known of a column beside its cells.

    Attributes:
        kind: What the user calls it, None if nothing.
        levels: Of an ordered one, its texts in their order.
        missing: The texts that are missing; None for the usual ones.
        typed: Whether the table has types for numbers, so that text is no number.
        decimal_comma: Whether a comma that could be either is the decimal point.
    """

    kind: Spoken | None = None
    levels: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None
    typed: bool = False
    decimal_comma: bool = False


NOTHING_SAID = Said()


@dataclass(frozen=True, eq=False)
class Column:
    """A column in canonical form, and what had to be given up for it.

    Attributes:
        reading: How it was read.
        values: The column in canonical form [N].
        unreadable: Different cells that say something else and became missing.
        num_unreadable: Number of cells that became missing so.
        num_infinite: Number of infinite or immense numbers that became missing.
        missing: Texts that stood for no value, and how many rows had each.
        bounds: Different cells that are bounds, read as the bound itself.
        num_bounds: Number of such cells.
        zones: Time zones that were left out, so that the local time stays.
        units_differ: Cells of classes that are numbers in units that differ, one each.
    """

    reading: Reading
    values: pd.Series
    unreadable: tuple[str, ...] = ()
    num_unreadable: int = 0
    num_infinite: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    bounds: tuple[str, ...] = ()
    num_bounds: int = 0
    zones: tuple[str, ...] = ()
    units_differ: tuple[str, ...] = ()


class UnusableColumn(ValueError):
    """A column holds things (lists, mappings, objects) that are no values."""


def read_column(column: pd.Series, said: Said = NOTHING_SAID) -> Column:
    """Find what a column holds and return it in canonical form.

    A column without any value is numeric.

    Raises:
        UnusableColumn: If cells are neither numbers, texts, truth values nor dates.
    """
    return _read(column, None, said)


def read_column_as(column: pd.Series, reading: Reading) -> Column:
    """Return another column (new rows) in canonical form, as one before was read.

    Raises:
        UnusableColumn: If cells are neither numbers, texts, truth values nor dates.
    """
    return _read(column, reading, NOTHING_SAID)


def _read(column: pd.Series, reading: Reading | None, said: Said) -> Column:
    import pandas as pd

    if isinstance(column.dtype, pd.SparseDtype):
        column = column.sparse.to_dense()
    if isinstance(column.dtype, pd.CategoricalDtype):
        if reading is None and said.kind is None:
            return _read_categories(column, said)
        column = column.astype(object)
    typed = _read_typed(column)
    missing_texts = said.missing if reading is None else reading.missing
    if typed is not None and missing_texts and typed.reading.kind == "numeric":
        typed = _without(typed, missing_texts)
    if typed is not None and reading is None and said.kind in (None, "numeric"):
        is_number = said.kind == "numeric" and typed.reading.kind == "boolean"
        kind: Kind = "numeric" if is_number else typed.reading.kind
        return replace(typed, reading=Reading(kind, missing=said.missing))
    if typed is not None and reading is not None:
        found = typed.reading.kind
        if found == reading.kind or {found, reading.kind} == {"numeric", "boolean"}:
            return replace(typed, reading=reading)
    is_text = column.dtype != object and pd.api.types.is_string_dtype(column.dtype)
    said = replace(said, typed=said.typed and is_text)
    cells, missing = _plain_cells(column, reading, said)
    read = _read_cells(cells, column.index, reading, said)
    return replace(read, missing={**missing, **read.missing})


def _read_categories(column: pd.Series, said: Said) -> Column:
    """Read a column of pandas' categories: classes, or levels if they are ordered."""
    import pandas as pd

    values = column.cat.categories
    if pd.api.types.is_bool_dtype(values.dtype) and len(values):
        return _read(column.astype("boolean"), None, said)
    if column.cat.ordered:
        levels = tuple(_text(_plain(cell)) or "" for cell in values)
        said = replace(said, kind="ordered", levels=levels)
    else:
        said = replace(said, kind="categorical")
    return _read(column.astype(object), None, said)


def _read_typed(column: pd.Series) -> Column | None:
    """Read a column whose type says what it holds, None for any other."""
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        local = _to_dates(column.dt.tz_localize(None))
        return Column(Reading("date"), local, zones=(str(dtype.tz),))
    if pd.api.types.is_bool_dtype(dtype):
        values = column.to_numpy(np.float64, na_value=np.nan)
        return Column(Reading("boolean"), pd.Series(values, column.index))
    if pd.api.types.is_numeric_dtype(dtype) and not _is_complex(dtype):
        return _numeric(column.to_numpy(np.float64, na_value=np.nan), column.index)
    if isinstance(dtype, np.dtype) and dtype.kind == "M":
        return Column(Reading("date"), _to_dates(column))
    if isinstance(dtype, np.dtype) and dtype.kind == "m":
        days = column / pd.Timedelta(days=1)
        return _numeric(days.to_numpy(np.float64), column.index)
    return None


def _without(column: Column, texts: tuple[str, ...]) -> Column:
    """Return a column of numbers without those that texts say are missing."""
    said = {text: number(text, "point", ()) for text in texts}
    counts = {text: int((column.values == one).sum()) for text, one in said.items()}
    numbers = [one for one in said.values() if one is not None]
    values = column.values.mask(column.values.isin(numbers))
    missing = {text: count for text, count in counts.items() if count}
    return replace(column, values=values, missing=missing)


def _is_complex(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind == "c"


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


def _plain_cells(
    column: pd.Series, reading: Reading | None, said: Said
) -> tuple[list[Any], dict[str, int]]:
    """Return cells as `_plain` does, and which texts were missing, in how many rows."""
    like = reading or Reading("categorical", levels=said.levels, missing=said.missing)
    table: dict[str, str | None] = {}
    missing: Counter[str] = Counter()
    cells = []
    for raw in column.astype(object):
        if isinstance(raw, str):
            if raw not in table:
                table[raw] = _plain(raw)
            cell = table[raw]
        else:
            cell = _plain(raw)
        if isinstance(cell, str) and like.is_missing(cell):
            missing[cell] += 1
            cell = None
        cells.append(cell)
    return cells, {text: count for text, count in missing.items() if text}


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
        return text
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
    if isinstance(cell, datetime.time):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return cell / datetime.timedelta(days=1)
    if isinstance(cell, pd.Interval):
        return str(cell)
    raise UnusableColumn(type(cell).__name__)


def _start(cell: Any) -> Any:
    return cell.start_time if hasattr(cell, "start_time") else cell


def _naive(cell: datetime.date) -> datetime.datetime:
    """Return a date as the time at which it begins; a time as its clock showed it."""
    if not isinstance(cell, datetime.datetime):
        return datetime.datetime(cell.year, cell.month, cell.day)
    return cell.replace(tzinfo=None)


def _text(cell: Any) -> str | None:
    """Return a plain cell as text; 3.0 is "3"."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell if cell is None or isinstance(cell, str) else str(cell)


def _read_cells(
    cells: list[Any], index: pd.Index, reading: Reading | None, said: Said
) -> Column:
    """Read plain cells by what most of them are."""
    import pandas as pd

    types = {type(cell) for cell in cells} - {type(None)}
    kind = said.kind if reading is None else reading.kind
    levels = said.levels if reading is None else reading.levels
    if types <= {bool, float} and kind in (None, "numeric", "boolean") and not levels:
        floats = [np.nan if cell is None else float(cell) for cell in cells]
        column = _numeric(np.array(floats, np.float64), index)
        is_truth = types == {bool} and kind is None
        found = Reading("boolean" if is_truth else "numeric", missing=said.missing)
        return replace(column, reading=reading or found)
    if types == {datetime.datetime} and kind in (None, "date"):
        dates = pd.Series(cells, index, dtype="datetime64[ms]")
        found = Reading("date", missing=said.missing)
        return Column(reading or found, dates)
    texts = pd.Series([_text(cell) for cell in cells], index, dtype=object)
    codes, different = pd.factorize(texts)
    counts = np.bincount(codes[codes >= 0], minlength=len(different))
    if reading is None:
        reading = _choose(list(different), counts, said)
    return _read_texts(codes, list(different), counts, index, reading)


def _choose(different: list[str], counts: np.ndarray, said: Said) -> Reading:
    """Return how texts are read, by what is said of them or what they are."""
    if said.kind == "categorical":
        return Reading("categorical", missing=said.missing)
    if said.kind == "ordered":
        return Reading("numeric", levels=said.levels, missing=said.missing)
    if said.kind == "numeric":
        return choice.numbers_reading(
            different, counts, said.missing, decimal_comma=said.decimal_comma
        )
    return choice.choose_reading(
        different,
        counts,
        said.missing,
        numbers_are_text=said.typed,
        decimal_comma=said.decimal_comma,
    )


def _read_texts(
    codes: np.ndarray,
    different: list[str],
    counts: np.ndarray,
    index: pd.Index,
    read: Reading,
) -> Column:
    """Read texts, given as the different ones and which of them each row has [N]."""
    import pandas as pd

    parsed = parse_texts(different, read)
    if read.kind == "categorical":
        values = np.array([*different, None], dtype=object)[codes]
        differ = choice.unlike_units(different, counts)
        return Column(read, pd.Series(values, index, dtype=object), units_differ=differ)
    failed = [i for i, value in enumerate(parsed) if value is None or value is pd.NaT]
    missing = {different[i]: int(counts[i]) for i in failed}
    missing = {text: n for text, n in missing.items() if read.is_missing(text)}
    failed = [i for i in failed if different[i] not in missing]
    lost = int(counts[failed].sum())
    repairs: dict[str, Any] = {
        "unreadable": tuple(different[i] for i in failed),
        "num_unreadable": lost,
        "missing": missing,
    }
    if read.kind == "date":
        table = pd.Series([*parsed, pd.NaT], dtype="datetime64[ms]")
        dates = pd.Series(table.to_numpy()[codes], index)
        zones = choice.zones(different)
        return Column(read, dates, zones=zones, **repairs)
    floats = [np.nan if value is None else value for value in parsed]
    column = _numeric(np.array([*floats, np.nan], np.float64)[codes], index)
    bounds = [] if read.levels else [i for i, t in enumerate(different) if _is_bound(t)]
    bounds = [i for i in bounds if parsed[i] is not None]
    return replace(
        column,
        reading=read,
        bounds=tuple(different[i] for i in bounds),
        num_bounds=int(counts[bounds].sum()),
        **repairs,
    )


def _is_bound(text: str) -> bool:
    parts = split_number(text)
    return parts is not None and parts.is_bound
