"""Turn columns of one kind into numbers, with statistics of the rows fitted on.

Every encoder is a scikit-learn transformer from a frame in canonical form to an array
[N, D]. How many columns it makes is fixed when it is made, not when it is fitted, so
that all splits of a data set have the same inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ablations.study.table.columns import Reading, read_column_as
from ablations.study.table.note import quote_all
from ablations.study.table.ranks import normal_scores
from models.config import ConfigError

PARTS = ("month", "weekday", "hour")
"""What of a date comes round, and is a point on a circle."""

WAVES = ("sine", "cosine")
MILLISECONDS_PER_DAY = 86_400_000

OTHER = " (other)"
MISSING = " (missing)"
"""No category is called so: categories have no blanks around them."""


class _Encoder(TransformerMixin, BaseEstimator):
    """What all encoders here share: they take frames and, mostly, learn nothing."""

    def fit(self, frame: pd.DataFrame, y: Any = None) -> _Encoder:
        """Learn nothing."""
        self.is_fitted_ = True
        return self


class ColumnReader(_Encoder):
    """Read new rows as the rows of the data set were read; canonical ones pass.

    Attributes:
        readings: How each column is read; other columns are left out.
    """

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        """Keep the readings."""
        self.readings = readings

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the columns in canonical form, in the order of the readings.

        Raises:
            ConfigError: If the frame has not all the columns.
        """
        absent = [name for name in self.readings if name not in frame.columns]
        if absent:
            raise ConfigError(f"`frame` must have the columns {quote_all(absent)}.")
        return pd.DataFrame(
            {
                name: read_column_as(frame[name], reading).values
                for name, reading in self.readings.items()
            },
            index=frame.index,
        )

    def get_feature_names_out(self, names: Any = None) -> np.ndarray:
        """Return the names of the columns."""
        return np.array(list(self.readings), dtype=object)


class Clip(_Encoder):
    """Cut numbers off at `limit` on both sides of zero."""

    def __init__(self, limit: float) -> None:
        """Keep the limit."""
        self.limit = limit

    def transform(self, x: np.ndarray) -> np.ndarray:
        """Return numbers between `-limit` and `limit`."""
        return np.clip(x, -self.limit, self.limit)

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """Return the names given."""
        return np.asarray(names, dtype=object)


class NormalScores(_Encoder):
    """Turn each number into the normal score of its rank among the rows fitted on.

    What lies between two known numbers gets a score between theirs, what lies outside
    the score of the nearest.
    """

    def fit(self, x: np.ndarray, y: Any = None) -> NormalScores:
        """Find the distribution of every column [N, D]."""
        self.curves_ = [normal_scores(column) for column in np.asarray(x).T]
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        """Return scores [N, D]."""
        columns = zip(np.asarray(x).T, self.curves_, strict=True)
        return np.stack([np.interp(one, *curve) for one, curve in columns], axis=1)

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """Return the names given."""
        return np.asarray(names, dtype=object)


class IsMissing(_Encoder):
    """Say with 1 which values are missing, with 0 which are there."""

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Return [N, D] with a column for every column."""
        return frame.isna().to_numpy(np.float64)

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """Return a name for every column."""
        return np.array([f"{name} is missing" for name in names], dtype=object)


class OneHot(_Encoder):
    """Make a column of zeros and ones for every category of a vocabulary.

    After them come a column for other categories and one for missing values, where
    the vocabulary lists `OTHER` and `MISSING`. A category in fewer than `min_rows` of
    the rows fitted on counts as another one, its own column stays zero. What has no
    column at all is zero in all columns.

    Attributes:
        vocabulary: What gets a column of its own, for every column of the frame.
        min_rows: Least number of rows from which something about a category can be
            learned.
    """

    def __init__(
        self, vocabulary: Mapping[str, Sequence[str]], min_rows: int = 1
    ) -> None:
        """Keep the vocabulary."""
        self.vocabulary = vocabulary
        self.min_rows = min_rows

    def fit(self, frame: pd.DataFrame, y: Any = None) -> OneHot:
        """Find the categories that are frequent enough in these rows."""
        self.known_: dict[str, frozenset[str]] = {}
        for name in self.vocabulary:
            counts = frame[name].value_counts()
            self.known_[name] = frozenset(counts.index[counts >= self.min_rows])
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Return [N, D] of zeros and ones."""
        parts = []
        for name, columns in self.vocabulary.items():
            # The last column is for what has none, and goes at the end.
            nowhere = len(columns)
            special = {column: nowhere for column in (OTHER, MISSING)}
            own = {}
            for place, column in enumerate(columns):
                if column in (OTHER, MISSING):
                    special[column] = place
                elif column in self.known_[name]:
                    own[column] = place
            other, missing = special[OTHER], special[MISSING]
            places = [
                missing if cell is None else own.get(cell, other)
                for cell in frame[name]
            ]
            parts.append(np.eye(nowhere + 1)[np.array(places, int), :-1])
        return np.concatenate(parts, axis=1)

    def get_feature_names_out(self, names: Any = None) -> np.ndarray:
        """Return `column = category` for every column made."""
        made = [
            f"{name} = {column.strip()}"
            for name, columns in self.vocabulary.items()
            for column in columns
        ]
        return np.array(made, dtype=object)


class DateParts(_Encoder):
    """Turn dates into days since 1970 and the sine and cosine of what comes round.

    Attributes:
        parts: Of each column, which of "month", "weekday" and "hour" to make.
    """

    def __init__(self, parts: Mapping[str, Sequence[str]]) -> None:
        """Keep the parts."""
        self.parts = parts

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Return [N, D], NaN where a date is missing."""
        made = []
        for name, parts in self.parts.items():
            made.append(elapsed_days(frame[name]))
            for part in parts:
                angle = 2 * np.pi * share_of_round(frame[name], part)
                made += [np.sin(angle), np.cos(angle)]
        return np.stack(made, axis=1)

    def get_feature_names_out(self, names: Any = None) -> np.ndarray:
        """Return a name for every column made."""
        made = []
        for name, parts in self.parts.items():
            made.append(f"{name} days")
            made += [f"{name} {part} {wave}" for part in parts for wave in WAVES]
        return np.array(made, dtype=object)


def elapsed_days(dates: pd.Series) -> np.ndarray:
    """Return days since the start of 1970 [N], NaN where missing."""
    # Not by subtraction, which turns to nanoseconds and so ends in the year 2262.
    since = dates.to_numpy("datetime64[ms]")
    days = since.astype(np.int64) / MILLISECONDS_PER_DAY
    return np.where(np.isnat(since), np.nan, days)


def share_of_round(dates: pd.Series, part: str) -> np.ndarray:
    """Return how much of the year, week or day is over [N], from 0 to below 1."""
    if part == "month":
        share = (dates.dt.month - 1) / 12
    elif part == "weekday":
        share = dates.dt.day_of_week / 7
    else:
        share = (dates.dt.hour + dates.dt.minute / 60) / 24
    return share.to_numpy(np.float64)


def varying_parts(dates: pd.Series) -> tuple[str, ...]:
    """Return which of month, weekday and hour differ between dates."""
    known = dates.dropna()
    return tuple(
        part for part in PARTS if len(np.unique(share_of_round(known, part))) > 1
    )
