"""Say how much each row counts: by a column of the user, and by its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.table.columns import (
    Reading,
    UnusableColumn,
    read_column,
    read_column_as,
)
from ablations.study.table.note import quote
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd


def read_weights(
    frame: pd.DataFrame, name: str | None, rows: np.ndarray
) -> np.ndarray | None:
    """Return the weights `[N]` that a column holds for rows of a table.

    Args:
        frame: The table.
        name: The column; None has no weights.
        rows: The rows that are used `[N]`.

    Raises:
        ConfigError: If one is no finite number of at least 0, or all are 0.
    """
    if name is None:
        return None
    column = frame[name].iloc[rows]
    who = f"in column {quote(column.name)}"
    try:
        read = read_column(column)
        if read.reading.kind not in ("numeric", "boolean"):
            read = read_column_as(column, Reading("numeric"))
        values = read.values.to_numpy(float)
    except UnusableColumn as error:
        must = f"must hold numbers {who}, not cells of type {error}"
        raise requirement("sample_weight", must, column.name) from None
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        must = f"must hold a finite number of at least 0 in every row {who}"
        cell = column.iloc[wrong[0]]
        raise requirement("sample_weight", must, f"{cell!r} in {len(wrong):,} row(s)")
    if not values.any():
        must = f"must be above 0 in some rows {who}"
        raise requirement("sample_weight", must, "0 in every row")
    return values


def weights_of(
    weights: np.ndarray | None,
    target: np.ndarray,
    parts: Mapping[str, np.ndarray],
    class_weight: str = "none",
) -> dict[str, np.ndarray | None]:
    """Return the weights of the rows of each part of a split, `[N]` of mean 1.

    Those of the column that was named, times those of the classes in the parts `train`
    and `val`, so that nets are trained by both, and stopped and tuned by both. A part
    whose rows all count alike has None.

    Args:
        weights: Those of the column, of all rows; None without one.
        target: Class of every row, where `class_weight` is not `none`.
        parts: Rows of each part, `train` among them.
        class_weight: `balanced` makes all classes of the training rows count alike.

    Raises:
        ConfigError: If all rows of a part have weight 0.
    """
    found: dict[str, np.ndarray | None] = {}
    for part, rows in parts.items():
        mine = None if weights is None else weights[rows]
        if class_weight == "balanced" and part != "test":
            by_class = class_weights(target[parts["train"]], target.max() + 1)
            of_class = by_class[target[rows]]
            mine = of_class if mine is None else mine * of_class
        if mine is not None and not mine.any():
            must = "must be above 0 in some rows of every part of every split"
            raise requirement("sample_weight", must, f"0 in all {len(rows)} of one")
        found[part] = None if mine is None else (mine / mine.mean()).astype(np.float32)
    return found


def class_weights(codes: np.ndarray, num_classes: int) -> np.ndarray:
    """Return weights `[K]` by which all classes count alike.

    The rows of a class that has N_k of N rows weigh `N / (K N_k)` each, as with the
    `class_weight` "balanced" of scikit-learn; over all rows the mean is 1. Classes
    without rows are not counted, and have 1.

    Args:
        codes: The class of every row `[N]`.
        num_classes: How many classes there are.
    """
    counts = np.bincount(codes, minlength=num_classes)
    present = np.count_nonzero(counts)
    return np.where(counts, len(codes) / (present * np.maximum(counts, 1)), 1.0)
