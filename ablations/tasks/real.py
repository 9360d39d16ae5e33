"""Split the data that come with scikit-learn: a fixed test part, the rest by seed.

The test part is the same for all seeds and has the classes (for numbers, their fifths)
in the shares of the whole.
The other rows are put into an order per seed; the first train, the last validate.
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
LARGEST_PIXEL = 16.0
NUM_FIFTHS = 5


@lru_cache(maxsize=8)
def loaded(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs `[N, D]` as on file and labels or targets `[N]`."""
    files = {"breast_cancer_split": "breast_cancer.csv", "wine": "wine_data.csv"}
    if name == "digits":
        table = np.loadtxt(bundled("digits.csv.gz"), delimiter=",")
    elif name == "diabetes":
        x = np.loadtxt(bundled("diabetes_data_raw.csv.gz"))
        return x, np.loadtxt(bundled("diabetes_target.csv.gz"))
    else:
        file = bundled(files.get(name, f"{name}.csv"))
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1].astype(np.int64)


def bundled(file: str) -> Path:
    """Return where scikit-learn keeps a file of data.

    Its loaders give the same numbers, but importing them takes a second, and commands
    that only read need these tasks too.

    Raises:
        ConfigError: If the installed scikit-learn does not have it there.
    """
    found = find_spec("sklearn")
    places = found.submodule_search_locations if found else None
    path = Path(*(places or ["sklearn"]), "datasets", "data", file)
    if not path.exists():
        must = "`sklearn` must be installed with its data."
        raise ConfigError(f"{must} Missing: {path}.")
    return path


@lru_cache(maxsize=8)
def rows_to_split(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that a seed splits, and those of the fixed test part."""
    _, y = loaded(name)
    strata = y
    if y.dtype.kind == "f":
        edges = np.quantile(y, np.arange(1, NUM_FIFTHS) / NUM_FIFTHS)
        strata = np.searchsorted(edges, y)
    order = np.random.default_rng(TEST_SEED).permutation(len(y))
    # Each stratum is spread evenly over 0 to 1; the last of that order are the test.
    place = np.empty(len(y))
    for stratum in np.unique(strata):
        mine = order[strata[order] == stratum]
        place[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    by_place = order[np.argsort(place[order], kind="stable")]
    num = NUM_ROWS_TO_SPLIT[name]
    return np.sort(by_place[:num]), np.sort(by_place[num:])


def split(config: TaskConfig, seed: int) -> Data:
    """Return the rows of one seed; scaling knows the training rows only.

    Pixels are divided by 16, the largest (but for `standardized` and `raw`). Targets
    that are numbers are divided by the standard deviation of the training rows, after
    subtracting their mean where they are `signed`.
    """
    x, y = loaded(config.name)
    pool, test = rows_to_split(config.name)
    order = generator(config.name, "split", seed).permutation(pool)
    chosen = {
        "train": order[: config.setting("num_train")],
        "val": order[len(order) - config.setting("num_val") :],
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
        parts = {part: rows / LARGEST_PIXEL for part, rows in parts.items()}
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
