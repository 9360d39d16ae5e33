"""Describe an arm: the network, the training and the task that its runs share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, SerializeAsAny

from ablations.protocol.experiment import parse_experiment
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.run_config import RunConfig
from ablations.protocol.score import ScoreConfig
from models.config import (
    ConfigError,
    Finite,
    FrozenConfig,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    requirement,
)

TUNING_SEEDS_START = 1_000_000
"""Seeds from here on choose hyperparameters; those below judge."""

SMALLEST_NUM_TRIALS = 3
"""Fewest rates that tuning may try."""

Level = bool | Finite | str
"""The value of a factor: on or off, a number, or a word that names itself."""


def _parsed(value: Any) -> RunConfig:
    """Return a config given as itself or as its fields; `kind` names an experiment."""
    if isinstance(value, RunConfig):
        return value
    if isinstance(value, dict) and "kind" in value:
        return parse_experiment(value)
    return ArmConfig.model_validate(value)


class TuneConfig(FrozenConfig):
    """Choose the learning rate with the best mean score over tuning seeds.

    The rates are tried on `seeds` seeds that never judge; the best of them trains the
    judged runs. Where the best rate is the smallest or the largest, the grid grows on
    that side by its own ratio; so do the grids of arms that it is compared with, so
    that all have tried the same number of rates in the end.

    Args:
        learning_rates: The grid, increasing; empty for an oracle.
        score: What is maximized, on average over the tuning seeds; minimized if less
            of it is better.
        seeds: Number of tuning seeds.
        widen: How often the grid may grow to either side.
        show_default: Also train the arm at the rate of its config, on the seeds that
            judge, and show its score beside the tuned one.
        oracle: `grid` tries the grid; `random` and `bayesian` let KerasTuner propose
            `trials` rates between the `bounds`.
        trials: Number of rates that an oracle proposes, at least three.
        tolerance: Rates whose mean score is this close to the best count as equally
            good, and the one nearest to the middle of the grid is taken.
        bounds: Smallest and largest rate that it may propose.
        oracle_seed: Seed of its proposals.
        times: Factor on the chosen rate at which the judged runs train, to ask what a
            rate that is too high does; None trains them at the chosen one.
    """

    silent_defaults: ClassVar[frozenset[str]] = frozenset({"tolerance", "times"})

    learning_rates: tuple[Positive, ...] = ()
    score: ScoreConfig
    seeds: PositiveInt = 400
    widen: NonNegativeInt = 3
    tolerance: NonNegative = 0.0
    show_default: bool = False
    oracle: Literal["grid", "random", "bayesian"] = "grid"
    trials: PositiveInt | None = None
    bounds: tuple[Positive, Positive] | None = None
    oracle_seed: PositiveInt = 1
    times: Positive | None = None

    def model_post_init(self, context: object) -> None:
        """Check that the best rate can lie inside the grid, or between the bounds."""
        if self.oracle != "grid":
            self._check_oracle()
            return
        if self.trials is not None or self.bounds is not None:
            raise ConfigError("`trials` and `bounds` must be None for a grid.")
        rates = self.learning_rates
        if len(rates) < SMALLEST_NUM_TRIALS or list(rates) != sorted(set(rates)):
            raise ConfigError(
                "`learning_rates` must be at least three increasing numbers."
                f" Received: {rates}."
            )

    def _check_oracle(self) -> None:
        if self.learning_rates:
            raise ConfigError("`learning_rates` must be empty for an oracle.")
        if self.trials is None or self.trials < SMALLEST_NUM_TRIALS:
            raise ConfigError(
                f"`trials` must be at least {SMALLEST_NUM_TRIALS} for an oracle."
                f" Received: {self.trials}."
            )
        if self.bounds is None or self.bounds[0] >= self.bounds[1]:
            raise ConfigError(
                "`bounds` must be a smaller and a larger rate for an oracle."
                f" Received: {self.bounds}."
            )


class Arm(FrozenConfig):
    """One side of a comparison: what its runs are, and by which factors they differ.

    Args:
        levels: The factors that set this arm apart, by name, as in `{"depth": 8,
            "batch norm": True}`. Figures read them, and the arm is called by them.
        config: What its runs are.
        max_seeds: Largest number of runs, for arms whose runs are expensive.
        tune: How the learning rate is chosen; None keeps that of `config`.
    """

    levels: dict[str, Level]
    config: Annotated[SerializeAsAny[RunConfig], BeforeValidator(_parsed)]
    max_seeds: PositiveInt | None = None
    tune: TuneConfig | None = None

    def model_post_init(self, context: object) -> None:
        """Check that the levels name the arm, and that a rate to be chosen is there."""
        if not self.name:
            must = "must name the arm by a word, a number or a factor that is on"
            raise requirement("levels", must, self.levels)
        if self.tune is not None and self.config.get_learning_rate() is None:
            must = "must be None for runs without a learning rate"
            raise requirement("tune", must, self.tune)

    def __hash__(self) -> int:
        """Hash what its runs are; a mapping of levels has no hash of its own."""
        return hash((self.name, self.config))

    @cached_property
    def name(self) -> str:
        """What the arm is called: its levels in words."""
        return name_of(self.levels)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what its runs are and how they are tuned, not of its name."""
        runs = self.model_dump_json(exclude={"levels"})
        return hashlib.sha256(runs.encode()).hexdigest()

    def with_levels(self, **levels: Level) -> Self:
        """Return the same runs with further levels, or other ones."""
        return self.replace(levels=self.levels | levels)

    def with_learning_rate(self, rate: float) -> RunConfig:
        """Return the arm's config at another learning rate."""
        return self.config.with_learning_rate(rate)


def name_of(levels: Mapping[str, Level]) -> str:
    """Say levels in words: what is on by its name, a number beside its factor.

    Examples:
        >>> name_of({"optimizer": "SGD", "batch norm": True, "skip": False, "depth": 8})
        'SGD, batch norm, depth 8'
    """
    parts = []
    for factor, level in levels.items():
        if isinstance(level, str):
            parts.append(level)
        elif level is True:
            parts.append(factor.replace("_", " "))
        elif level is not False:
            parts.append(f"{factor.replace('_', ' ')} {level:,.12g}")
    return ", ".join(part for part in parts if part)
