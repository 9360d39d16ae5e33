"""Read the column to predict: classes or numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ablations.study.table.columns import (
    MISSING_TEXTS,
    NOTHING_SAID,
    Column,
    Reading,
    Said,
    UnusableColumn,
    read_column,
    read_column_as,
)
from ablations.study.table.hazards import describe_repairs
from ablations.study.table.note import Note, quote, quote_all
from ablations.study.table.times import CLOCK
from models.config import ConfigError, requirement

if TYPE_CHECKING:
    import pandas as pd

Task = Literal["classification", "regression"]

WORDS = frozenset({"na", "n/a", "null", "none", "unknown"})
"""Texts that mean missing, and may be a class where many rows have them."""

ABOUT_NUMBERS = frozenset({"comma_numbers", "units", "bounds"})
"""Notes on how numbers are written."""

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
        column: The whole column as read.
    """

    rows: np.ndarray
    values: np.ndarray
    task: Task
    classes: tuple[str, ...]
    notes: tuple[Note, ...]
    column: Column


def read_target(
    frame: pd.DataFrame,
    name: str,
    task: Task | None,
    num_splits: int,
    said: Said = NOTHING_SAID,
) -> Answer:
    """Return classes or numbers, without the rows where they are missing.

    Texts and truth values are classes, and so are whole numbers (also 0.0 and 1.0)
    with few different values; other numbers are quantities. `task` overrides that.

    Args:
        frame: The table as the file has it.
        name: The target.
        task: None to find it.
        num_splits: A class needs two rows for each split.
        said: What the user says of the target.

    Raises:
        ConfigError: If no two classes or values are left, or most rows would go.
    """
    column = frame[name]
    task = _task_said(name, task, said)
    try:
        read, notes = _read_known(frame, name, task, num_splits, said)
        is_text = read.reading.kind in ("categorical", "boolean") or (
            task == "classification" and read.num_unreadable
        )
        classes = Reading("categorical", missing=read.reading.missing)
        names = read_column_as(column, classes) if is_text else None
    except UnusableColumn as error:
        must = f"must be numbers or classes, not cells of type {error}"
        raise _refused(column, must) from None
    if names is None or task == "regression":
        return _numbers(column, read, task, num_splits, notes)
    if read.reading.kind == "boolean":
        names = replace(read, values=_one_spelling(names.values, read.values))
    return _classes_of_text(column, names, num_splits, notes)


def _task_said(name: str, task: Task | None, said: Said) -> Task | None:
    """Return the task that follows from what the user says of the target."""
    if said.kind == "ordered":
        raise requirement("ordered", "must not name the target", name)
    if said.kind is None:
        return task
    follows: Task = "regression" if said.kind == "numeric" else "classification"
    if task not in (None, follows):
        must = f"must be {follows!r} for a target that `{said.kind}` names"
        raise requirement("task", must, task)
    return follows


def _read_known(
    frame: pd.DataFrame, name: str, task: Task | None, num_splits: int, said: Said
) -> tuple[Column, list[Note]]:
    """Return the target as read, and what had to be decided about missing texts."""
    column, notes = frame[name], []
    read = read_column(column, said)
    if read.reading.date_format == CLOCK:
        read = read_column_as(column, Reading("numeric", style="clock"))
    if read.reading.kind == "date":
        raise _refused(column, "must be numbers or classes, not dates")
    if task == "regression" and read.reading.kind == "categorical":
        read = read_column(column, replace(said, kind="numeric"))
    text = missing_class(frame, name, read, 2 * num_splits)
    if text and said.missing is None and task != "regression":
        number = read.missing[text]
        others = tuple(sorted(MISSING_TEXTS - {text.lower()}))
        read = read_column(column, replace(said, missing=others))
        notes.append(
            Note(
                "missing_text_class",
                "warning",
                f"{quote(text)} in the target is taken as a class of its own, as"
                f" {number:,} rows have it. If it means that the target is missing, say"
                f" so with `text_is_missing` (`--text-is-missing {text}`).",
            )
        )
    return read, notes


