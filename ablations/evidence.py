"""Read what was trained and measured for a claim, as scores ready to be judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ablations.arm import TUNING_SEEDS_START, Arm, TuneConfig, wider_grid
from ablations.prediction import ScoreConfig
from ablations.probe_scores import column_of
from ablations.run_config import RunConfig
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
    return _success(values, config) if config.is_success else values


def _success(values: np.ndarray, config: ScoreConfig) -> np.ndarray:
    """Return 1 where numbers lie inside the bounds of a score, else 0."""
    # Curves are float32: a bound of 0.95 must let in an accuracy of 0.95.
    kind = np.float64 if config.quantity in DERIVED else np.float32
    low = -np.inf if config.at_least is None else float(kind(config.at_least))
    high = np.inf if config.at_most is None else float(kind(config.at_most))
    return ((values >= low) & (values <= high)).astype(np.float64)


def first_updates(table: RunTable, target: ScoreConfig, budget: int) -> np.ndarray:
    """Return the first recorded update at which each run reaches a target `[S]`.

    Infinite for runs that do not within `budget` updates, and for all that are not
    `ok`, even if they were there before they diverged.

    Raises:
        ConfigError: If the quantity was not recorded, or not until the budget.
    """
    times = np.full(len(table), np.inf)
    ok = table.status == "ok"
    if not ok.any():
        return times
    runs = table.select(ok)
    curve = _curve(runs, target.quantity)  # [S, T]
    steps = runs.arrays["steps"]  # [S, T]
    if steps.max() < budget:
        must = "must be at most the last recorded update,"
        raise ConfigError(f"`budget` {must} {steps.max():,}. Received: {budget:,}.")
    there = (_success(curve, target) > 0) & (steps <= budget)
    times[ok] = np.where(there, steps.astype(np.float64), np.inf).min(axis=1)
    return times


def _quantity(table: RunTable, config: ScoreConfig) -> np.ndarray:
    if config.quantity in DERIVED:
        return DERIVED[config.quantity](table, config.at)
    return curve_at(table, config.quantity, config.at)


def curve_at(table: RunTable, metric: str, at: int | None) -> np.ndarray:
    """Return a recorded metric after `at` updates, the last if None `[S]`.

    Raises:
        ConfigError: If the metric was not recorded, or not at that update.
    """
    return _curve(table, metric)[:, column_of(table, at)].astype(np.float64)


def _curve(table: RunTable, metric: str) -> np.ndarray:
    """Return a recorded metric at all recorded updates `[S, T]`."""
    curves = {
        name.removeprefix("curve."): curve
        for name, curve in table.arrays.items()
        if name.startswith("curve.")
    }
    return curves[one_of("quantity", metric, (*curves, *DERIVED))]


@dataclass(frozen=True)
class Choice:
    """Hold the learning rate that tuning chose for an arm.

    Attributes:
        config: The arm at that rate.
        learning_rate: The rate, None for runs that have none.
        tried: Mean score at every rate of the grid, empty for an arm without tuning;
            infinitely bad where a run has no score.
        at_edge: Whether only the smallest or the largest rate of the grid is best, as
            wide as it may grow.
        num_widened: Number of rates that the grid has grown by.
        num_trials: Number of rates tried; an oracle may propose one twice.
    """

    config: RunConfig
    learning_rate: float | None
    tried: dict[float, float]
    at_edge: bool
    num_widened: int = 0
    num_trials: int = 0


FIRST_PROPOSALS = 3
"""Rates that the Bayesian oracle proposes before it has seen a score."""

EDGE = 0.05
"""Share of an oracle's range, in logarithms, at either end that counts as its edge."""


