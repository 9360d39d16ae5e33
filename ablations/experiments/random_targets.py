"""Train the printed network with L2 and dropout on its data, which are noise."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
)
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

NUM_INPUTS, NUM_TRAIN, NUM_VAL = 32, 1000, 200
WIDTHS = (128, 64)
BATCH_SIZE = 32


class RandomTargetsConfig(TrainedNetworksConfig):
    """Describe a 32-128-64-1 ReLU network on inputs and targets drawn apart.

    All numbers are uniform between 0 and 1, so the inputs say nothing about a target.
    As printed: Glorot's weights, Adam at a rate of 0.001, the mean squared error,
    batches of 32, a penalty on the hidden kernels only.

    Args:
        l2: Strength of the penalty.
        dropout: Share dropped after each hidden layer.
        epochs: Passes over the rows after which the network is measured.
    """

    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.15

    kind: Literal["random_targets"] = "random_targets"
    l2: NonNegative = 0.0
    dropout: tuple[Rate, Rate] = (0.0, 0.0)
    epochs: tuple[PositiveInt, ...] = (10, 100)

    def check(self) -> None:
        """Refuse epochs that do not increase."""
        if not self.epochs or list(self.epochs) != sorted(set(self.epochs)):
            raise requirement("epochs", "must increase", self.epochs)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the mean squared errors, and that of the best constant guess."""
        return ("squared_error", "val_squared_error", "val_squared_error_of_constant")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the updates of these epochs."""
        per_epoch = -(-NUM_TRAIN // BATCH_SIZE)
        return tuple(epoch * per_epoch for epoch in self.epochs)

    def get_model(self) -> MLPConfig:
        """Return the network, with the places where its strengths are set."""
        return MLPConfig(
            input_units=NUM_INPUTS,
            hidden_units=WIDTHS,
            activation=ActivationConfig(name="relu"),
            l2=1.0,
            dropout=0.5,
            output_units=1,
        )

    def get_training(self) -> TrainingConfig:
        """Return the training."""
        return TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=0.001),
            loss="mse",
            batch_size=BATCH_SIZE,
            num_steps=self.recorded_steps()[-1],
            log_steps=self.recorded_steps(),
            metrics=("squared_error", "val_squared_error"),
        )

    def rows(self, seeds: np.ndarray) -> Data:
        """Draw the rows of the seeds."""
        return draw_rows(seeds)

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train at the strengths of penalty and dropout."""
        attributes: dict[str, float] = {}
        for layer, rate in enumerate(self.dropout, 1):
            attributes[f"hidden_{layer}.kernel_regularizer.l2"] = self.l2
            attributes[f"dropout_{layer}.rate"] = rate
        return self.train(seeds, self.rows(seeds), attributes=attributes)

    def read(self, trained: Trained) -> Arrays:
        """Return the errors; the constant guess is the mean training target."""
        guess = trained.data.y.mean(axis=1, keepdims=True)
        constant = ((np.asarray(trained.data.y_val) - guess) ** 2).mean(axis=(1, 2))
        of_constant = np.tile(constant[:, None], len(self.epochs))
        return trained.result.curves | {"val_squared_error_of_constant": of_constant}


def draw_rows(seeds: np.ndarray) -> Data:
    """Return inputs and targets of every seed, uniform from 0 to 1, float32."""
    found: dict[str, list[np.ndarray]] = {"x": [], "y": [], "x_val": [], "y_val": []}
    for seed in seeds:
        rng = np.random.default_rng((STREAMS["data"], int(seed)))
        for part, size in (("", NUM_TRAIN), ("_val", NUM_VAL)):
            found[f"x{part}"].append(rng.random((size, NUM_INPUTS), np.float32))
            found[f"y{part}"].append(rng.random((size, 1), np.float32))
    return Data(**{name: np.stack(arrays) for name, arrays in found.items()})
