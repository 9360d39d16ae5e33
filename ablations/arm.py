"""Describe an arm: the network, the training and the task that its runs share."""

from __future__ import annotations

from typing import Any, Literal

from ablations.prediction import ScoreConfig
from ablations.tasks import TaskConfig, make_task
from ablations.training_config import TrainingConfig
from models.config import (
    ConfigError,
    FrozenConfig,
    MLPConfig,
    NonNegativeInt,
    Positive,
    PositiveInt,
)

ENGINE_VERSION = 1
"""Number in every run's key; it grows when the same specification trains otherwise."""

TUNING_SEEDS_START = 1_000_000
"""Seeds from here on choose hyperparameters; those below judge."""

SMALLEST_NUM_TRIALS = 3
"""Fewest rates that tuning may try."""


class ArmConfig(FrozenConfig):
    """Describe everything about a run except its seed.

    Args:
        task: The rows to train on.
        model: The network.
        training: The training.
        engine: `stack` trains many runs as one program, `fit` one after the other
            with `keras.Model.fit`, from the same starting weights.
    """

    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    engine: Literal["stack", "fit"] = "stack"

    def specification(self) -> dict[str, Any]:
        """Return the plain data that a run's key is the digest of."""
        return {
            "engine": self.engine,
            "engine_version": ENGINE_VERSION,
            "data": make_task(self.task).digest,
            **self.model_dump(mode="json", exclude={"engine"}),
        }


class TuneConfig(FrozenConfig):
    """Choose the learning rate with the best mean score over tuning seeds.

    The rates are tried on `seeds` seeds that never judge; the best of them trains the
    judged runs. Where the best rate is the smallest or the largest, the grid grows on
    that side by its own ratio; so do the grids of arms that it is compared with, so
    that all have tried the same number of rates in the end.

    Args:
        learning_rates: The grid, increasing; empty for an oracle.
        score: What is maximized, on average over the tuning seeds.
        seeds: Number of tuning seeds.
        widen: How often the grid may grow to either side.
        show_default: Also train the arm at the rate of its config, on the seeds that
            judge, and show its score beside the tuned one.
        oracle: `grid` tries the grid; `random` and `bayesian` let KerasTuner propose
            `trials` rates between the `bounds`.
        trials: Number of rates that an oracle proposes, at least three.
        bounds: Smallest and largest rate that it may propose.
        oracle_seed: Seed of its proposals.
    """

    learning_rates: tuple[Positive, ...] = ()
    score: ScoreConfig
    seeds: PositiveInt = 400
    widen: NonNegativeInt = 3
    show_default: bool = False
    oracle: Literal["grid", "random", "bayesian"] = "grid"
    trials: PositiveInt | None = None
    bounds: tuple[Positive, Positive] | None = None
    oracle_seed: PositiveInt = 1

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


class Arm(FrozenConfig):
    """Put an arm into a claim.

    Args:
        config: What its runs are.
        max_seeds: Largest number of runs, for arms whose runs are dear.
        tune: How the learning rate is chosen; None keeps that of `config`.
    """

    config: ArmConfig
    max_seeds: PositiveInt | None = None
    tune: TuneConfig | None = None

    def with_learning_rate(self, rate: float) -> ArmConfig:
        """Return the arm's config at another learning rate."""
        training = self.config.training
        optimizer = training.optimizer.replace(learning_rate=rate)
        return self.config.replace(training=training.replace(optimizer=optimizer))
