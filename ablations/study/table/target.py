"""Read the column to predict: classes or numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ablations.study.table.columns import (
    Reading,
    UnusableColumn,
    read_column,
    read_column_as,
)
from ablations.study.table.hazards import describe_repairs
from ablations.study.table.note import Note, quote, quote_all
from models.config import ConfigError

if TYPE_CHECKING:
    import pandas as pd

MAX_NUMBER_CLASSES = 20
"""Whole numbers with more different values are quantities, not classes."""

MIN_ROWS_PER_VALUE = 3
"""Whole numbers that repeat less often on average are quantities."""

MAX_CLASSES = 100
MAX_SHARE_LEFT_OUT = 0.1
"""Tiny classes are left out if they hold at most this share of the rows."""


@dataclass(frozen=True, eq=False)
class Answer:
    """The target of the rows that have one.

    Attributes:
        rows: Which rows of the file they are, ascending [N].
        values: Class codes (int64) or values (float64) [N].
        task: "classification" or "regression".
        classes: Names of the classes in the order of their codes.
        notes: What was found and repaired.
        reading: How it was read.
    """

    rows: np.ndarray
    values: np.ndarray
    task: Literal["classification", "regression"]
    classes: tuple[str, ...]
    notes: tuple[Note, ...]
    reading: Reading = Reading("categorical")


def read_target(
    column: pd.Series,
    task: Literal["classification", "regression"] | None,
    num_splits: int,
) -> Answer:
    """Return classes or numbers, without the rows where they are missing.

    Texts and truth values are classes, and so are whole numbers (also 0.0 and 1.0)
    with few different values; other numbers are quantities. `task` overrides that.

    Args:
        column: The target as the file has it.
        task: None to find it.
        num_splits: A class needs two rows for each split.

    Raises:
        ConfigError: If no two classes or values are left, or most rows would go.
    """
    answer, reading = _read_target(column, task, num_splits)
    return replace(answer, reading=reading)


def _read_target(
    column: pd.Series,
    task: Literal["classification", "regression"] | None,
    num_splits: int,
) -> tuple[Answer, Reading]:
    try:
        read = read_column(column)
        if read.reading.kind == "date":
            must = "must be numbers or classes, not dates"
            raise _refused(column, must)
        if task == "regression" and read.reading.kind == "categorical":
            read = read_column_as(column, Reading("numeric"))
        is_text = read.reading.kind in ("categorical", "boolean") or (
            task == "classification" and read.num_unreadable
        )
        names = read_column_as(column, Reading("categorical")) if is_text else None
    except UnusableColumn as error:
        must = f"must be numbers or classes, not cells of type {error}"
        raise _refused(column, must) from None
    notes: list[Note] = []
    if names is not None and task != "regression":
        texts = names.values
        reading = names.reading
        if read.reading.kind == "boolean":
            texts, reading = _one_spelling(texts, read.values), read.reading
        return _classes_of_text(column, texts, num_splits, notes), reading
    values = read.values.to_numpy(np.float64)
    rows = np.flatnonzero(~np.isnan(values))
    notes += _missing(column, rows, read.unreadable, read.num_infinite)
    repairs = describe_repairs(str(column.name), read)
    notes += [note for note in repairs if note.code == "comma_numbers"]
    values = values[rows]
    different, codes = np.unique(values, return_inverse=True)
    if task is None:
        whole = bool((different == np.round(different)).all())
        few = len(different) <= MAX_NUMBER_CLASSES and (
            len(different) * MIN_ROWS_PER_VALUE <= len(values)
        )
        are_classes = len(different) <= 2 or (whole and few)
        task = "classification" if are_classes else "regression"
        if are_classes and len(different) > 2:
            text = (
                f"The target has {len(different)} different whole numbers, which are "
                "taken as classes; say `task` regression if they are a quantity."
            )
            notes.append(Note("number_classes", "info", text))
    if task == "classification":
        labels = [_number_name(value) for value in different]
        answer = _classes(column, rows, codes, labels, num_splits, notes)
        return answer, read.reading
    if len(different) < 2:
        raise _refused(column, "must have at least two different values")
    return Answer(rows, values, "regression", (), tuple(notes)), read.reading


def _refused(column: pd.Series, must: str) -> ConfigError:
    cells = [cell for cell in column.head(1000).tolist() if cell is not None]
    seen = quote_all(list(dict.fromkeys(str(cell) for cell in cells))[:4])
    return ConfigError(
        f"`target` column {quote(column.name)} {must}. Received: {seen or 'nothing'}."
    )


def _missing(
    column: pd.Series,
    rows: np.ndarray,
    unreadable: tuple[str, ...] = (),
    num_infinite: int = 0,
) -> list[Note]:
    lost = len(column) - len(rows)
    if not lost:
        return []
    text = "1 row has no usable target and was left out"
    if lost > 1:
        text = f"{lost} rows have no usable target and were left out"
    if unreadable:
        text += f" (such as {quote_all(unreadable[:3])})"
    if num_infinite:
        text += f" ({num_infinite} of them infinite or immense)"
    severity: Literal["info", "warning"] = "info"
    if unreadable or num_infinite or lost > 0.05 * len(column):
        severity = "warning"
    return [Note("missing_target", severity, text + ".")]


def _number_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(float(value))


def _classes_of_text(
    column: pd.Series, texts: pd.Series, num_splits: int, notes: list[Note]
) -> Answer:
    import pandas as pd

    codes, different = pd.factorize(texts, sort=False)
    rows = np.flatnonzero(codes >= 0)
    notes += _missing(column, rows)
    order = sorted(range(len(different)), key=lambda i: _sort_key(different[i]))
    rank = np.empty(len(different), np.int64)
    rank[order] = np.arange(len(different))
    labels = [different[i] for i in order]
    return _classes(column, rows, rank[codes[rows]], labels, num_splits, notes)


def _one_spelling(texts: pd.Series, truths: pd.Series) -> pd.Series:
    """Return "yes" where "YES" and "Yes" were written too, but less often."""
    spelling = {
        truth: texts[truths == truth].value_counts().index[0]
        for truth in truths.dropna().unique()
    }
    return truths.map(spelling).astype(object)


def _sort_key(label: str) -> tuple[float, str]:
    try:
        return float(label), label
    except ValueError:
        return float("inf"), label


def _classes(
    column: pd.Series,
    rows: np.ndarray,
    codes: np.ndarray,
    labels: list[str],
    num_splits: int,
    notes: list[Note],
) -> Answer:
    """Leave out the classes with fewer than two rows for each split."""
    least = 2 * num_splits
    counts = np.bincount(codes, minlength=len(labels))
    if len(labels) < 2:
        raise _refused(column, "must have at least two classes")
    tiny = np.flatnonzero(counts < least)
    large = np.flatnonzero(counts >= least)
    names = [labels[i] for i in tiny]
    lost = int(counts[tiny].sum())
    if len(large) < 2 or lost > MAX_SHARE_LEFT_OUT * len(rows):
        raise ConfigError(
            f"`target` column {quote(column.name)} must have at least {least} rows of "
            f"each class, two for each of {num_splits} splits. Received: {len(tiny)} "
            f"of {len(labels)} classes with fewer, {quote_all(names)}. Join classes, "
            "take fewer `folds`, or say `task` regression if they are a quantity."
        )
    if len(large) > MAX_CLASSES:
        raise _refused(
            column, f"must have at most {MAX_CLASSES} classes, not {len(large)}"
        )
    if len(tiny):
        text = (
            f"Left out, as they have fewer than {least} rows, two for each of "
            f"{num_splits} splits: classes {quote_all(names)} with {lost} rows in all."
        )
        notes.append(Note("tiny_classes", "warning", text))
    stays = counts[codes] >= least
    new = np.full(len(labels), -1, np.int64)
    new[large] = np.arange(len(large))
    return Answer(
        rows[stays],
        new[codes[stays]],
        "classification",
        tuple(labels[i] for i in large),
        tuple(notes),
    )
