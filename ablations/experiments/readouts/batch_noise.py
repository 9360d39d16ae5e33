"""Read how much the rest of a batch moves what batch norm makes of a row."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
)
from ablations.training.config import TrainingConfig
from models.config import PositiveInt, requirement
from models.numpy_mlp import Networks, check_followable
from models.randomness import STREAMS, name_index


class BatchNoiseConfig(ReadoutConfig):
    """Compare the noise of batch norm in training with that of dropout.

    The training rows pass the trained network in batches, in one random order after
    the other, with the statistics of the batch. What leaves the first hidden layer for
    a row then depends on the batch. `equal_dropout` is the variance of that, mean over
    rows and units, over the mean square of all. Dropout that leaves out units with
    probability r, and divides the others by 1 - r, gives r there in any network: the
    variance is r / (1 - r) times the square without it, the mean square 1 / (1 - r).

    Args:
        training: Its batch size, which must divide the number of rows, is that of the
            batches.
        num_orders: Random orders of the rows.
    """

    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.05

    kind: Literal["batch_noise"] = "batch_noise"
    num_orders: PositiveInt = 20

    def check(self) -> None:
        """Refuse networks without batch norm, and batches that do not fit."""
        super().check()
        check_followable(self.model)
        if self.model.batch_norm is None or not self.model.hidden_units:
            must = "must be 'before' where its noise is read"
            raise requirement("batch_norm", must, self.model.batch_norm)
        size = self.training.batch_size
        if size is None or (self.task.num_train or 0) % size:
            must = f"must divide the number of rows ({self.task.num_train})"
            raise requirement("batch_size", must, size)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the share of dropped units that is as noisy, and the accuracy."""
        return ("equal_dropout", "test_accuracy")

    def get_training(self) -> TrainingConfig:
        """Return the training, with its test accuracy at the end."""
        return self.training.replace(
            metrics=("test_accuracy",), log_steps=(), probes=()
        )

    def read(self, trained: Trained) -> Arrays:
        """Send the training rows through in batches."""
        networks = Networks(self.model, trained.result.weights)
        orders = row_orders(trained.seeds, self.num_orders, trained.data.x.shape[1])
        x, size = np.asarray(trained.data.x), self.training.batch_size or 0
        return {
            "equal_dropout": noise_share(networks, x, size, orders),
            "test_accuracy": trained.result.curves["test_accuracy"][:, -1],
        }


def row_orders(seeds: np.ndarray, num_orders: int, num_rows: int) -> np.ndarray:
    """Return random orders of the rows of every seed `[S, orders, N]`."""
    keys = ((STREAMS["order"], name_index("batch noise"), int(s)) for s in seeds)
    drawn = (np.random.default_rng(key) for key in keys)
    return np.stack(
        [[rng.permutation(num_rows) for _ in range(num_orders)] for rng in drawn]
    )


def noise_share(
    networks: Networks, x: np.ndarray, batch_size: int, orders: np.ndarray
) -> np.ndarray:
    """Return the share of noise in the squares of the first hidden layer `[R]`.

    Args:
        networks: R networks whose batch norm has the statistics of the rows that pass.
        x: Inputs `[R, N, D]`.
        batch_size: A divisor of N.
        orders: Orders of the rows `[R, orders, N]`, two or more.
    """
    passes = []
    for order in np.swapaxes(orders, 0, 1):  # [R, N]
        shuffled = np.take_along_axis(x, order[:, :, None], axis=1)
        batches = np.split(shuffled, x.shape[1] // batch_size, axis=1)
        seen = [networks.layers(batch)[0].outputs for batch in batches]
        back = np.argsort(order, axis=1)[:, :, None]
        passes.append(np.take_along_axis(np.concatenate(seen, axis=1), back, axis=1))
    outputs = np.stack(passes)  # [orders, R, N, H]
    noise = outputs.var(axis=0, ddof=1).mean(axis=(1, 2))
    return noise / (outputs**2).mean(axis=(0, 2, 3))
