"""Make a table ready to be split: inputs of known kinds, and one target."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ablations.study.table import hazards
from ablations.study.table.columns import Kind, Reading, UnusableColumn, read_column
from ablations.study.table.groups import Roles, describe_names, read_roles
from ablations.study.table.note import MAX_CHARACTERS, Note, quote, quote_all
from ablations.study.table.source import (
    FIELD,
    MAX_COLUMNS,
    SKLEARN_PREFIX,
    different_names,
    name_column,
    read_with_notes,
)
from ablations.study.table.target import read_target
from models.config import ConfigError, one_of, requirement

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "Note", "Task", "load_dataset"]

Task = Literal["classification", "regression"]
TASKS = ("classification", "regression")

DEFAULT_TARGET = "target"
MAX_LISTED = 20
"""Messages list the names of so many columns, or only the first few of more."""

MIN_ROWS = 20
"""Fewer rows cannot be split into parts that say anything."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and target of N examples, read and checked but not yet scaled.

    Attributes:
        name: What reports call it.
        frame: The inputs [N rows], in canonical form (see `columns`), in the order of
            the file.
        target: Class codes, positions in `classes` (int64), or values (float64) [N].
        task: "classification" or "regression".
        classes: Names of the classes in the order of their codes, `()` for regression.
        kinds: What each column holds.
        notes: What was found and repaired.
        digest: SHA-256 of all that is trained on: inputs, target, names, kinds.
        target_name: Name of the column that is predicted.
        readings: How each column was read, to read new rows the same way.
        roles: Which rows belong together, or came later.
    """

    name: str
    frame: pd.DataFrame
    target: np.ndarray
    task: Task
    classes: tuple[str, ...]
    kinds: Mapping[str, Kind]
    notes: tuple[Note, ...]
    digest: str
    target_name: str = DEFAULT_TARGET
    readings: Mapping[str, Reading] = field(default_factory=dict)
    roles: Roles = field(default_factory=Roles)

    def __len__(self) -> int:
        """Return the number of examples N."""
        return len(self.target)

    @property
    def num_classes(self) -> int:
        """Number of classes, 0 for regression."""
        return len(self.classes)


def load_dataset(
    source: str | os.PathLike[str] | pd.DataFrame,
    target: str | None = None,
    task: Task | None = None,
    *,
    drop: Sequence[str] = (),
    keep: Sequence[str] = (),
    group: str | None = None,
    time: str | None = None,
    name: str | None = None,
    num_splits: int = 5,
) -> Dataset:
    """Read a table, find what its columns hold, and leave out what cannot be used.

    Left out, with a note, are rows without a target, classes with fewer than two rows
    for each split, and columns that hold nothing, one value only, no values at all
    (lists, mappings) or a name of the row. Suspicious but used, with a warning, are
    columns that tell the target on their own, repeated rows and very unequal classes.

    Args:
        source: A file or `sklearn:NAME` (see `source`), or a frame.
        target: Name of the column to predict. None takes "target" if there is one.
        task: "classification" or "regression"; None finds it from the target.
        drop: Names of columns that are not used.
        keep: Names of columns that are used though they look like names of rows, or
            are the time.
        group: Name of the column that says which rows belong together; no input.
        time: Name of the column that says which rows are later; no input unless kept.
        name: What reports call the data; None takes the name of the file.
        num_splits: Number of splits of the cross-validation that is to come.

    Raises:
        ConfigError: If the table, the target or what is left of them is not usable.
    """
    import pandas as pd

    if task is not None:
        one_of("task", task, TASKS)
    frame, labels, notes, default_name = _read_source(source)
    names = [str(column) for column in frame.columns]
    target_name = _find_target(labels, names, target)
    dropped = {_find_column("drop", column, labels, names) for column in drop}
    kept = {_find_column("keep", column, labels, names) for column in keep}
    if target_name in dropped:
        raise requirement("drop", "must not name the target", target_name)
    answer = read_target(frame[target_name], task, num_splits)
    notes += answer.notes
    raw = frame.drop(columns=target_name).loc[answer.rows].reset_index(drop=True)
    wanted = {"group": group, "time": time}
    asked = {
        k: _find_column(k, v, labels, names) for k, v in wanted.items() if v is not None
    }
    roles, unused, role_notes = read_roles(raw, asked, kept)
    notes += role_notes
    inputs = raw.drop(columns=list(dropped | unused))
    _require_rows(len(inputs), target_name)
    values, readings, read_notes = _read_inputs(inputs, kept)
    notes += read_notes
    if not values:
        must = "must have a column besides the target that tells the rows apart"
        raise requirement(FIELD, must + _reasons(read_notes), names[:10])
    ready = pd.DataFrame(values)
    kinds = {column: reading.kind for column, reading in readings.items()}
    told = answer.values, answer.classes
    notes += hazards.find_hazards(ready, kinds, *told, by_time="time" in asked)
    if roles.groups is None:
        notes += describe_names(raw, ready, kinds, answer.values, bool(answer.classes))
    return Dataset(
        name=name_column(name if name is not None else default_name),
        frame=ready,
        target=answer.values,
        task=answer.task,
        classes=answer.classes,
        kinds=kinds,
        notes=tuple(notes),
        digest=_digest(ready, kinds, *told),
        target_name=target_name,
        readings=readings,
        roles=roles,
    )


def _read_source(
    source: str | os.PathLike[str] | pd.DataFrame,
) -> tuple[pd.DataFrame, list[Any], list[Note], str]:
    """Return the table, its own column labels, notes, and what the data are called."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        frame, notes = _from_frame(source)
        return frame, list(source.columns), notes, "data"
    frame, found = read_with_notes(source)
    text = os.fspath(source)
    is_named = str(text).startswith(SKLEARN_PREFIX)
    name = text[len(SKLEARN_PREFIX) :] if is_named else Path(text).stem
    return frame, list(frame.columns), list(found), name


