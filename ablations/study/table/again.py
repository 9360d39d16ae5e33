"""Read the table of a study again, or one with the same columns, by the same rules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.table.dataset import Dataset
from ablations.study.table.note import quote
from ablations.study.table.reading import read_like, read_target_like, reading_of
from ablations.study.table.source import FIELD, read_table
from ablations.study.table.weights import read_weights
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd


def read_again(
    source: str | os.PathLike[str] | pd.DataFrame, plan: Mapping[str, Any]
) -> Dataset:
    """Return the rows whose target a study could have used, with its columns.

    From the table of the study come exactly the rows that it used.

    Args:
        source: A file of the kinds that a study reads, or a frame.
        plan: What `plain_readings` returned of the study's data; and under `weight`
            the name of the column that says how much rows count, if there is one.

    Raises:
        ConfigError: If a column or a cell cannot be matched, or no row has a target.
    """
    target = read_target_like(source, plan)
    classes = tuple(plan["target"]["classes"])
    known = target >= 0 if classes else np.isfinite(target)
    name = plan["target"]["name"]
    if not known.any():
        one_of = "one of the study's classes" if classes else "a number"
        must = f"must have rows whose {quote(name)} is {one_of}"
        raise requirement(FIELD, must, f"{len(known)} rows without")
    frame = read_like(source, plan)
    weight = plan.get("weight")
    weights = None if weight is None else _read_weights(source, weight, known)
    readings = {column: reading_of(plain) for column, plain in plan["columns"].items()}
    return Dataset(
        name="",
        frame=frame.loc[known].reset_index(drop=True),
        target=target[known],
        task="classification" if classes else "regression",
        classes=classes,
        kinds={column: reading.kind for column, reading in readings.items()},
        notes=(),
        digest="",
        target_name=name,
        readings=readings,
        weights=weights,
        weight_name=weight,
    )


def _read_weights(source: Any, name: str, known: np.ndarray) -> np.ndarray | None:
    """Return the weights of the rows that are used."""
    frame = source if hasattr(source, "columns") else read_table(source)
    if name not in frame:
        raise requirement(FIELD, f"must have the columns {quote(name)}", str(source))
    return read_weights(frame, name, np.flatnonzero(known))
