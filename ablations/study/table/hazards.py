"""Find what in a table may make results wrong, and say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from ablations.study.table.columns import Column, Kind
from ablations.study.table.leaks import find_leaks
from ablations.study.table.note import Note, quote, quote_all
from ablations.study.table.repeats import number_rows
from ablations.study.table.written import unit_texts

if TYPE_CHECKING:
    import pandas as pd

MIN_CATEGORY_ROWS = 5
"""About a category in fewer rows nothing can be learned."""

MAX_CATEGORIES = 30
"""Only so many of a column's categories, the most frequent, get their own input."""

LEAST_DENSITY = 0.8
"""Different whole numbers that fill at least this share of their range number rows."""

IDENTIFIER_NAME = re.compile(
    r"(.*[\s_.-])?(id|idx|index|key|uuid|guid|row)|.*[a-z]I[dD]",
)
"""Names of columns that name rows, if all their values are different."""

INDEX_NAME = re.compile(
    r"unnamed: ?[\d.]+|__index_level_\d+__|level_\d+|\.\.\.\d+|row[\s_.-]?names?"
)
"""Names that programs give to row numbers, beside none at all."""

LEAST_NUMBERING = 0.5
"""Row numbers are more than this share different; a filtered table may be joined."""

CODE_NAME = re.compile(
    r"(.*[\s_.-])?(zip|zip[\s_.-]?code|post(al)?[\s_.-]?code|plz|fips|phone|fax|isbn|ean"
    r"|upc|sku)",
)
"""Names of columns whose whole numbers are codes, more likely than not."""

LEAST_DIGITS = 0.9
"""A column of classes is one of codes if so many of its texts are digits."""

FEW_ROWS = 100
"""With fewer rows, scores of splits differ so much that little can be decided."""

UNEQUAL_SHARE = 0.8
VERY_UNEQUAL_SHARE = 0.95
OUTLIER = 10.0
"""Standard deviations from the mean; what lies beyond is cut off there."""


def why_left_out(name: str, column: Column, *, has_name: bool) -> str:
    """Return why nothing can be learned from a column, "" if something can.

    Args:
        name: What it is called here.
        column: What it holds.
        has_name: Whether the file has a name for it.

    Returns:
        "empty" or "constant"; "row numbers" for whole numbers, more than half of them
        different, in a column without a name or with one that programs give to row
        numbers; "identifier" for whole numbers that are all different and without
        gaps, or in a column that is called so (`id`, `customer_id`, `rowId`); "texts"
        for texts of which each is in fewer than `MIN_CATEGORY_ROWS` rows.
    """
    known = column.values.dropna()
    num_different = known.nunique()
    if num_different == 0:
        return "empty"
    if num_different == 1 and len(known) == len(column.values):
        return "constant"
    if column.reading.kind == "categorical":
        is_rare = known.value_counts().iloc[0] < MIN_CATEGORY_ROWS
        return "texts" if is_rare else ""
    if column.reading.kind != "numeric":
        return ""
    numbers = known.to_numpy()
    if (numbers != np.round(numbers)).any():
        return ""
    is_index = not has_name or bool(INDEX_NAME.fullmatch(name.lower()))
    if is_index and num_different > LEAST_NUMBERING * len(column.values):
        return "row numbers"
    if len(known) < len(column.values) or num_different < len(known):
        return ""
    reach = numbers.max() - numbers.min() + 1
    is_called_so = any(map(IDENTIFIER_NAME.fullmatch, (name, name.lower())))
    is_dense = len(numbers) >= LEAST_DENSITY * reach
    return "identifier" if is_called_so or is_dense else ""


def why_not_kept(reason: str) -> str:
    """Return what must hold of a column that is to be kept, by why it cannot be."""
    must = "must name a column that can be used; "
    if reason == "texts":
        return (
            f"{must}in this one each text is in fewer than {MIN_CATEGORY_ROWS} rows, "
            "and of such texts no input can be made: make columns of what they say"
        )
    what = {"empty": "holds no values", "constant": "has one value only"}
    return f"{must}this one {what.get(reason, 'has cells that are no plain values')}"


