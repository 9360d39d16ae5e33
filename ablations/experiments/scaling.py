"""Train networks of many widths, on many numbers of rows, as one program.

Rows beyond those that a run may see enter none of its batches; units beyond its width
have zero weights in and out, whose gradients are zero, so that they stay away.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
)
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import (
    InitializerConfig,
    MLPConfig,
    Positive,
    PositiveInt,
    requirement,
)
from models.randomness import STREAMS


class ScalingConfig(TrainedNetworksConfig):
    """Describe ReLU networks of one hidden layer that fit numbers, at a scale.

    A run tries every learning rate, by Adam from He's weights, and is scored at that
    rate and that recorded update where its loss on the validation rows is smallest.

    Args:
        task: The rows of the largest scale, with validation and test rows.
        num_rows: Training rows that are seen, the first of the task.
        width: Units of the hidden layer.
        widest: Units of the program that all widths share.
        log_steps: Numbers of updates at which it may stop; the last is the longest.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.2

    kind: Literal["scaling"] = "scaling"
    task: TaskConfig
    num_rows: PositiveInt
    width: PositiveInt
    widest: PositiveInt = 256
    learning_rates: tuple[Positive, ...] = (0.005, 0.02)
    batch_size: PositiveInt = 64
    log_steps: tuple[PositiveInt, ...] = (50, 100, 200, 400, 800, 1500, 3000)

    def check(self) -> None:
        """Refuse tasks of classes, and scales beyond the largest."""
        if not self.task.is_split or not self.task.is_regression:
            must = "must have numbers as targets, and test rows"
            raise requirement("task", must, self.task.name)
        if self.width > self.widest:
            must = f"must be at most `widest` ({self.widest})"
            raise requirement("width", must, self.width)
        most = self.task.setting("num_train")
        if not self.batch_size <= self.num_rows <= most:
            must = f"must be from `batch_size` ({self.batch_size}) to {most}"
            raise requirement("num_rows", must, self.num_rows)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the losses and the logarithm of that of the test rows."""
        return ("val_loss", "test_loss", "log10_test_loss")

    def count_settings(self) -> int:
        """Return the number of rates."""
        return len(self.learning_rates)

    def get_model(self) -> MLPConfig:
        """Return the network of all widths."""
        return self._model(self.widest)

    def get_training(self) -> TrainingConfig:
        """Return the training at the first rate."""
        return self._training(self.learning_rates[0])

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train, and choose; a rate that diverges is not chosen."""
        return self.arrange(self.read(self.networks(seeds)))

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train at every rate."""
        data = self.rows(seeds)
        return self.train(
            seeds,
            data,
            num_each=len(self.learning_rates),
            training=[self._training(r) for _ in seeds for r in self.learning_rates],
            start=(self._weights(seeds), []),
            orders=self._orders(seeds, data.num_rows),
        )

    def read(self, trained: Trained) -> Arrays:
        """Choose on validation rows.

        `learning_rate` and `best_at` `[S]` are the rate and the number of updates that
        were chosen.
        """
        # Rates and records of a seed in one row.
        names = ("val_loss", "test_loss")
        val, test = (trained.curve(n).reshape(len(trained.seeds), -1) for n in names)
        best = np.where(np.isfinite(val), val, np.inf).argmin(axis=1)
        rate, record = np.divmod(best, len(trained.result.log_steps))
        chosen = np.arange(len(best)), best
        return {
            "val_loss": val[chosen],
            "test_loss": test[chosen],
            "log10_test_loss": np.log10(test[chosen]),
            "learning_rate": np.array(self.learning_rates)[rate],
            "best_at": trained.result.log_steps[record],
        }

    def _training(self, rate: float) -> TrainingConfig:
        return TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=rate),
            loss="mse",
            batch_size=self.batch_size,
            num_steps=self.log_steps[-1],
            log_steps=self.log_steps,
            metrics=("val_loss", "test_loss"),
        )

    def _model(self, width: int) -> MLPConfig:
        output = InitializerConfig(name="glorot_uniform")
        return self.relu_network(width, output_kernel_initializer=output)

    def _weights(self, seeds: np.ndarray) -> list[np.ndarray]:
        """Return starting weights `[S, ...]` of this width among units that stay 0."""
        from ablations.experiments.engines.stacks import draw_start

        drawn, _ = draw_start(self._model(self.width), seeds)
        kernel, bias, output, output_bias = drawn
        missing = (0, self.widest - self.width)
        return [
            np.pad(kernel, ((0, 0), (0, 0), missing)),
            np.pad(bias, ((0, 0), missing)),
            np.pad(output, ((0, 0), missing, (0, 0))),
            output_bias,
        ]

    def _orders(self, seeds: np.ndarray, num_rows: int) -> np.ndarray:
        """Return orders `[S, E, N]` in which only the rows that are seen occur.

        They come in rounds, each seen once per round.
        """
        num_updates = self.log_steps[-1]
        num_epochs = -(-num_updates * self.batch_size // num_rows)
        rounds = -(-num_epochs * num_rows // self.num_rows)
        orders = []
        for seed in seeds:
            rng = np.random.default_rng((STREAMS["order"], int(seed)))
            rows = np.tile(np.arange(self.num_rows), (rounds, 1))
            seen = rng.permuted(rows, axis=1).ravel()[: num_epochs * num_rows]
            orders.append(seen.reshape(num_epochs, num_rows))
        return np.stack(orders)
