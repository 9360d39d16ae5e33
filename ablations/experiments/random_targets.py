"""Train the printed network with L2 and dropout on its data, which are noise."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task
from ablations.tasks.data import Data
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import (
    ActivationConfig,
    MLPConfig,
    NonNegative,
    PositiveInt,
    Rate,
    requirement,
)
from models.randomness import STREAMS

STACK_SIZE = 20
NUM_INPUTS, NUM_TRAIN, NUM_VAL = 32, 1000, 200
WIDTHS = (128, 64)


class RandomTargetsConfig(ExperimentConfig):
    """Describe a 32-128-64-1 ReLU network on inputs and targets drawn apart.

    All numbers are uniform between 0 and 1, so nothing that is known of the inputs
    says anything about a target.
    As printed: Glorot's weights, Adam at a rate of 0.001, the mean squared error,
    batches of 32, a penalty on the hidden kernels only.

    Args:
        l2: Strength of the penalty.
        dropout: Share dropped after each hidden layer.
        epochs: Passes over the rows after which the network is measured.

    Raises:
        ConfigError: If `epochs` do not increase.
    """

    chunk_size: ClassVar[int] = STACK_SIZE
    seconds_per_run: ClassVar[float] = 0.15

    kind: Literal["random_targets"] = "random_targets"
    l2: NonNegative = 0.0
    dropout: tuple[Rate, Rate] = (0.0, 0.0)
    epochs: tuple[PositiveInt, ...] = (10, 100)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.epochs or list(self.epochs) != sorted(set(self.epochs)):
            raise requirement("epochs", "must increase", self.epochs)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the mean squared errors, and that of the best constant guess."""
        return ("squared_error", "val_squared_error", "val_squared_error_of_constant")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the updates of these epochs."""
        per_epoch = self.training().steps_per_epoch(NUM_TRAIN)
        return tuple(epoch * per_epoch for epoch in self.epochs)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates."""
        return self.recorded_steps()[-1]

    def get_loss(self) -> str:
        """Return what is minimized beside the penalty."""
        return "mse"

    def model(self) -> MLPConfig:
        """Return the network, with the places where its strengths are set."""
        return MLPConfig(
            input_units=NUM_INPUTS,
            hidden_units=WIDTHS,
            activation=ActivationConfig(name="relu"),
            l2=1.0,
            dropout=0.5,
            output_units=1,
        )

    def training(self) -> TrainingConfig:
        """Return the training."""
        return TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=0.001),
            loss="mse",
            batch_size=32,
            epochs=self.epochs[-1],
            metrics=("squared_error", "val_squared_error"),
        )

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Draw the data, train, and measure; the guess is the mean training target.

        Returns:
            As `ExperimentConfig.run`.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        data = draw_rows(seeds)
        steps = self.recorded_steps()
        attributes: dict[str, np.ndarray | float] = {}
        for layer, rate in enumerate(self.dropout, 1):
            attributes[f"hidden_{layer}.kernel_regularizer.l2"] = self.l2
            attributes[f"dropout_{layer}.rate"] = rate
        result = train_in_stacks(
            self.model(),
            self.training().replace(log_steps=steps),
            seeds,
            data,
            size=STACK_SIZE,
            attributes=attributes,
        )
        guess = data.y.mean(axis=1, keepdims=True)
        constant = ((np.asarray(data.y_val) - guess) ** 2).mean(axis=(1, 2))
        return {
            "steps": np.tile(np.array(steps, np.int32), (len(seeds), 1)),
            **{f"curve.{name}": curve for name, curve in result.curves.items()},
            "curve.val_squared_error_of_constant": np.tile(
                constant[:, None], len(steps)
            ),
            "diverged_at": result.diverged_at,
        }


def draw_rows(seeds: np.ndarray) -> Data:
    """Return inputs and targets of every seed, uniform from 0 to 1, float32."""
    found: dict[str, list[np.ndarray]] = {"x": [], "y": [], "x_val": [], "y_val": []}
    for seed in seeds:
        rng = np.random.default_rng((STREAMS["data"], int(seed)))
        for part, size in (("", NUM_TRAIN), ("_val", NUM_VAL)):
            found[f"x{part}"].append(rng.random((size, NUM_INPUTS), np.float32))
            found[f"y{part}"].append(rng.random((size, 1), np.float32))
    return Data(**{name: np.stack(arrays) for name, arrays in found.items()})
