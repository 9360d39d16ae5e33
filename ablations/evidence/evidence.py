"""Read what was trained and measured for a claim, as scores ready to be judged."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any, Protocol, Self

import numpy as np

from ablations.evidence.scores import score
from ablations.evidence.tuning import Choice, _Grid, proposal_specification
from ablations.evidence.versions import measurement_specification
from ablations.protocol.arm import TUNING_SEEDS_START, Arm
from ablations.protocol.claim import Claim
from ablations.protocol.run_config import RunConfig
from ablations.store.codec import spec_digest
from ablations.store.table import RunTable


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

    def for_claim(self, claim: Claim) -> Self:
        """Return what a claim reads: the seeds that judge it may begin later."""
        mine = copy.copy(self)
        mine.first_seed = self._store.first_seed + claim.seeds.first
        return mine

    def runs(
        self, config: RunConfig, num_seeds: int, first_seed: int | None = None
    ) -> RunTable:
        """Return the runs there are with seeds in [first_seed, first_seed + n).

        Without `first_seed`, those that judge.
        """
        first_seed = self.first_seed if first_seed is None else first_seed
        digest = config.digest
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
            arm.with_learning_rate(grid.judged),
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
