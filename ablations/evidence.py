"""Read what was trained and measured for a claim, as scores ready to be judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ablations.arm import TUNING_SEEDS_START, Arm, ArmConfig
from ablations.prediction import ScoreConfig
from ablations.scores import DERIVED
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

    Success scores are 0 or 1, and 0 for every run that is not `ok` or whose number is
    NaN. Other scores of runs that are not `ok` are NaN.

    Raises:
        ConfigError: If the quantity was not recorded, or not at that update.
    """
    ok = table.status == "ok"
    values = np.full(len(table), np.nan)
    if ok.any():
        values[ok] = _quantity(table.select(ok), config)
    if not config.is_success:
        return values
    # Curves are float32: a bound of 0.95 must let in an accuracy of 0.95.
    kind = np.float64 if config.quantity in DERIVED else np.float32
    low = -np.inf if config.at_least is None else float(kind(config.at_least))
    high = np.inf if config.at_most is None else float(kind(config.at_most))
    return ((values >= low) & (values <= high)).astype(np.float64)


def _quantity(table: RunTable, config: ScoreConfig) -> np.ndarray:
    if config.quantity in DERIVED:
        return DERIVED[config.quantity](table)
    return curve_at(table, config.quantity, config.at)


def curve_at(table: RunTable, metric: str, at: int | None) -> np.ndarray:
    """Return a recorded metric after `at` updates, the last if None `[S]`.

    Raises:
        ConfigError: If the metric was not recorded, or not at that update.
    """
    curves = {
        name.removeprefix("curve."): curve
        for name, curve in table.arrays.items()
        if name.startswith("curve.")
    }
    curve = curves[one_of("quantity", metric, (*curves, *DERIVED))]
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
        tried: Mean score at every rate of the grid, empty for an arm without tuning;
            minus infinity where a run has no score.
        at_edge: Whether only the smallest or the largest rate of the grid is best.
    """

    config: ArmConfig
    learning_rate: float
    tried: dict[float, float]
    at_edge: bool


class Reader(Protocol):
    """Read runs; an open `Store` does, and so does `NoRuns`."""

    def seeds_present(self, spec_digest: str) -> np.ndarray:
        """Return the seeds `[S]` of a specification that were run."""

    def load(
        self, spec_digest: str, seeds: Sequence[int] | np.ndarray | None = None
    ) -> RunTable:
        """Return the runs of a specification that are there."""


class NoRuns:
    """Stand in for a store that is not made yet."""

    def seeds_present(self, spec_digest: str) -> np.ndarray:
        """Return no seeds."""
        return np.zeros(0, np.int64)

    def load(
        self, spec_digest: str, seeds: Sequence[int] | np.ndarray | None = None
    ) -> RunTable:
        """Return no runs."""
        empty = np.zeros(0, np.int64)
        return RunTable(empty, empty.astype("<U1"), empty, {})


class Evidence:
    """Read runs and measurements from a store; what is missing is absent."""

    def __init__(self, store: Reader) -> None:
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
        """Return the tuned arm, or None while tuning runs are missing.

        Of equally good rates the one nearest to the middle of the grid is chosen. A
        rate at which a run has no score is the worst.
        """
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
            mean = float(np.mean(score(table, arm.tune.score)))
            tried[rate] = -math.inf if math.isnan(mean) else mean
        grid = arm.tune.learning_rates
        best = max(grid, key=lambda rate: (tried[rate], -_from_middle(rate, grid)))
        at_edge = best in (grid[0], grid[-1])
        return Choice(arm.with_learning_rate(best), best, tried, at_edge)

    def measurement(self, name: str) -> dict[str, np.ndarray] | None:
        """Return the numbers of a measurement by name, or None if it was not made."""
        digest = spec_digest(measurement_specification(name))
        table = self._store.load(digest)
        if not len(table) or table.status[0] != "ok":
            return None
        return {name: array[0] for name, array in table.arrays.items()}


def _from_middle(rate: float, grid: Sequence[float]) -> float:
    """Return how many places a rate is from the middle of its grid."""
    return abs(grid.index(rate) - (len(grid) - 1) / 2)