def missing_class(
    frame: pd.DataFrame, name: str, read: Column, least: int
) -> str | None:
    """Return the text that usually means missing but is a class of this target.

    That is the only such text in a target of classes that are not all numbers, in at
    least `least` rows, if no column of numbers has it, and either all other classes
    are written like it (as many letters, all large or all small; or as many signs, none
    of them a letter or digit), or it is an abbreviation or word ("NA", "null") and in
    at least half as many rows as the other classes are on average.
    """
    if read.reading.kind not in ("categorical", "boolean") or len(read.missing) != 1:
        return None
    ((text, number),) = read.missing.items()
    if number < least:
        return None
    others = read_column_as(frame[name], Reading("categorical")).values.dropna()
    counts = others.value_counts()
    if counts.index.map(str.isdecimal).all() or _stands_among_numbers(
        frame.drop(columns=name), text
    ):
        return None
    is_alike = {_shape(other) for other in counts.index} == {_shape(text)}
    is_frequent = text.lower() in WORDS and number >= counts.mean() / 2
    return text if is_alike or is_frequent else None


def _shape(text: str) -> tuple[int, str]:
    """Return how long a text is, and what it is made of."""
    if text.isalpha():
        return len(text), "large" if text.isupper() else "small"
    return len(text), "mixed" if any(map(str.isalnum, text)) else "signs"


def _stands_among_numbers(frame: pd.DataFrame, text: str) -> bool:
    """Return whether a column of numbers or dates has the text for missing values."""
    for name in frame.columns:
        cells = frame[name]
        is_typed = cells.dtype != object and cells.dtype.kind in "biufMm"
        if is_typed or not cells.isin([text]).any():
            continue
        try:
            if read_column(cells).reading.kind in ("numeric", "date"):
                return True
        except UnusableColumn:
            continue
    return False


def _numbers(
    column: pd.Series,
    read: Column,
    task: Task | None,
    num_splits: int,
    notes: list[Note],
) -> Answer:
    """Return a target of numbers: quantities, or classes if they are few and whole."""
    values = read.values.to_numpy(np.float64)
    rows = np.flatnonzero(~np.isnan(values))
    notes += _missing(column, rows, read)
    repairs = describe_repairs(str(column.name), read)
    notes += [note for note in repairs if note.code in ABOUT_NUMBERS]
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
        return _classes(column, read, rows, codes, labels, num_splits, notes)
    if len(different) < 2:
        raise _refused(column, "must have at least two different values")
    return Answer(rows, values, "regression", (), tuple(notes), read)


def _refused(column: pd.Series, must: str) -> ConfigError:
    cells = [cell for cell in column.head(1000).tolist() if cell is not None]
    seen = quote_all(list(dict.fromkeys(str(cell) for cell in cells))[:4])
    return ConfigError(
        f"`target` column {quote(column.name)} {must}. Received: {seen or 'nothing'}."
    )


def _missing(column: pd.Series, rows: np.ndarray, read: Column) -> list[Note]:
    lost = len(column) - len(rows)
    if not lost:
        return []
    text = "1 row has no usable target and was left out"
    if lost > 1:
        text = f"{lost} rows have no usable target and were left out"
    if read.unreadable:
        text += f" (such as {quote_all(read.unreadable[:3])})"
    if read.num_infinite:
        text += f" ({read.num_infinite} of them infinite or immense)"
    severity: Literal["info", "warning"] = "info"
    if read.unreadable or read.num_infinite or lost > 0.05 * len(column):
        severity = "warning"
    text += "."
    if read.missing:
        said = [f"{quote(name)} in {number:,}" for name, number in read.missing.items()]
        text += (
            f" Taken as missing: {', '.join(said[:3])}; `text_is_missing`"
            " (`--text-is-missing TEXT`) says otherwise."
        )
    return [Note("missing_target", severity, text)]


def _number_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(float(value))


def _classes_of_text(
    column: pd.Series, read: Column, num_splits: int, notes: list[Note]
) -> Answer:
    import pandas as pd

    codes, different = pd.factorize(read.values, sort=False)
    rows = np.flatnonzero(codes >= 0)
    notes += _missing(column, rows, read)
    order = sorted(range(len(different)), key=lambda i: _sort_key(different[i]))
    rank = np.empty(len(different), np.int64)
    rank[order] = np.arange(len(different))
    labels = [different[i] for i in order]
    notes += _spelled_alike(labels)
    return _classes(column, read, rows, rank[codes[rows]], labels, num_splits, notes)


def _spelled_alike(labels: list[str]) -> list[Note]:
    """Return a warning of classes that only capital letters tell apart."""
    spellings: dict[str, list[str]] = {}
    for label in labels:
        spellings.setdefault(label.casefold(), []).append(label)
    alike = [name for group in spellings.values() if len(group) > 1 for name in group]
    if not alike:
        return []
    text = (
        "Classes of the target that only capital letters tell apart:"
        f" {quote_all(alike)}. If they are one, write them alike in the file."
    )
    return [Note("classes_alike", "warning", text)]


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
    read: Column,
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
        read,
    )
