"""Train with early stopping, and say when runs stop and what they keep."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, requirement

KEPT = ("val_loss", "val_accuracy", "test_loss", "test_accuracy")
"""What is measured of the weights that a run keeps."""


class EarlyStoppedConfig(ExperimentConfig):
    """Describe networks that stop early; each run is one number per quantity.

    Args:
        task: The rows, with validation and test rows.
        model: The network.
        training: The training, with early stopping; its metrics are not read.

    Raises:
        ConfigError: If the training does not stop early or rows are missing.
    """

    chunk_size: ClassVar[int] = 250
    seconds_per_run: ClassVar[float] = 0.005

    kind: Literal["early_stopped"] = "early_stopped"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.training.early_stopping is None:
            must = "must have `early_stopping`"
            raise requirement("training", must, self.training.early_stopping)
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes, validation rows and test rows"
            raise requirement("task", must, self.task.name)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the epochs made and kept, and what is kept.

        `stopped_early` is 1 for runs that ended before their epochs ran out.
        """
        kept = (f"{name}_kept" for name in KEPT)
        return ("stopped_after", "kept_epoch", "stopped_early", *kept)

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the updates of the whole training; all numbers stand there."""
        return (self.training.total_steps(make_task(self.task).num_rows),)

    def count_updates(self, task: Task | None) -> int | None:
        """Return the updates of a run that does not stop early."""
        return None if task is None else self.training.total_steps(task.num_rows)

    def get_loss(self) -> str:
        """Return what is minimized."""
        return self.training.loss

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train until runs stop, and read what they keep."""
        from ablations.training.train import train_stack

        task = make_task(self.task)
        result = train_stack(
            self.model,
            self.training.replace(metrics=KEPT),
            seeds,
            task.rows(seeds),
            pad_to=self.chunk_size,
        )
        per_epoch = self.training.steps_per_epoch(task.num_rows)
        total = self.recorded_steps()[0]
        made = np.where(result.stopped_at < 0, total, result.stopped_at)
        # A run that diverged before the end of an epoch keeps what it started with.
        kept = np.maximum(result.best_at, 0)
        columns = np.searchsorted(result.log_steps, kept)
        found = {
            "stopped_after": made / per_epoch,
            "kept_epoch": kept / per_epoch,
            "stopped_early": result.stopped_at >= 0,
            **{
                f"{name}_kept": result.curves[name][np.arange(len(seeds)), columns]
                for name in KEPT
            },
        }
        return {
            "steps": np.full((len(seeds), 1), total, np.int32),
            **{
                f"curve.{name}": np.asarray(v, np.float32)[:, None]
                for name, v in found.items()
            },
            "diverged_at": result.diverged_at,
        }
