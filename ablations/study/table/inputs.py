"""Read the inputs of a table, and leave out the columns that tell nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ablations.study.table import hazards
from ablations.study.table.columns import (
    Column,
    Kind,
    Reading,
    UnusableColumn,
    read_column,
)
from ablations.study.table.facts import Fact, describe_column
from ablations.study.table.note import Note, quote, quote_all
from ablations.study.table.refusal import FIELD
from ablations.study.table.told import Told, check_said
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd

MIN_ROWS = 20
"""Fewer rows cannot be split into parts that say anything."""

CAN_BE_KEPT = ("row numbers", "identifier")
"""Why a column is left out that can be used all the same."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs of a table.

    Attributes:
        columns: Those that are used.
        others: Those that were read and left out.
        reasons: Why columns were left out, as `hazards.why_left_out` says it.
        notes: What was repaired and left out.
    """

    columns: Mapping[str, Column]
    others: Mapping[str, Column]
    reasons: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """Those that are used, in canonical form [N]."""
        import pandas as pd

        return pd.DataFrame({name: read.values for name, read in self.columns.items()})

    @property
    def readings(self) -> dict[str, Reading]:
        """How they were read."""
        return {name: read.reading for name, read in self.columns.items()}

    @property
    def kinds(self) -> dict[str, Kind]:
        """What they hold."""
        return {name: read.reading.kind for name, read in self.columns.items()}


def read_inputs(
    raw: pd.DataFrame,
    target: str,
    keep: Collection[str],
    told: Told,
    unnamed: Collection[str],
    seen: Collection[str] = (),
) -> Inputs:
    """Return the columns to use, how they were read, and what became of the others.

    Args:
        raw: The columns as the file has them, of the rows with a usable target [N].
        target: Name of the target.
        keep: Names of columns that are used though they look like names of rows.
        told: What the user says of columns.
        unnamed: Names of columns that have none in the file.
        seen: Texts that were missing in the target.

    Raises:
        ConfigError: If a column is not what the user says, or is to be kept though
            nothing can be learned from it; if there are too few rows, or no column is
            left.
    """
    if len(raw) < MIN_ROWS:
        must = (
            f"must have at least {MIN_ROWS} rows with a usable target {quote(target)}"
        )
        raise requirement(FIELD, must, f"{len(raw)} rows")
    columns: dict[str, Column] = {}
    others: dict[str, Column] = {}
    reasons: dict[str, str] = {}
    unusable: dict[str, str] = {}
    notes: list[Note] = []
    for name in raw.columns:
        said = told.of(name)
        try:
            column = read_column(raw[name], said)
        except UnusableColumn as error:
            reasons[name], unusable[name] = "unusable", str(error)
            continue
        check_said(name, column, said)
        reason = hazards.why_left_out(name, column, has_name=name not in unnamed)
        notes += hazards.describe_repairs(name, column)
        if reason and not (name in keep and reason in CAN_BE_KEPT):
            reasons[name], others[name] = reason, column
            continue
        columns[name] = column
        if said.kind is None:
            notes += hazards.describe_codes(name, column, raw[name])
    for name in keep:
        if name in reasons:
            raise requirement("keep", hazards.why_not_kept(reasons[name]), name)
    notes += hazards.describe_left_out(reasons, unusable)
    found = {"", *seen}
    for column in (*columns.values(), *others.values()):
        found.update(column.missing)
    unseen = [text for text in told.others.missing or () if text not in found]
    if unseen:
        text = f"No cell is {quote_all(unseen)}, as `text_is_missing` has it."
        notes.append(Note("unseen_texts", "warning", text))
    if not columns:
        must = "must have a column besides the target that tells the rows apart"
        must += "".join(f" ({note.text.rstrip('.')})" for note in notes)
        raise requirement(FIELD, must, [*map(str, raw.columns), target][:10])
    return Inputs(columns, others, reasons, tuple(notes))


def find_facts(
    frame: pd.DataFrame, inputs: Inputs, target: str, answer: Column, dropped: set[str]
) -> tuple[Fact, ...]:
    """Return what was found in every column of a table, in its order.

    Args:
        frame: The table as the file has it.
        inputs: Its inputs.
        target: Name of the column that is predicted.
        answer: That column as read.
        dropped: Names of columns that the user left out.
    """
    facts = []
    for name in frame.columns:
        cells = frame[name]
        if name == target:
            facts.append(describe_column(name, "target", cells, answer))
        elif name in inputs.columns:
            column = inputs.columns[name]
            facts.append(describe_column(name, "input", cells, column))
        else:
            why = "dropped" if name in dropped else inputs.reasons.get(name, "")
            column_read = inputs.others.get(name)
            facts.append(describe_column(name, "not used", cells, column_read, why))
    return tuple(facts)
