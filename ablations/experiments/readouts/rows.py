"""Read what comes of rows that a mistake in the preparation of the data has damaged."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import ReadoutConfig
from ablations.tasks import make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig

Damage = Literal["held_out_scaled", "label_in_inputs", "labels_of_other_rows", "none"]

SCALE = 10.0
"""Factor on those held-out inputs that were not scaled as in the training rows."""

LEAK = 3.0
"""Distance of neighboring classes in an input that gives the label away."""


class DamagedRowsConfig(ReadoutConfig):
    """Record the curves of networks whose rows were damaged before training.

    `held_out_scaled` multiplies every second input of validation and test rows by
    `SCALE`, as if it came in another unit.
    `label_in_inputs` overwrites the first input of the training rows with `LEAK` times
    the number of the class; held-out rows, whose class nobody knows yet, have 0 there.
    `labels_of_other_rows` gives every training row the label of the row before it, as
    if one column of a table had slipped.
    `none` leaves them as they are.

    Args:
        damage: What happens to the rows.
    """

    chunk_size: ClassVar[int] = 40
    seconds_per_run: ClassVar[float] = 0.05

    kind: Literal["damaged_rows"] = "damaged_rows"
    damage: Damage

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the metrics of the training."""
        return self.training.metrics

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the updates at which the training records."""
        (total,) = super().recorded_steps()
        return (*(step for step in self.training.log_steps if step < total), total)

    def get_training(self) -> TrainingConfig:
        """Return the training as it is."""
        return self.training

    def rows(self, seeds: np.ndarray) -> Data:
        """Return the damaged rows."""
        return damaged(make_task(self.task).rows(seeds), self.damage)


def damaged(data: Data, damage: Damage) -> Data:
    """Return a damaged copy of rows `[R, N, D]`."""
    parts = {name: array.copy() for name, array in data.arrays().items()}
    for held_out in (parts["x_val"], parts["x_test"]):
        if damage == "held_out_scaled":
            held_out[..., ::2] *= np.float32(SCALE)
        if damage == "label_in_inputs":
            held_out[..., 0] = 0.0
    if damage == "label_in_inputs":
        parts["x"][..., 0] = LEAK * parts["y"].argmax(axis=-1)
    if damage == "labels_of_other_rows":
        parts["y"] = np.roll(parts["y"], 1, axis=-2)
    return Data(**parts)
