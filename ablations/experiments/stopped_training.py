"""Train far beyond where early stopping would end, and read off what it would cost.

The labeled rows of a seed are split into folds. One network per fold learns from the
rows of all other folds, and one more from all rows. Epoch by epoch they show what comes
of every way to choose the number of epochs, without training again.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.result import StackResult
from ablations.training.stopping_rule import lowest, stops
from models.config import (
    ActivationConfig,
    InitializerConfig,
    MLPConfig,
    Positive,
    PositiveInt,
    requirement,
)
from models.randomness import STREAMS

MEASURED = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss")
MEASURED_METRICS = (*MEASURED, "test_accuracy")
"""What is measured after every epoch."""

HISTORIES = ("loss", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
"""What is kept of every epoch, of the network that holds out the first fold."""

PLACES = ("start", "lowest", "end")
"""When that network is read: before training, at its smallest validation loss after an
epoch, and after the last."""


class StoppedTrainingConfig(ExperimentConfig):
    """Describe ReLU networks that are watched at every epoch.

    The networks of a seed have He's weights, the same at the start, and train by Adam.
    Epochs are passes over a network's own rows.

    Args:
        task: The rows, classes; its training rows are those that are labeled, of which
            the first fold is what early stopping holds out.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        learning_rate: Of Adam.
        batch_size: Rows of an update; it divides the rows of every network.
        epochs: Passes over the rows.
        num_folds: Parts of equal size that are held out in turn.
        patiences: Epochs without improvement after which a network might stop.

    Raises:
        ConfigError: If rows do not divide into folds and batches, or the task has no
            classes or no test rows.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.3

    kind: Literal["stopped_training"] = "stopped_training"
    task: TaskConfig
    width: PositiveInt
    depth: PositiveInt = 2
    learning_rate: Positive = 0.003
    batch_size: PositiveInt = 20
    epochs: PositiveInt
    num_folds: PositiveInt = 5
    patiences: tuple[PositiveInt, ...] = (3, 5)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.task.is_regression or not self.task.num_test:
            raise requirement("task", "must have classes and test rows", self.task.name)
        rows = self.task.setting("num_train")
        if self.num_folds < 2 or rows % self.num_folds:
            must = f"must be at least 2 and divide the number of rows ({rows})"
            raise requirement("num_folds", must, self.num_folds)
        held_out = rows // self.num_folds
        if rows % self.batch_size or (rows - held_out) % self.batch_size:
            must = f"must divide {rows} and {rows - held_out} rows"
            raise requirement("batch_size", must, self.batch_size)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return what is read off the epochs, each one number per run.

        | name | number |
        |---|---|
        | `stopped_after_P` | epochs made with patience P |
        | `past_minimum_P` | epochs made after the one that is kept |
        | `kept_lowest_P` | 1 if the epoch kept is the lowest of the whole curve |
        | `test_loss_kept_P`, `test_accuracy_kept_P` | of the epoch that is kept |
        | `test_accuracy_all_rows_P` | of as many epochs on all rows |
        | `test_accuracy_all_rows_end` | of all epochs on all rows |
        | `test_accuracy_cross_validated` | of all rows, for as many epochs as \
have the smallest validation loss on average over the folds |
        | `loss_...`, `accuracy_...`, `test_loss_...`, `test_accuracy_...` | at one of \
