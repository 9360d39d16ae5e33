"""Read what was trained and measured for a claim, as scores ready to be judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ablations.arm import TUNING_SEEDS_START, Arm, ArmConfig
from ablations.prediction import ScoreConfig
from ablations.scores import DERIVED
from ablations.store import Store
from ablations.store_codec import spec_digest
from ablations.store_table import RunTable
from models.config import ConfigError, one_of

MEASUREMENT_VERSION = 1
"""Number in every measurement's key; it grows when a measurement is changed."""


def measurement_specification(name: str) -> dict[str, object]:
    """Return the plain data that a measurement's key is the digest of."""
    return {"measurement": name, "measurement_version": MEASUREMENT_VERSION}


def score(table: RunTable, config: ScoreConfig) -> np.ndarray:
    """Return one number per run `[S]`, as the score says.

    Success scores are 0 or 1, and 0 for every run that is not `ok`. Other scores of
    such runs are NaN, for the caller to rank last.

    Raises:
        ConfigError: If the quantity was not recorded, or not at that update.
    """
    if config.quantity in DERIVED:
        values = DERIVED[config.quantity](table)
    else:
        values = curve_at(table, config.quantity, config.at)
    values = np.where(table.status == "ok", values, np.nan)
    if not config.is_success:
        return values
    low = -np.inf if config.at_least is None else config.at_least
    high = np.inf if config.at_most is None else config.at_most
    return ((values >= low) & (values <= high)).astype(np.float64)


def curve_at(table: RunTable, metric: str, at: int | None) -> np.ndarray:
    """Return a recorded metric after `at` updates, the last if None `[S]`."""
    name = f"curve.{metric}"
    one_of("quantity", name, table.arrays)
    curve = table.arrays[name]
    if at is None:
        return curve[:, -1].astype(np.float64)
    steps = table.arrays["steps"][0]
    (column,) = np.nonzero(steps == at)
    if not len(column):
        raise ConfigError(
            f"`at` must be a recorded number of updates, one of {steps.tolist()}."
            f" Received: {at}."
        )
    return curve[:, column[0]].astype(np.float64)


@dataclass(frozen=True)
class Choice:
    """Hold the learning rate that tuning chose for an arm.

    Attributes:
        config: The arm at that rate.
        learning_rate: The rate.
        tried: Mean score at every rate of the grid, empty for an arm without tuning.
        at_edge: Whether the best rate is the smallest or largest of the grid.
    """

    config: ArmConfig
    learning_rate: float
    tried: dict[float, float]
    at_edge: bool


class Evidence:
    """Read runs and measurements from a store; what is missing is absent."""

    def __init__(self, store: Store) -> None:
        """Read from an open store."""
        self._store = store
        self._tables: dict[tuple[str, int, int], RunTable] = {}

    def runs(self, config: ArmConfig, num_seeds: int, first_seed: int = 0) -> RunTable:
        """Return the runs there are with seeds in [first_seed, first_seed + n)."""
        digest = spec_digest(config.specification())
        key = (digest, num_seeds, first_seed)
        if key not in self._tables:
            seeds = np.arange(first_seed, first_seed + num_seeds)
            self._tables[key] = self._store.load(digest, seeds)
        return self._tables[key]

    def choice(self, arm: Arm) -> Choice | None:
        """Return the tuned arm, or None while tuning runs are missing."""
        if arm.tune is None:
            rate = arm.config.training.optimizer.learning_rate
            return Choice(arm.config, rate, {}, at_edge=False)
        tried = {}
        for rate in arm.tune.learning_rates:
            table = self.runs(
                arm.with_learning_rate(rate), arm.tune.seeds, TUNING_SEEDS_START
            )
            if len(table) < arm.tune.seeds:
                return None
            tried[rate] = float(np.mean(score(table, arm.tune.score)))
        best = max(tried, key=lambda rate: tried[rate])
        grid = arm.tune.learning_rates
        return Choice(
            arm.with_learning_rate(best), best, tried, best in (grid[0], grid[-1])
        )

    def measurement(self, name: str) -> dict[str, np.ndarray] | None:
        """Return the numbers of a measurement by name, or None if it was not made."""
        digest = spec_digest(measurement_specification(name))
        table = self._store.load(digest)
        if not len(table) or table.status[0] != "ok":
            return None
        return {name: array[0] for name, array in table.arrays.items()}
