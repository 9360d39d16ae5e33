"""Find what in a table may make results wrong, and say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.table.columns import Column, Kind
from ablations.study.table.leaks import find_leaks
from ablations.study.table.note import Note, quote, quote_all
from ablations.study.table.repeats import number_rows

if TYPE_CHECKING:
    import pandas as pd

MIN_CATEGORY_ROWS = 5
"""About a category in fewer rows nothing can be learned."""

MAX_CATEGORIES = 30
"""Only so many of a column's categories, the most frequent, get their own input."""

LEAST_DENSITY = 0.8
"""Different whole numbers that fill at least this share of their range number rows."""

IDENTIFIER_NAME = re.compile(
    r"(.*[\s_.-])?(id|idx|index|key|uuid|guid|row|unnamed: ?\d+)|.*[a-z]I[dD]",
)
"""Names of columns that name rows, if all their values are different."""

FEW_ROWS = 100
"""With fewer rows, scores of splits differ so much that little can be decided."""

UNEQUAL_SHARE = 0.8
VERY_UNEQUAL_SHARE = 0.95
OUTLIER = 10.0
"""Standard deviations from the mean; what lies beyond is cut off there."""


def is_identifier(name: str, column: Column) -> bool:
    """Return whether a column names rows, so that nothing can be learned from it.

    That are texts of which each is in few rows, whole numbers without gaps that are
    all different, and any whole numbers that are all different in a column that is
    called so (`id`, `customer_id`, `rowId`).
    """
    known = column.values.dropna()
    if column.reading.kind == "categorical":
        return bool(known.value_counts().iloc[0] < MIN_CATEGORY_ROWS)
    if column.reading.kind != "numeric" or len(known) < len(column.values):
        return False
    numbers = known.to_numpy()
    if (numbers != np.round(numbers)).any() or known.nunique() < len(known):
        return False
    reach = numbers.max() - numbers.min() + 1
    is_called_so = any(map(IDENTIFIER_NAME.fullmatch, (name, name.lower())))
    return is_called_so or bool(len(numbers) >= LEAST_DENSITY * reach)


def describe_repairs(name: str, column: Column) -> list[Note]:
    """Return what had to be guessed or given up to read a column."""
    notes = []
    who = f"Column {quote(name)}"
    if column.num_infinite:
        text = (
            f"{who}: {_count(column.num_infinite, 'number')} infinite or too large "
            "for a network, taken as missing."
        )
        notes.append(Note("infinite_values", "warning", text))
    if column.num_unreadable:
        what = {"numeric": "numbers", "date": "dates", "boolean": "truth values"}
        text = (
            f"{who} holds {what[column.reading.kind]}, but "
            f"{_count(column.num_unreadable, 'value')} something else "
            f"({quote_all(column.unreadable[:3])}), taken as missing."
        )
        notes.append(Note("mixed_values", "warning", text))
    if column.reading.style != "point":
        as_what = {
            "comma": "the decimal point",
            "thousands": "a separator of thousands",
        }
        text = f"{who}: a comma in numbers is read as {as_what[column.reading.style]}."
        notes.append(Note("comma_numbers", "info", text))
    if column.reading.day_or_month:
        order = column.reading.date_format.split(" ")[0]
        text = (
            f"{who}: day and month could be either way round; dates are read as "
            f"{order}."
        )
        notes.append(Note("ambiguous_dates", "warning", text))
    return notes


def describe_left_out(
    unusable: Mapping[str, str],
    empty: list[str],
    constant: list[str],
    identifiers: list[str],
) -> list[Note]:
    """Return why columns are not used."""
    notes = []
    if unusable:
        what = ", ".join(dict.fromkeys(unusable.values()))
        text = (
            f"Left out, as their cells are no plain values ({what}): "
            f"{quote_all(list(unusable))}."
        )
        notes.append(Note("unusable_columns", "warning", text))
    if empty:
        text = f"Left out, as they hold no values: {quote_all(empty)}."
        notes.append(Note("empty_columns", "warning", text))
    if constant:
        text = f"Left out, as they have one value only: {quote_all(constant)}."
        notes.append(Note("constant_columns", "info", text))
    if identifiers:
        text = (
            "Left out, as they name rows (numbers that are all different, or texts of "
            f"which each is in fewer than {MIN_CATEGORY_ROWS} rows): "
            f"{quote_all(identifiers)}. `keep` (`--keep COLUMN`) uses them still."
        )
        notes.append(Note("identifier_columns", "warning", text))
    return notes


def find_hazards(
    frame: pd.DataFrame,
    kinds: Mapping[str, Kind],
    target: np.ndarray,
    classes: tuple[str, ...],
    *,
    by_time: bool = False,
) -> list[Note]:
    """Return what may make results on these data wrong or hard to read.

    Args:
        frame: The inputs, in canonical form [N].
        kinds: What each holds.
        target: Class codes, or numbers [N].
        classes: Names of the classes, `()` for numbers.
        by_time: Whether rows are split by time.
    """
    return [
        *_leaks(frame, kinds, target, classes),
        *_repeats(frame, target),
        *_classes(target, classes),
        *_size(frame),
        *_missing(frame),
        *_categories(frame, kinds),
        *_outliers(frame, kinds),
        *([] if by_time else _dates(kinds)),
    ]