def describe_repairs(name: str, column: Column) -> list[Note]:
    """Return what had to be guessed or given up to read a column."""
    who, reading = f"Column {quote(name)}", column.reading
    found: list[tuple[str, Literal["info", "warning"], str]] = []
    if column.num_infinite:
        text = (
            f"{_count(column.num_infinite, 'number')} infinite or too large for a "
            "network, taken as missing."
        )
        found.append(("infinite_values", "warning", f": {text}"))
    if column.num_unreadable:
        what = {"numeric": "numbers", "date": "dates", "boolean": "truth values"}
        text = (
            f" holds {what[reading.kind]}, but "
            f"{_count(column.num_unreadable, 'value')} something else "
            f"({quote_all(column.unreadable[:3])}), taken as missing."
        )
        found.append(("mixed_values", "warning", text))
    if column.num_bounds:
        text = (
            f": {_count(column.num_bounds, 'value')} only a bound "
            f"({quote_all(column.bounds[:3])}), and read as the bound itself."
        )
        found.append(("bounds", "info", text))
    if reading.style in ("comma", "thousands"):
        is_comma = reading.style == "comma"
        as_what = "the decimal point" if is_comma else "a separator of thousands"
        text = f": a comma in numbers is read as {as_what}."
        found.append(("comma_numbers", "info", text))
    if reading.units:
        units = quote_all(unit_texts(reading.units))
        text = f": numbers are written with a unit ({units}), and read without."
        found.append(("units", "info", text))
    if reading.day_or_month:
        order = reading.date_format.split(" ")[0]
        text = f": day and month could be either way round; dates are read as {order}."
        found.append(("ambiguous_dates", "warning", text))
    if column.zones:
        zones = quote_all(column.zones)
        text = f": times have a zone ({zones}); the local time is kept as written."
        found.append(("time_zones", "info", text))
    if column.units_differ:
        text = (
            f" holds numbers in units that differ ({quote_all(column.units_differ)}), "
            "and is read as classes: write all in one unit."
        )
        found.append(("units_differ", "warning", text))
    return [Note(code, severity, who + text) for code, severity, text in found]


def describe_codes(name: str, column: Column, cells: pd.Series) -> list[Note]:
    """Return a note where digits are taken as codes, or are codes more likely."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(cells.dtype):
        digits = column.reading.kind == "numeric"
    else:
        texts = cells.dropna().astype(str).str.strip()
        digits = bool(len(texts)) and texts.str.fullmatch(r"\d+").mean() >= LEAST_DIGITS
    if not digits:
        return []
    who = f"Column {quote(name)}"
    if column.reading.kind == "categorical":
        text = (
            f"{who} holds numbers that are taken as codes, that is as classes (whole "
            "numbers of one length, some of which begin with a zero, or a column of "
            f"text): say `numeric` (`--numeric {name}`) if they are quantities."
        )
        return [Note("codes", "info", text)]
    if column.reading.kind == "numeric" and CODE_NAME.fullmatch(name.lower()):
        text = (
            f"{who} is called as codes are, but read as numbers: say `categorical` "
            f"(`--categorical {name}`) if larger is not more."
        )
        return [Note("called_codes", "warning", text)]
    return []


def describe_left_out(
    reasons: Mapping[str, str], kinds: Mapping[str, str]
) -> list[Note]:
    """Return why columns are not used.

    Args:
        reasons: By column, what `why_left_out` says, or "unusable".
        kinds: Of unusable ones, the type of their cells.
    """
    named: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        named.setdefault(reason, []).append(name)
    notes = []
    what = ", ".join(dict.fromkeys(kinds.values()))
    keep = "`keep` (`--keep COLUMN`) uses them still."
    texts: dict[str, tuple[str, Literal["info", "warning"], str, str]] = {
        "unusable": (
            "unusable_columns",
            "warning",
            f"their cells are no plain values ({what})",
            "",
        ),
        "empty": ("empty_columns", "warning", "they hold no values", ""),
        "constant": ("constant_columns", "info", "they have one value only", ""),
        "row numbers": (
            "row_numbers",
            "warning",
            "they number the rows (whole numbers without a name of their own, as a "
            "saved index)",
            keep,
        ),
        "identifier": (
            "identifier_columns",
            "warning",
            "they name rows (numbers that are all different)",
            keep,
        ),
        "texts": (
            "text_columns",
            "warning",
            f"each of their texts is in fewer than {MIN_CATEGORY_ROWS} rows",
            "Such texts cannot be used here; make columns of what they say.",
        ),
    }
    for reason, (code, severity, why, more) in texts.items():
        if reason in named:
            text = f"Left out, as {why}: {quote_all(named[reason])}. {more}".strip()
            notes.append(Note(code, severity, text))
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
        *([] if by_time else _dates(frame, kinds)),
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


def _dates(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> list[Note]:
    dates = [
        name
        for name, kind in kinds.items()
        # Times of day are all on one day.
        if kind == "date" and frame[name].dt.normalize().nunique() > 1
    ]
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
