"""Read which learning rate tuning chose for an arm, and what it has still to try."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ablations.protocol.arm import Arm, TuneConfig
from ablations.protocol.run_config import RunConfig


def wider_grid(rates: tuple[float, ...], *, upwards: bool) -> tuple[float, ...]:
    """Return a grid with one more rate at an end, by the ratio of the last two there.

    Examples:
        >>> wider_grid((0.01, 0.1, 1.0), upwards=True)
        (0.01, 0.1, 1.0, 10.0)
    """
    inner, end = (rates[-2], rates[-1]) if upwards else (rates[1], rates[0])
    # Twelve digits, so that 0.1 x 0.1 is 0.01.
    new = float(f"{end * (end / inner):.12g}")
    return (*rates, new) if upwards else (new, *rates)


@dataclass(frozen=True)
class Choice:
    """Hold the learning rate that tuning chose for an arm.

    Attributes:
        config: The arm at that rate, or at the multiple of it that is judged.
        learning_rate: The rate that is best, None for runs that have none.
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
    def judged(self) -> float:
        """The rate at which the judged runs train."""
        # Twelve digits, so that 3 x 0.1 is 0.3.
        return float(f"{self.best * (self.tune.times or 1.0):.12g}")

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


def _from_middle(rate: float, grid: Sequence[float]) -> float:
    """Return how many places a rate is from the middle of its grid."""
    return abs(grid.index(rate) - (len(grid) - 1) / 2)
