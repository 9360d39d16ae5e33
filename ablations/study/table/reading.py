"""Read new rows exactly as a study read its own, and refuse what cannot be matched."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.table.columns import (
    Column,
    Reading,
    UnusableColumn,
    read_column_as,
)
from ablations.study.table.note import quote, quote_all
from ablations.study.table.source import (
    FIELD,
    different_names,
    name_column,
    read_with_notes,
)
from ablations.study.table.texts import truth
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.table.dataset import Dataset

PANDAS_UNNAMED = "Unnamed: "
"""So begin the names that pandas gives to columns that have none."""


def plain_readings(dataset: Dataset) -> dict[str, Any]:
    """Return how a study read its table, of texts, numbers, lists and dicts only.

    It can be written as JSON or as a literal of Python, and is what `read_like` and
    `read_target_like` take in place of the data set.
    """
    return {
        "header": list(dataset.header),
        "columns": {
            name: plain_reading(reading) for name, reading in dataset.readings.items()
        },
        "target": {
            "name": dataset.target_name,
            "classes": list(dataset.classes),
            **plain_reading(dataset.target_reading),
        },
    }


def plain_reading(reading: Reading) -> dict[str, Any]:
    """Return the fields of a reading that are not the usual ones."""
    usual = asdict(Reading(reading.kind))
    given = {"kind": reading.kind}
    return given | {k: v for k, v in asdict(reading).items() if v != usual[k]}


def reading_of(plain: Mapping[str, Any]) -> Reading:
    """Return the reading that `plain_reading` wrote; lists may stand for tuples."""
    return Reading(**{name: _tuples(value) for name, value in plain.items()})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def read_like(
    source: str | os.PathLike[str] | pd.DataFrame, like: Dataset | Mapping[str, Any]
) -> pd.DataFrame:
    """Return the inputs of new rows in canonical form, read as a study read its own.

    Columns are found by the names that the study's file has for them, so their order
    does not matter and others (the target, a column of row numbers) may be there or
    not. Columns that share a name in the study's file are matched in their order.

    Args:
        source: A file of the kinds that a study reads, or a frame; a frame of
            canonical form passes unchanged.
        like: The data set of the study, or its `plain_readings`.

    Returns:
        A frame [N rows] of the columns that the study used, in its order; the values
        as `columns` describes: float64, text or None, datetime64[ms].

    Raises:
        ConfigError: If a column is missing; if a name that one column of the study has
            is that of several here; if a column that the study used has no name and
            there are more or fewer without one here, so that none can be told from
            the others (as when row numbers were written to one file and not to the
            other); or if a cell with a digit in it is not written as numbers, dates or
            truth values of its column were. Other texts in such a column are missing,
            as they were in the study.
    """
    import pandas as pd

    plan = plain_readings(like) if not isinstance(like, Mapping) else like
    frame, header = _table(source)
    places = match_columns(header, plan["header"], list(plan["columns"]))
    return pd.DataFrame(
        {
            name: _read(frame.iloc[:, places[name]], name, reading_of(plain)).values
            for name, plain in plan["columns"].items()
        },
        index=frame.index,
    )


def read_target_like(
    source: str | os.PathLike[str] | pd.DataFrame, like: Dataset | Mapping[str, Any]
) -> np.ndarray:
    """Return the target of rows [N], read as a study read its own.

    Returns:
        Of a classification, the place of each row's class among those of the study, -1
        where it has none or one that the study left out; of a regression, float64,
        NaN where it is missing.

    Raises:
        ConfigError: As `read_like`, for the target.
    """
    plan = plain_readings(like) if not isinstance(like, Mapping) else like
    told = dict(plan["target"])
    name, classes = told.pop("name"), told.pop("classes")
    frame, header = _table(source)
    place = match_columns(header, plan["header"], [name])[name]
    reading = reading_of(told)
    values = _read(frame.iloc[:, place], name, reading).values
    if not classes:
        return values.to_numpy(np.float64)
    keys: Sequence[Any] = classes
    if reading.kind == "boolean":
        keys = [truth(text) for text in classes]
    elif reading.kind == "numeric":
        keys = [float(text) for text in classes]
    codes = values.map({key: code for code, key in enumerate(keys)})
    return codes.fillna(-1).to_numpy(np.int64)


def _table(
    source: str | os.PathLike[str] | pd.DataFrame,
) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows, and the names of their columns as they are written."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source, [name_column(column) for column in source.columns]
    table = read_with_notes(source)
    return table.frame, list(table.header)


def match_columns(
    header: Sequence[str], studied: Sequence[str], wanted: Sequence[str]
) -> dict[str, int]:
    """Return where columns of a study are in another table.

    Args:
        header: Names of the other table's columns as written, "" for none.
        studied: Those of the study's table.
        wanted: Names that the study gave to the columns that are sought.

    Raises:
        ConfigError: If one cannot be found, or not be told from another.
    """
    if list(header) == list(wanted):
        # The names that the study gave: a frame of ours.
        return {name: place for place, name in enumerate(wanted)}
    names = different_names(list(studied))[0]
    here, there = list(map(_as_written, header)), list(map(_as_written, studied))
    places: dict[str, int] = {}
    missing = []
    for name in wanted:
        studied_at = names.index(name)
        raw = there[studied_at]
        found = [place for place, other in enumerate(here) if other == raw]
        if found and len(found) == there.count(raw):
            places[name] = found[there[:studied_at].count(raw)]
        elif raw and found:
            must = (
                f"must have {there.count(raw)} called {quote(raw)}, as the study's"
                f" had, not {len(found)}"
            )
            raise requirement(FIELD, must, list(header))
        else:
            missing.append(name)
    if missing:
        must = f"must have the columns {quote_all(missing)}"
        if not all(there[names.index(name)] for name in missing):
            must += (
                "; those without a name can only be matched where as many columns as"
                " in the study's table have none"
            )
        raise requirement(FIELD, must, list(header))
    return places


def _as_written(name: str) -> str:
    """Return a name as a file has it; pandas calls a column that has none otherwise."""
    return "" if name.startswith(PANDAS_UNNAMED) else name


def _read(column: pd.Series, name: str, reading: Reading) -> Column:
    """Read a column of new rows, and refuse numbers written in an unknown way."""
    try:
        read = read_column_as(column, reading)
    except UnusableColumn as error:
        must = f"must have plain values in the column {quote(name)}, not {error}"
        raise requirement(FIELD, must, str(error)) from None
    strange = [text for text in read.unreadable if any(map(str.isdecimal, text))]
    if strange:
        what = {"numeric": "numbers", "date": "dates", "boolean": "truth values"}
        must = (
            f"must have {what[reading.kind]} in the column {quote(name)} that are"
            " written as in the study's table"
        )
        raise requirement(FIELD, must, strange[0])
    return read
