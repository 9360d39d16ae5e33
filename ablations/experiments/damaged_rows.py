"""Train on rows that a mistake in the preparation of the data has damaged."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, requirement

Damage = Literal["held_out_scaled", "label_in_inputs", "labels_of_other_rows", "none"]

SCALE = 10.0
"""Factor on those held-out inputs that were not scaled as in the training rows."""

LEAK = 3.0
"""Distance of neighboring classes in an input that gives the label away."""


class DamagedRowsConfig(ExperimentConfig):
    """Describe networks whose rows were damaged before training.

    `held_out_scaled` multiplies every second input of validation and test rows by
    `SCALE`, as if it came in another unit.
    `label_in_inputs` overwrites the first input of the training rows with `LEAK` times
    the number of the class; held-out rows, whose class nobody knows yet, have 0 there.
    `labels_of_other_rows` gives every training row the label of the row before it, as
    if one column of a table had slipped.
    `none` leaves them as they are.

    Args:
        task: The rows, classes, with validation and test rows.
        model: The network.
        training: The training.
        damage: What happens to the rows.

    Raises:
        ConfigError: If the task has no classes, validation rows or test rows.
    """

    chunk_size: ClassVar[int] = 40
    seconds_per_run: ClassVar[float] = 0.05

    kind: Literal["damaged_rows"] = "damaged_rows"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    damage: Damage

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.task.is_regression or not self.task.is_split:
            must = "must have classes, validation rows and test rows"
            raise requirement("task", must, self.task.name)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the metrics of the training."""
        return self.training.metrics

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the updates at which the training records."""
        total = self.training.total_steps(make_task(self.task).num_rows)
        earlier = (step for step in self.training.log_steps if step < total)
        return (*earlier, total)

    def count_updates(self, task: Task | None) -> int | None:
        """Return the updates of the training."""
        return None if task is None else self.training.total_steps(task.num_rows)

    def get_loss(self) -> str:
        """Return what is minimized."""
        return self.training.loss

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Damage the rows, and train."""
        from ablations.training.train import train_stack

        data = damaged(make_task(self.task).rows(seeds), self.damage)
        result = train_stack(
            self.model, self.training, seeds, data, pad_to=self.chunk_size
        )
        return {
            "steps": np.tile(result.log_steps, (len(seeds), 1)),
            **{f"curve.{name}": curve for name, curve in result.curves.items()},
            "diverged_at": result.diverged_at,
        }


def damaged(data: Data, damage: Damage) -> Data:
    """Return a damaged copy of rows `[R, N, D]`."""
    parts = {name: array.copy() for name, array in data.arrays().items()}
    if damage == "held_out_scaled":
        parts["x_val"][..., ::2] *= np.float32(SCALE)
        parts["x_test"][..., ::2] *= np.float32(SCALE)
    if damage == "label_in_inputs":
        parts["x"][..., 0] = LEAK * parts["y"].argmax(axis=-1)
        parts["x_val"][..., 0] = 0.0
        parts["x_test"][..., 0] = 0.0
    if damage == "labels_of_other_rows":
        parts["y"] = np.roll(parts["y"], 1, axis=-2)
    return Data(**parts)