def _leaks(
    frame: pd.DataFrame,
    kinds: Mapping[str, Kind],
    target: np.ndarray,
    classes: tuple[str, ...],
) -> list[Note]:
    names = find_leaks(frame, kinds, target, bool(classes))
    if not names:
        return []
    text = (
        f"The target can be told almost without error from one column alone: "
        f"{quote_all(names)}. If it is not known when a prediction is made, all scores "
        "here are too good: leave it out with `drop`."
    )
    return [Note("leak", "warning", text)]


def _repeats(frame: pd.DataFrame, target: np.ndarray) -> list[Note]:
    rows = number_rows(frame)
    counts = np.bincount(rows)
    again = int(len(rows) - len(counts))
    if not again:
        return []
    # A group of equal rows has one target if its smallest is its largest.
    low = np.full(len(counts), np.inf)
    high = np.full(len(counts), -np.inf)
    np.minimum.at(low, rows, target)
    np.maximum.at(high, rows, target)
    differ = low[rows] != high[rows]
    who = "1 row has" if again == 1 else f"{again} rows have"
    text = f"{who} the same inputs as an earlier one."
    if differ.any():
        text += (
            f" {_count(int(differ.sum()), 'row')} equal to another one but for the "
            "target, so no net can be right about all of them."
        )
    share = again / len(rows)
    severe = share > 0.05 or differ.mean() > 0.05
    return [Note("repeated_rows", "warning" if severe else "info", text)]


def _classes(target: np.ndarray, classes: tuple[str, ...]) -> list[Note]:
    if not classes:
        return []
    counts = np.bincount(target, minlength=len(classes))
    share = counts.max() / len(target)
    if share < UNEQUAL_SHARE:
        return []
    text = (
        f"{100 * share:.1f} % of the rows are of class "
        f"{quote(classes[int(counts.argmax())])}: whoever always answers that is right "
        "as often. Compare with the dummy baseline."
    )
    severe = share >= VERY_UNEQUAL_SHARE
    return [Note("unequal_classes", "warning" if severe else "info", text)]


def _size(frame: pd.DataFrame) -> list[Note]:
    notes = []
    if len(frame) < FEW_ROWS:
        text = (
            f"There are only {len(frame)} rows: only large differences can be told "
            "from noise."
        )
        notes.append(Note("few_rows", "warning", text))
    if frame.shape[1] > len(frame):
        text = (
            f"There are more columns ({frame.shape[1]}) than rows ({len(frame)}): any "
            "net can learn the rows by heart."
        )
        notes.append(Note("more_columns_than_rows", "warning", text))
    return notes


def _missing(frame: pd.DataFrame) -> list[Note]:
    holes = frame.isna().mean()
    found = holes[holes > 0].sort_values(ascending=False, kind="stable")
    if found.empty:
        return []
    most = f"most in {quote(found.index[0])}, {100 * found.iloc[0]:.1f} %"
    text = (
        f"Values are missing in {len(found)} of {len(holes)} columns ({most}). The "
        "median of the training rows stands in for numbers and dates, the most "
        "frequent for truth values; an input of its own says where they are missing."
    )
    return [Note("missing_values", "info", text)]


def _categories(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> list[Note]:
    pooled = []
    for name in frame.columns:
        if kinds[name] == "categorical":
            counts = frame[name].value_counts()
            if len(counts) > MAX_CATEGORIES or counts.iloc[-1] < MIN_CATEGORY_ROWS:
                pooled.append(name)
    if not pooled:
        return []
    text = (
        f"Categories in fewer than {MIN_CATEGORY_ROWS} rows, or beyond the "
        f"{MAX_CATEGORIES} most frequent, are taken together: {quote_all(pooled)}."
    )
    return [Note("pooled_categories", "info", text)]


def _outliers(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> list[Note]:
    far = []
    for name in frame.columns:
        if kinds[name] == "numeric":
            values = frame[name].to_numpy()
            deviation = np.nanstd(values)
            if deviation > 0 and (
                np.nanmax(np.abs(values - np.nanmean(values))) > OUTLIER * deviation
            ):
                far.append(name)
    if not far:
        return []
    text = (
        f"Values further than {OUTLIER:.0f} standard deviations from the mean of the "
        f"training rows are cut off there: {quote_all(far)}."
    )
    return [Note("outliers", "info", text)]


def _dates(kinds: Mapping[str, Kind]) -> list[Note]:
    dates = [name for name, kind in kinds.items() if kind == "date"]
    if not dates:
        return []
    text = (
        f"There are dates ({quote_all(dates)}), but rows are split at random. If the "
        "future is to be predicted from the past, scores here are too good: split by "
        f"time with `time` (`--time {dates[0]}`)."
    )
    return [Note("dates", "info", text)]


def _count(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number} {what}s are"
