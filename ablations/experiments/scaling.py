"""Train networks of many widths, on many numbers of rows, as one program.

Rows beyond those that a run may see enter none of its batches; units beyond its width
have zero weights in and out, whose gradients are zero, so that they stay away.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import (
    ActivationConfig,
    InitializerConfig,
    MLPConfig,
    Positive,
    PositiveInt,
    requirement,
)
from models.randomness import STREAMS


class ScalingConfig(ExperimentConfig):
    """Describe ReLU networks of one hidden layer that fit numbers, at a scale.

    A run tries every learning rate, by Adam from He's weights, and is scored at that
    rate and that recorded update where its loss on the validation rows is smallest.

    Args:
        task: The rows of the largest scale, with validation and test rows.
        num_rows: Training rows that are seen, the first of the task.
        width: Units of the hidden layer.
        widest: Units of the program that all widths share.
        learning_rates: The rates.
        batch_size: Rows of an update.
        log_steps: Numbers of updates at which it may stop; the last is the longest.

    Raises:
        ConfigError: If the task is of classes, or a scale is beyond the largest.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.3

    kind: Literal["scaling"] = "scaling"
    task: TaskConfig
    num_rows: PositiveInt
    width: PositiveInt
    widest: PositiveInt = 256
    learning_rates: tuple[Positive, ...] = (0.005, 0.02)
    batch_size: PositiveInt = 64
    log_steps: tuple[PositiveInt, ...] = (50, 100, 200, 400, 800, 1500, 3000)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
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
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the losses and the logarithm of that of the test rows."""
        return ("val_loss", "test_loss", "log10_test_loss")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the longest training; the best record of it stands there."""
        return (self.log_steps[-1],)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of the longest training."""
        return self.log_steps[-1]

    def count_settings(self) -> int:
        """Return the number of rates."""
        return len(self.learning_rates)

    def get_loss(self) -> str:
        """Return what is minimized."""
        return "mse"

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train at every rate, and choose.

        Returns:
            As `ExperimentConfig.run`, with `learning_rate` and `best_at` `[S]`, the
            rate and the number of updates that were chosen.
        """
        from ablations.training.train import train_stack

        num_rates = len(self.learning_rates)
        copies = np.repeat(np.arange(len(seeds)), num_rates)
        data = make_task(self.task).rows(seeds).of_runs(copies)
        num_inputs, num_outputs = data.x.shape[-1], data.y.shape[-1]
        starts = self._weights(seeds, num_inputs, num_outputs)
        result = train_stack(
            self._model(num_inputs, num_outputs, self.widest),
            [self._training(rate) for _ in seeds for rate in self.learning_rates],
            seeds[copies],
            data,
            weights=([weight[copies] for weight in starts], []),
            orders=self._orders(seeds, data.num_rows)[copies],
            pad_to=self.chunk_size * num_rates,
        )
        shape = (len(seeds), -1)  # rates and records of a seed in one row
        val, test = (
            result.curves[name].reshape(shape) for name in ("val_loss", "test_loss")
        )
        best = np.where(np.isfinite(val), val, np.inf).argmin(axis=1)
        rate, record = np.divmod(best, len(result.log_steps))
        chosen = {
            name: np.take_along_axis(values, best[:, None], axis=1)
            for name, values in (("val_loss", val), ("test_loss", test))
        }
        return {
            "steps": np.full((len(seeds), 1), self.log_steps[-1], np.int32),
            **{f"curve.{name}": values for name, values in chosen.items()},
            "curve.log10_test_loss": np.log10(chosen["test_loss"]),
            "learning_rate": np.array(self.learning_rates)[rate],
            "best_at": result.log_steps[record],
            "diverged_at": np.full(len(seeds), -1),
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

    def _model(self, num_inputs: int, num_outputs: int, width: int) -> MLPConfig:
        return MLPConfig(
            input_units=num_inputs,
            hidden_units=(width,),
            activation=ActivationConfig(name="relu"),
            kernel_initializer=InitializerConfig(name="he_normal"),
            output_units=num_outputs,
        )

    def _weights(
        self, seeds: np.ndarray, num_inputs: int, num_outputs: int
    ) -> list[np.ndarray]:
        """Return starting weights `[S, ...]` of this width among units that stay 0."""
        from models.initializers import initial_weights
        from models.mlp import build_mlp, initializers_of

        model = self._model(num_inputs, num_outputs, self.width)
        drawn, _ = initial_weights(build_mlp(model), seeds, initializers_of(model))
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
