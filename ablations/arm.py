"""Describe an arm: the network, the training and the task that its runs share."""

from __future__ import annotations

from typing import Any, Literal

from ablations.prediction import ScoreConfig
from ablations.tasks import TaskConfig, make_task
from ablations.training_config import TrainingConfig
from models.config import ConfigError, FrozenConfig, MLPConfig, Positive, PositiveInt

ENGINE_VERSION = 1
"""Number in every run's key; it grows when the same specification trains otherwise."""

TUNING_SEEDS_START = 1_000_000
"""Seeds from here on choose hyperparameters; those below judge."""


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
    judged runs.

    Args:
        learning_rates: The grid, increasing.
        score: What is maximized, on average over the tuning seeds.
        seeds: Number of tuning seeds.
    """

    learning_rates: tuple[Positive, ...]
    score: ScoreConfig
    seeds: PositiveInt = 400

    def model_post_init(self, context: object) -> None:
        """Check that the best rate can lie inside the grid."""
        rates = self.learning_rates
        if len(rates) < 3 or list(rates) != sorted(set(rates)):
            raise ConfigError(
                "`learning_rates` must be at least three increasing numbers."
                f" Received: {rates}."
            )


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