def proposal_specification(
    tune: TuneConfig, history: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    """Return the plain data that the key of an oracle's proposals is the digest of.

    The proposals follow from it alone; they are stored, so that light commands can
    read what KerasTuner proposed.

    Args:
        tune: The tuning.
        history: Rates proposed so far, with their scores.
    """
    first = tune.trials if tune.oracle == "random" else FIRST_PROPOSALS
    return {
        "proposal": tune.oracle,
        "proposal_version": 1,
        "seed": tune.oracle_seed,
        "bounds": list(tune.bounds or ()),
        "trials": tune.trials,
        "count": 1 if history else min(first or 0, tune.trials or 0),
        # JSON has no infinity: a rate at which a run has no score has none.
        "history": [[rate, s if math.isfinite(s) else None] for rate, s in history],
    }


@dataclass
class _Grid:
    """Hold the rates of an arm while they grow in number.

    `tried` holds their mean scores, negated where less is better. Those of an oracle
    stand in the order in which it proposed them; `open_proposal`
    is what it has still to be asked.
    """

    arm: Arm
    tune: TuneConfig
    rates: tuple[float, ...]
    tried: dict[float, float] = field(default_factory=dict)
    num_below: int = 0
    num_above: int = 0
    open_proposal: dict[str, Any] | None = None

    @property
    def sign(self) -> int:
        """1 where larger scores are better, -1 where smaller ones are."""
        return -1 if self.tune.score.better == "lower" else 1

    @property
    def is_complete(self) -> bool:
        """Whether all rates were tried."""
        return self.open_proposal is None and self.is_tried

    @property
    def is_tried(self) -> bool:
        """Whether the rates known by now were tried."""
        return all(rate in self.tried for rate in self.rates)

    @property
    def in_order(self) -> tuple[float, ...]:
        """The rates tried, each once, increasing."""
        return tuple(sorted(set(self.rates)))

    @property
    def best(self) -> float:
        """The best rate; of equally good ones the nearest to the middle."""
        rates = self.in_order
        enough = max(self.tried.values()) - self.tune.tolerance
        good = [rate for rate in rates if self.tried[rate] >= enough]
        return min(
            good, key=lambda rate: (_from_middle(rate, rates), -self.tried[rate])
        )

    @property
    def at_edge(self) -> bool:
        """Whether only a rate at an end is best."""
        if self.tune.bounds is not None:
            low, high = np.log(self.tune.bounds)
            place = (math.log(self.best) - low) / (high - low)
            return not EDGE < place < 1.0 - EDGE
        return self.best in (self.rates[0], self.rates[-1])

    def can_widen(self) -> bool:
        """Return whether the best rate is at an end that may still grow."""
        if not self.at_edge or self.tune.oracle != "grid":
            return False
        upwards = self.best == self.rates[-1]
        return (self.num_above if upwards else self.num_below) < self.tune.widen

    def widen(self) -> None:
        """Try one more rate, at the end that the best rate is nearest to."""
        place = self.rates.index(self.best)
        upwards = 2 * place >= len(self.rates) - 1
        self.rates = wider_grid(self.rates, upwards=upwards)
        if upwards:
            self.num_above += 1
        else:
            self.num_below += 1


class Reader(Protocol):
    """Read runs; an open `Store` does, and so does `NoRuns`."""

    @property
    def first_seed(self) -> int:
        """First of the seeds that judge."""

    def seeds_present(self, spec_digest: str) -> np.ndarray:
        """Return the seeds `[S]` of a specification that were run."""

    def load(
        self, spec_digest: str, seeds: Sequence[int] | np.ndarray | None = None
    ) -> RunTable:
        """Return the runs of a specification that are there."""


class NoRuns:
    """Stand in for a store that is not made yet."""

    def __init__(self, first_seed: int = 0) -> None:
        """Say at which seed the store will begin to judge."""
        self.first_seed = first_seed

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
        self.first_seed = store.first_seed
        self._tables: dict[tuple[str, int, int], RunTable] = {}
        self._grown: dict[frozenset[Arm], list[_Grid]] = {}

    def runs(
        self, config: RunConfig, num_seeds: int, first_seed: int | None = None
    ) -> RunTable:
        """Return the runs there are with seeds in [first_seed, first_seed + n).

        Without `first_seed`, those that judge.
        """
        first_seed = self.first_seed if first_seed is None else first_seed
        digest = spec_digest(config.specification())
        key = (digest, num_seeds, first_seed)
        if key not in self._tables:
            seeds = np.arange(first_seed, first_seed + num_seeds)
            self._tables[key] = self._store.load(digest, seeds)
        return self._tables[key]

    def choice(self, arm: Arm, rivals: Sequence[Arm] = ()) -> Choice | None:
        """Return the tuned arm, or None while tuning runs are missing.

        Of equally good rates the one nearest to the middle of the grid is chosen. A
        rate at which a run has no score is the worst.

        Args:
            arm: The arm.
            rivals: The tuned arms that it is compared with, which try as many rates.
        """
        if arm.tune is None:
            rate = arm.config.get_learning_rate()
            return Choice(arm.config, rate, {}, at_edge=False)
        grids = self._grids((arm, *rivals))
        if not all(grid.is_complete for grid in grids):
            return None
        grid = next(each for each in grids if each.arm == arm)
        return Choice(
            arm.with_learning_rate(grid.best),
            grid.best,
            {rate: grid.sign * grid.tried[rate] for rate in grid.in_order},
            grid.at_edge,
            grid.num_below + grid.num_above,
            len(grid.rates),
        )

    def rates(self, arm: Arm, rivals: Sequence[Arm] = ()) -> tuple[float, ...]:
        """Return the learning rates that an arm tries, as far as is known by now."""
        grids = self._grids((arm, *rivals)) if arm.tune else []
        return next((grid.rates for grid in grids if grid.arm == arm), ())

    def open_proposals(
        self, arm: Arm, rivals: Sequence[Arm] = ()
    ) -> list[dict[str, Any]]:
        """Return what oracles have to be asked before the tuning can go on."""
        grids = self._grids((arm, *rivals)) if arm.tune else []
        return [grid.open_proposal for grid in grids if grid.open_proposal is not None]

    def _grids(self, arms: Sequence[Arm]) -> list[_Grid]:
        """Grow the grids of arms that are compared, once for all of them."""
        key = frozenset(arms)
        if key not in self._grown:
            self._grown[key] = [
                _Grid(arm, arm.tune, arm.tune.learning_rates)
                for arm in dict.fromkeys(arms)
                if arm.tune is not None
            ]
            self._grow(self._grown[key])
        return self._grown[key]

    def _grow(self, grids: Sequence[_Grid]) -> None:
        """Grow grids until a run is missing or none need grow any more."""
        while True:
            for grid in grids:
                self._try(grid)
                if grid.tune.oracle != "grid":
                    self._ask(grid)
            if not all(grid.is_complete for grid in grids):
                return
            growing = [grid for grid in grids if grid.can_widen()]
            if not growing:
                most = max(len(grid.rates) for grid in grids)
                growing = [
                    grid
                    for grid in grids
                    if len(grid.rates) < most and grid.tune.oracle == "grid"
                ]
            if not growing:
                return
            for grid in growing:
                grid.widen()

    def _try(self, grid: _Grid) -> None:
        """Read the mean scores of a grid's rates, as far as all runs are there."""
        for rate in grid.rates:
            if rate in grid.tried:
                continue
            config = grid.arm.with_learning_rate(rate)
            table = self.runs(config, grid.tune.seeds, TUNING_SEEDS_START)
            if len(table) == grid.tune.seeds:
                mean = float(np.mean(score(table, grid.tune.score)))
                merit = grid.sign * mean
                grid.tried[rate] = -math.inf if math.isnan(mean) else merit

    def _ask(self, grid: _Grid) -> None:
        """Read an oracle's proposals, as far as it was asked and they were tried."""
        while grid.is_tried and len(grid.rates) < (grid.tune.trials or 0):
            history = [(rate, grid.tried[rate]) for rate in grid.rates]
            asked = proposal_specification(grid.tune, history)
            table = self._store.load(spec_digest(asked))
            if not len(table):
                grid.open_proposal = asked
                return
            proposed = table.arrays["learning_rates"][0]
            grid.rates = (*grid.rates, *map(float, proposed))
            self._try(grid)

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