`PLACES` |
        | `test_accuracy_lowest_error` | at the smallest share of validation errors |
        | `rise_of_loss`, `rise_of_error` | on the test rows, lowest to end |
        """
        per_patience = (
            "stopped_after",
            "past_minimum",
            "kept_lowest",
            "test_loss_kept",
            "test_accuracy_kept",
            "test_accuracy_all_rows",
        )
        read = ("loss", "accuracy", "test_loss", "test_accuracy")
        return (
            *(f"{name}_{p}" for name in per_patience for p in self.patiences),
            *(f"{name}_{place}" for name in read for place in PLACES),
            "test_accuracy_lowest_error",
            "test_accuracy_all_rows_end",
            "test_accuracy_cross_validated",
            "rise_of_loss",
            "rise_of_error",
        )

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the updates of the longest training; all numbers stand there."""
        return (self._updates(self.task.setting("num_train")),)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of the network that learns from all rows."""
        return self._updates(self.task.setting("num_train"))

    def get_loss(self) -> str:
        """Return what is minimized."""
        return "categorical_crossentropy"

    def _updates(self, num_rows: int) -> int:
        return self.epochs * num_rows // self.batch_size

    @property
    def _held_out(self) -> int:
        """Rows of a fold."""
        return self.task.setting("num_train") // self.num_folds

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train all networks of every seed, and read them.

        Returns:
            As `ExperimentConfig.run`, with `history.<metric>` `[S, E + 1]`, what the
            network without the first fold shows before the first and after every
            epoch, and `kept_P`, `stopped_P` `[S]`, the epochs of `Stops`.
        """
        result = self._train(seeds)
        curves = self._curves(result, len(seeds))
        first, everything = curves[:, 0], curves[:, -1]  # [S, metrics, E + 1]
        history = dict(zip(MEASURED_METRICS, np.moveaxis(first, 1, 0), strict=True))
        test_of_all = everything[:, MEASURED_METRICS.index("test_accuracy")]
        val_losses = curves[:, :-1, MEASURED_METRICS.index("val_loss"), 1:]
        places = {
            "start": np.zeros(len(seeds), np.intp),
            "lowest": lowest(history["val_loss"][:, 1:]),
            "end": np.full(len(seeds), self.epochs),
        }
        fewest_errors = lowest(-history["val_accuracy"][:, 1:])
        found = {
            f"{name}_{place}": _at(history[name], epoch)
            for name in ("loss", "accuracy", "test_loss", "test_accuracy")
            for place, epoch in places.items()
        }
        best = _at(history["test_accuracy"], fewest_errors)
        found |= {
            "test_accuracy_lowest_error": best,
            "test_accuracy_all_rows_end": test_of_all[:, -1],
            "test_accuracy_cross_validated": _at(
                test_of_all, lowest(val_losses.mean(axis=1))
            ),
            "rise_of_loss": found["test_loss_end"] - found["test_loss_lowest"],
            "rise_of_error": best - found["test_accuracy_end"],
        }
        epochs = {}
        for patience in self.patiences:
            end = stops(history["val_loss"][:, 1:], patience)
            made = np.where(end.stopped > 0, end.stopped, self.epochs)
            found |= {
                f"stopped_after_{patience}": made,
                f"past_minimum_{patience}": made - end.kept,
                f"kept_lowest_{patience}": end.kept == places["lowest"],
                f"test_loss_kept_{patience}": _at(history["test_loss"], end.kept),
                f"test_accuracy_kept_{patience}": _at(
                    history["test_accuracy"], end.kept
                ),
                f"test_accuracy_all_rows_{patience}": _at(test_of_all, end.kept),
            }
            epochs[f"kept_{patience}"] = end.kept
            epochs[f"stopped_{patience}"] = end.stopped
        failed = result.diverged_at.reshape(len(seeds), -1)
        return {
            "steps": np.full((len(seeds), 1), self.recorded_steps()[0], np.int32),
            **{
                f"curve.{name}": np.asarray(v, np.float32)[:, None]
                for name, v in found.items()
            },
            **{f"history.{n}": np.asarray(history[n], np.float32) for n in HISTORIES},
            **epochs,
            "diverged_at": np.where((failed >= 0).any(axis=1), failed.max(axis=1), -1),
        }

    def _train(self, seeds: np.ndarray) -> StackResult:
        """Train the networks of the folds and that of all rows, seed by seed."""
        from ablations.training.train import train_stack

        num_nets = self.num_folds + 1
        copies = np.repeat(np.arange(len(seeds)), num_nets)
        task = make_task(self.task)
        rows = task.num_rows
        trainings = [
            *[self._training(rows - self._held_out)] * self.num_folds,
            self._training(rows),
        ]
        return train_stack(
            self._model(task),
            trainings * len(seeds),
            seeds[copies],
            self._data(task.rows(seeds)),
            orders=self._orders(seeds, rows),
            pad_to=self.chunk_size * num_nets,
        )

    def _model(self, task: Task) -> MLPConfig:
        return MLPConfig(
            input_units=task.num_inputs,
            hidden_units=(self.width,) * self.depth,
            activation=ActivationConfig(name="relu"),
            kernel_initializer=InitializerConfig(name="he_normal"),
            output_kernel_initializer=None,
            output_units=task.num_outputs,
        )

    def _training(self, num_rows: int) -> TrainingConfig:
        per_epoch = num_rows // self.batch_size
        return TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=self.learning_rate),
            loss="categorical_crossentropy",
            from_logits=True,
            batch_size=self.batch_size,
            num_steps=self.epochs * per_epoch,
            log_steps=tuple(range(0, self.epochs * per_epoch + 1, per_epoch)),
            metrics=MEASURED_METRICS,
        )

    def _data(self, data: Data) -> Data:
        """Return all rows for every network, with its own fold to validate on.

        The network that learns from all rows is shown the first fold, in vain.
        """
        v, folds = self._held_out, (*range(self.num_folds), 0)
        parts = data.arrays()
        parts["x_val"], parts["y_val"] = (
            np.stack([a[:, f * v : (f + 1) * v] for f in folds], axis=1).reshape(
                -1, v, a.shape[-1]
            )
            for a in (data.x, data.y)
        )
        return Data(
            **{
                name: array
                if name.endswith("_val")
                else np.repeat(array, len(folds), axis=0)
                for name, array in parts.items()
            }
        )

    def _orders(self, seeds: np.ndarray, num_rows: int) -> np.ndarray:
        """Return orders `[R, E, N]` in which a network's own fold does not occur.

        A network that sees fewer rows has its epochs one after the other, and ends
        before the last orders, which repeat the first.
        """
        v = self._held_out
        orders = []
        for seed in seeds:
            for fold in range(self.num_folds + 1):
                rng = np.random.default_rng((STREAMS["order"], fold, int(seed)))
                rows = np.arange(num_rows)
                own = rows[rows // v != fold]  # nothing is left out for the last
                seen = rng.permuted(np.tile(own, (self.epochs, 1)), axis=1)
                orders.append(np.resize(seen, (self.epochs, num_rows)))
        return np.stack(orders)

    def _curves(self, result: StackResult, num_seeds: int) -> np.ndarray:
        """Return what every network shows at its epochs `[S, nets, metrics, E + 1]`.

        `loss` and `accuracy` are turned from all rows to those that are not held out.
        """
        rows, v = self.task.setting("num_train"), self._held_out
        shape = (num_seeds, self.num_folds + 1, -1)
        all_curves = np.stack(
            [result.curves[n].reshape(shape) for n in MEASURED_METRICS], axis=2
        )
        nets = []
        for net in range(self.num_folds + 1):
            num_seen = rows if net == self.num_folds else rows - v
            at = np.arange(self.epochs + 1) * (num_seen // self.batch_size)
            columns = np.searchsorted(result.log_steps, at)
            curves = all_curves[:, net][:, :, columns].astype(np.float64)
            if num_seen < rows:
                curves[:, :2] = (rows * curves[:, :2] - v * curves[:, 2:4]) / num_seen
            nets.append(curves)
        return np.stack(nets, axis=1)


def _at(curves: np.ndarray, epochs: np.ndarray) -> np.ndarray:
    """Return what curves `[S, E + 1]` show after so many epochs `[S]`."""
    return np.take_along_axis(curves, epochs[:, None], axis=1)[:, 0]
