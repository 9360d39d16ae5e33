"""Make a table ready to be split: inputs of known kinds, and one target."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ablations.study.table import hazards
from ablations.study.table.columns import Kind, Reading
from ablations.study.table.facts import Fact
from ablations.study.table.inputs import find_facts, read_inputs
from ablations.study.table.note import MAX_CHARACTERS, Note, quote_all
from ablations.study.table.source import (
    FIELD,
    MAX_COLUMNS,
    SKLEARN_PREFIX,
    Table,
    different_names,
    name_column,
    read_with_notes,
)
from ablations.study.table.target import read_target
from ablations.study.table.told import HowToRead
from ablations.study.table.weights import read_weights
from models.config import ConfigError, one_of, requirement

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "Note", "Task", "load_dataset"]

Task = Literal["classification", "regression"]
TASKS = ("classification", "regression")

DEFAULT_TARGET = "target"
MAX_LISTED = 20
"""Messages list the names of so many columns, or only the first few of more."""


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
        target_reading: How the target was read.
        header: Names of all columns as the file has them, "" where it has none.
        weights: How much each example counts [N]; None where all count alike.
        weight_name: Name of the column that says so.
        facts: What was found in every column of the file, in its order.
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
    target_reading: Reading = field(default_factory=lambda: Reading("categorical"))
    header: tuple[str, ...] = ()
    weights: np.ndarray | None = None
    weight_name: str | None = None
    facts: tuple[Fact, ...] = ()

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
    weight: str | None = None,
    how: HowToRead | None = None,
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
        keep: Names of columns that are used though they look like names of rows.
        weight: Name of the column that says how much each row counts; it is no input.
        how: What the columns hold and which texts are missing, where the user says so.
        name: What reports call the data; None takes the name of the file.
        num_splits: Number of splits of the cross-validation that is to come.

    Raises:
        ConfigError: If the table, the target or what is left of them is not usable.
    """
    if task is not None:
        one_of("task", task, TASKS)
    table, labels, default_name = _read_source(source)
    frame, notes = table.frame, list(table.notes)
    names = [str(column) for column in frame.columns]
    target_name = _find_target(labels, names, target)
    dropped = {_find_column("drop", column, labels, names) for column in drop}
    kept = {_find_column("keep", column, labels, names) for column in keep}
    if target_name in dropped:
        raise requirement("drop", "must not name the target", target_name)

    def find(option: str, column: Any) -> str:
        return _find_column(option, column, labels, names)

    weight_name = _find_weights(weight, find, {target_name, *kept})
    dropped.update(filter(None, [weight_name]))
    told = (how or HowToRead()).tell(find, dropped, table)
    answer = read_target(frame, target_name, task, num_splits, told.of(target_name))
    inputs = frame.drop(columns=[target_name, *dropped])
    inputs = inputs.loc[answer.rows].reset_index(drop=True)
    seen = answer.column.missing
    found = read_inputs(inputs, target_name, kept, told, table.unnamed, seen)
    ready, kinds = found.frame, found.kinds
    notes += [*answer.notes, *found.notes]
    weights = read_weights(frame, weight_name, answer.rows)
    notes += hazards.find_hazards(ready, kinds, answer.values, answer.classes)
    return Dataset(
        name=name_column(name if name is not None else default_name),
        frame=ready,
        target=answer.values,
        task=answer.task,
        classes=answer.classes,
        kinds=kinds,
        notes=tuple(notes),
        digest=_digest(ready, kinds, answer.values, answer.classes, weights),
        target_name=target_name,
        readings=found.readings,
        target_reading=answer.column.reading,
        header=table.header,
        facts=find_facts(frame, found, target_name, answer.column, dropped),
        weights=weights,
        weight_name=weight_name,
    )


def _read_source(
    source: str | os.PathLike[str] | pd.DataFrame,
) -> tuple[Table, list[Any], str]:
    """Return the table, its own column labels, and what the data are called."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        frame, notes = _from_frame(source)
        labels = list(source.columns)
        header = tuple(map(name_column, labels))
        return Table(frame, tuple(notes), header), labels, "data"
    table = read_with_notes(source)
    text = os.fspath(source)
    is_named = str(text).startswith(SKLEARN_PREFIX)
    name = text[len(SKLEARN_PREFIX) :] if is_named else Path(text).stem
    return table, list(table.frame.columns), name


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


def _find_weights(
    column: str | None, find: Callable[[str, Any], str], taken: set[str]
) -> str | None:
    if column is None:
        return None
    name = find("sample_weight", column)
    if name in taken:
        must = "must not name the target or a column that is kept"
        raise requirement("sample_weight", must, name)
    return name


def _digest(
    frame: pd.DataFrame,
    kinds: Mapping[str, Kind],
    target: np.ndarray,
    classes: tuple[str, ...],
    weights: np.ndarray | None,
) -> str:
    """Return the SHA-256 of what is trained on; each part says how long it is."""
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
    if weights is not None:
        add(np.ascontiguousarray(weights, "<f8").tobytes())
    return sha.hexdigest()