def _from_frame(source: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    if source.shape[1] > MAX_COLUMNS:
        raise requirement(
            FIELD, f"must have at most {MAX_COLUMNS:,} columns", source.shape[1]
        )
    if source.shape[1] == 0 or len(source) == 0:
        what = "columns" if source.shape[1] == 0 else "rows"
        raise requirement(FIELD, f"must have {what}", f"a frame of {source.shape}")
    names, notes = different_names(list(source.columns))
    frame = source.set_axis(names, axis=1).reset_index(drop=True)
    return frame, list(notes)


def _require_rows(number: int, target_name: str) -> None:
    if number < MIN_ROWS:
        must = (
            f"must have at least {MIN_ROWS} rows with a usable target"
            f" {quote(target_name)}"
        )
        raise requirement(FIELD, must, f"{number} rows")


def _find_target(labels: list[Any], names: list[str], target: Any) -> str:
    if target is None:
        if DEFAULT_TARGET in names:
            return DEFAULT_TARGET
        raise ConfigError(
            f"`target` is required: the column to predict, one of {quote_all(names)}."
        )
    return _find_column("target", target, labels, names)


def _find_column(option: str, column: Any, labels: list[Any], names: list[str]) -> str:
    """Return the name of a column, given as that or as the user's frame has it."""
    found = [
        name
        for label, name in zip(labels, names, strict=True)
        if type(label) is type(column) and label == column
    ]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        must = f"must name one column, there are {len(found)}: {quote_all(found)}"
        raise requirement(option, must, column)
    text = name_column(column)
    if text in names:
        return text
    if len(names) <= MAX_LISTED and max(map(len, names)) <= MAX_CHARACTERS:
        return one_of(option, text, names)
    must = f"must name a column, such as {quote_all(names)}"
    raise requirement(option, must, column)


def _read_inputs(
    inputs: pd.DataFrame, keep: set[str]
) -> tuple[dict[str, pd.Series], dict[str, Reading], list[Note]]:
    """Return the columns to use, how they were read, and what became of the others."""
    values: dict[str, pd.Series] = {}
    readings: dict[str, Reading] = {}
    notes: list[Note] = []
    unusable: dict[str, str] = {}
    empty, constant, identifiers = [], [], []
    for name in inputs.columns:
        try:
            column = read_column(inputs[name])
        except UnusableColumn as error:
            unusable[name] = str(error)
            continue
        notes += hazards.describe_repairs(name, column)
        num_different = column.values.nunique()
        if num_different == 0:
            empty.append(name)
        elif num_different == 1 and not column.values.isna().any():
            constant.append(name)
        elif name not in keep and hazards.is_identifier(name, column):
            identifiers.append(name)
        else:
            values[name], readings[name] = column.values, column.reading
    notes += hazards.describe_left_out(unusable, empty, constant, identifiers)
    return values, readings, notes


def _reasons(notes: list[Note]) -> str:
    return "".join(f" ({note.text.rstrip('.')})" for note in notes)


def _digest(
    frame: pd.DataFrame,
    kinds: Mapping[str, Kind],
    target: np.ndarray,
    classes: tuple[str, ...],
) -> str:
    """Return the SHA-256 of inputs and target; each part says how long it is."""
    sha = hashlib.sha256()

    def add(content: bytes) -> None:
        sha.update(len(content).to_bytes(8, "little"))
        sha.update(content)

    for name in frame.columns:
        add(name.encode())
        add(kinds[name].encode())
        values = frame[name]
        if kinds[name] == "categorical":
            for cell in values:
                add(b"" if cell is None else b"=" + cell.encode(errors="replace"))
        elif kinds[name] == "date":
            add(values.to_numpy("datetime64[ms]").astype("<i8").tobytes())
        else:
            floats = values.to_numpy("<f8")
            add(np.where(np.isnan(floats), np.nan, floats + 0.0).tobytes())
    for name in classes:
        add(name.encode(errors="replace"))
    add(np.ascontiguousarray(target).tobytes())
    return sha.hexdigest()
