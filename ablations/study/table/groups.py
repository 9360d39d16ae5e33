"""Read the columns that say which rows belong together, or came later; find such."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.table.columns import (
    MISSING_TEXTS,
    UnusableColumn,
    read_column,
)
from ablations.study.table.hazards import describe_repairs
from ablations.study.table.inputs import Inputs
from ablations.study.table.leaks import look_up
from ablations.study.table.note import Note, quote, quote_all
from ablations.study.table.target import Answer
from ablations.study.table.told import Told
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd

SPELLED_ID = re.compile(r"(.*[\s_.-])?(id|uid|uuid|guid|pid|mrn)|.*[a-z]I[dD]")
"""Names of columns that say that they name something."""

NAMED_THINGS = re.compile(
    r"(.*[\s_.-])?(patient|subject|participant|respondent|person|individual|student"
    r"|customer|client|user|member|account|household|family|animal|mouse|donor"
    r"|specimen|session|device|machine|engine|sensor)s?"
    r"([\s_.-]?(no|nr|num|number|code|name|key))?"
)
"""Names of columns that name who or what a row is about, if it has many values."""

FEWEST_NAMED = 3
"""A column that is spelled as an id has so many different values."""

FEWEST_VALUES = 10
"""Any other column that names things has so many."""

REPEATED_SHARE = 0.5
"""Share of the rows whose value another row has, too."""

TOLD_BY_NAME = 0.95
"""Skill of a look-up of the target by value, from which the value names a thing."""

ALIKE = 0.5
"""Skill of a look-up of an input by value, from which rows of a value are alike."""

COARSE_SHARE = 0.5
"""A quantity tells in a few bins at least this share of what its values tell."""

NUM_BINS = 8
MAX_ROWS = 2_000
MAX_INPUTS = 30
MOST_NAMED = 3


@dataclass(frozen=True, eq=False)
class Roles:
    """Which rows of N belong together, or came later.

    Attributes:
        groups: Number of every row's group [N], None where rows are on their own.
        group_name: Name of the column that says so.
        times: Rank of every row's time [N], None where rows have no order.
        time_name: Name of the column that says so.
    """

    groups: np.ndarray | None = None
    group_name: str | None = None
    times: np.ndarray | None = None
    time_name: str | None = None

    @property
    def name(self) -> str:
        """Column that rows are split by, "" where they are split at random."""
        return self.time_name or self.group_name or ""


def read_roles(
    raw: pd.DataFrame, asked: Mapping[str, str], keep: Collection[str], told: Told
) -> tuple[Roles, list[Note]]:
    """Return groups and times, and what had to be guessed for them.

    Args:
        raw: Columns as the file has them, but the target [N].
        asked: Name of a column for `group`, and for `time`.
        keep: Columns that are inputs all the same: the time may be one.
        told: What the user says of columns.

    Raises:
        ConfigError: If a column cannot have its role.
    """
    for option, name in asked.items():
        if name not in raw:
            raise requirement(option, "must not name the target", name)
    group, time = asked.get("group"), asked.get("time")
    if group in keep:
        raise requirement("keep", "must not name the group", group)
    notes: list[Note] = []
    groups = None if group is None else read_groups(raw[group], group, told)
    times = None
    if time is not None:
        times, notes = read_times(raw[time], time, told)
    if time in keep:
        notes = []  # they are those of an input
    return Roles(groups, group, times, time), notes


def read_groups(column: pd.Series, name: str, told: Told) -> np.ndarray:
    """Return a number for every row [N]; rows of one group have the same.

    Raises:
        ConfigError: If a row has no group.
    """
    codes = _codes(column, told)
    if (codes < 0).any():
        _refuse_missing("group", name, codes < 0)
    return codes


def read_times(
    column: pd.Series, name: str, told: Told
) -> tuple[np.ndarray, list[Note]]:
    """Return the rank of every row's time [N], and what had to be guessed for it.

    Raises:
        ConfigError: If the column holds neither dates nor numbers, or a row has none.
    """
    must = "must name a column of dates or numbers"
    try:
        read = read_column(column, told.of(name))
    except UnusableColumn:
        raise requirement("time", must, name) from None
    if read.unreadable:
        shown = quote_all(read.unreadable[:3])
        must = f"{must}, and nothing else in it; there is {shown}"
        raise requirement("time", must, name)
    if read.reading.kind not in ("date", "numeric"):
        raise requirement("time", must, name)
    missing = read.values.isna().to_numpy()
    if missing.any():
        _refuse_missing("time", name, missing)
    _, ranks = np.unique(read.values.to_numpy(), return_inverse=True)
    return ranks.astype(np.int64), describe_repairs(name, read)


def _refuse_missing(option: str, name: str, missing: np.ndarray) -> None:
    number = int(missing.sum())
    what = "1 row has" if number == 1 else f"{number:,} rows have"
    must = f"must name a column with a value in every row; {what} none"
    raise requirement(option, must, name)


def _codes(column: pd.Series, told: Told) -> np.ndarray:
    """Return a number for every different cell [N], -1 where there is none."""
    import pandas as pd

    said = told.others.missing
    missing = MISSING_TEXTS if said is None else {text.lower() for text in said}

    def plain(cell: Any) -> str | None:
        if pd.api.types.is_scalar(cell) and pd.isna(cell):
            return None
        text = str(cell).strip()
        return None if not text or text.lower() in missing else text

    if pd.api.types.is_numeric_dtype(column.dtype):
        return pd.factorize(column)[0].astype(np.int64)
    try:
        codes, different = pd.factorize(column.astype(object))
    except TypeError:  # lists and their like
        codes, different = pd.factorize(column.map(repr))
    names = pd.factorize(np.array([plain(c) for c in different], object))[0]
    return np.where(codes < 0, -1, np.append(names, -1)[codes]).astype(np.int64)


def describe_names(
    raw: pd.DataFrame,
    unused: Mapping[str, str],
    found: Inputs,
    answer: Answer,
    told: Told,
) -> list[Note]:
    """Return a warning for each of the first columns whose rows may belong together.

    Args:
        raw: Columns as the file has them, those that are left out, too [N].
        unused: Why some of them are no inputs, as `facts.WHY` has it.
        found: The inputs.
        answer: The target.
        told: What the user says of columns.
    """
    notes = []
    kinds, ready = found.kinds, found.frame
    inputs = ready[[name for name in ready if kinds[name] == "numeric"]]
    raw = raw[[name for name in raw if unused.get(name) != "sample_weight"]]
    is_class = bool(answer.classes)
    for name in find_names(raw, inputs, answer.values, is_class, told)[:MOST_NAMED]:
        number = len(np.unique(_codes(raw[name], told)))
        text = (
            f"The values of {quote(name)} repeat ({number:,} in {len(raw):,} rows), as"
            " the name of someone or something does that was measured several times."
            " If they are such names, test rows are of those that were trained on, and"
            " all scores here are too good for new ones: keep the rows of each together"
            f" with `group` (`--group {name}`)."
        )
        notes.append(Note("names_repeat", "warning", text))
    return notes


def find_names(
    raw: pd.DataFrame,
    inputs: pd.DataFrame,
    target: np.ndarray,
    is_class: bool,
    told: Told,
) -> list[str]:
    """Return the columns that seem to name who or what several rows are about.

    Their values repeat, and they are called so, or they tell the target or half of the
    inputs as only a name can: each value by itself, and not by being small or large.
    """
    found = []
    for name in raw.columns:
        codes = _codes(raw[name], told)
        counts = np.bincount(codes[codes >= 0])
        num_values = len(counts)
        repeated = counts[counts > 1].sum()
        if num_values < FEWEST_NAMED or repeated < REPEATED_SHARE * len(codes):
            continue
        spelled = (str(name), str(name).lower())
        if any(map(SPELLED_ID.fullmatch, spelled)):
            found.append(name)
        elif num_values >= FEWEST_VALUES and (
            any(map(NAMED_THINGS.fullmatch, spelled))
            or _tells_like_a_name(raw[name], told, inputs, target, is_class)
        ):
            found.append(name)
    return found


def _tells_like_a_name(
    column: pd.Series,
    told: Told,
    inputs: pd.DataFrame,
    target: np.ndarray,
    is_class: bool,
) -> bool:
    """Return whether target or inputs are told by a value, but not by its size."""
    coarse = _coarse(column, told)
    if coarse is None:
        return False
    codes = _codes(column, told)
    # All rows of some of the values.
    step = -(-len(codes) // MAX_ROWS)
    rows = np.flatnonzero((codes >= 0) & (codes % step == 0))
    _, values = np.unique(codes[rows], return_inverse=True)
    bins = coarse[rows]

    def is_told(answer: np.ndarray, classes: bool, enough: float) -> bool:
        skill = look_up(values, answer, classes)
        if not skill >= enough:
            return False
        return look_up(bins, answer, classes) < COARSE_SHARE * skill

    if is_told(target[rows], is_class, TOLD_BY_NAME):
        return True
    others = [name for name in inputs.columns if name != column.name][:MAX_INPUTS]
    alike = 0
    for name in others:
        answer = inputs[name].to_numpy(np.float64)[rows]
        known = np.isfinite(answer)
        if known.any():
            filled = np.where(known, answer, answer[known].mean())
            alike += is_told(filled, False, ALIKE)
    return len(others) > 1 and 2 * alike >= len(others)


def _coarse(column: pd.Series, told: Told) -> np.ndarray | None:
    """Return a bin for every row [N]: by size for whole numbers, one for texts.

    None stands for a column that holds no names: fractions, dates, truth values.
    """
    try:
        read = read_column(column, told.of(str(column.name)))
    except UnusableColumn:
        return None
    if read.reading.kind == "categorical":
        return np.zeros(len(column), np.int64)
    numbers = read.values
    if read.reading.kind != "numeric":
        return None
    values = numbers.to_numpy(np.float64)
    known = values[~np.isnan(values)]
    if (known != np.round(known)).any():
        return None
    places = np.searchsorted(np.sort(known), values)
    return np.minimum(places * NUM_BINS // (len(values) + 1), NUM_BINS - 1)
