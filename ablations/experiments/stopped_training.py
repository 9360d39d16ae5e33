"""Train far beyond where early stopping would end, and read off what it would cost.

The labeled rows of a seed are split into folds. One network per fold learns from the
rows of all other folds, and one more from all rows. Epoch by epoch they show what comes
of every way to choose the number of epochs, without training again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
    classifying,
)
from ablations.tasks import TaskConfig
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from ablations.training.stopping_rule import lowest, stops
from models.config import MLPConfig, Positive, PositiveInt, requirement
from models.randomness import STREAMS

MEASURED = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss")
MEASURED_METRICS = (*MEASURED, "test_accuracy")
"""What is measured after every epoch."""

PER_PATIENCE = (
    *("stopped_after", "past_minimum", "kept_lowest"),
    *("test_loss_kept", "test_accuracy_kept", "test_accuracy_all_rows"),
)
"""What is read for every patience."""

READ = ("loss", "accuracy", "test_loss", "test_accuracy")
"""What is read at each of `PLACES`."""

HISTORIES = ("loss", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
"""What is kept of every epoch, of the network that holds out the first fold."""

PLACES = ("start", "lowest", "end")
"""When that network is read: before training, at its smallest validation loss after an
epoch, and after the last."""


class StoppedTrainingConfig(TrainedNetworksConfig):
    """Describe ReLU networks that are watched at every epoch.

    The networks of a seed have He's weights, the same at the start, and train by Adam.
    Epochs are passes over a network's own rows.

    Args:
        task: The rows, classes; its training rows are those that are labeled, of which
            the first fold is what early stopping holds out.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        batch_size: A divisor of the number of rows of every network.
        epochs: Passes over the rows.
        num_folds: Parts of equal size that are held out in turn.
        patiences: Epochs without improvement after which a network might stop.
    """

    chunk_size: ClassVar[int] = 10
    networks_per_stack: ClassVar[int | None] = 10
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

    def check(self) -> None:
        """Refuse rows that do not divide into folds and batches, and other tasks."""
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
        return (
            *(f"{name}_{p}" for name in PER_PATIENCE for p in self.patiences),
            *(f"{name}_{place}" for name in READ for place in PLACES),
            "test_accuracy_lowest_error",
            "test_accuracy_all_rows_end",
            "test_accuracy_cross_validated",
            "rise_of_loss",
            "rise_of_error",
        )

    def get_model(self) -> MLPConfig:
        """Return the network."""
        return self.relu_network(*(self.width,) * self.depth)

    def get_training(self) -> TrainingConfig:
        """Return the training of the network that learns from all rows."""
        return self._training(self.task.setting("num_train"))

    @property
    def _held_out(self) -> int:
        """Rows of a fold."""
        return self.task.setting("num_train") // self.num_folds

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train the networks of the folds and that of all rows."""
        data = self.rows(seeds)
        of_folds = self._training(data.num_rows - self._held_out)
        trainings = [of_folds] * self.num_folds + [self.get_training()]
        return self.train(
            seeds,
            data,
            num_each=len(trainings),
            own_rows=self._data(data),
            training=trainings * len(seeds),
            orders=self._orders(seeds, data.num_rows),
        )

    def read(self, trained: Trained) -> Arrays:
        """Look up what comes of every way to choose the number of epochs.

        Beside the metrics there are `history.<metric>` `[S, E + 1]`, what the network
        without the first fold shows before the first and after every epoch, and
        `kept_P`, `stopped_P` `[S]`, the epochs of `Stops`.
        """
        curves = self._curves(trained)
        first, everything = curves[:, 0], curves[:, -1]  # [S, metrics, E + 1]
        history = dict(zip(MEASURED_METRICS, np.moveaxis(first, 1, 0), strict=True))
        test_of_all = everything[:, MEASURED_METRICS.index("test_accuracy")]
        val_losses = curves[:, :-1, MEASURED_METRICS.index("val_loss"), 1:]
        places = {
            "start": np.zeros(len(trained.seeds), np.intp),
            "lowest": lowest(history["val_loss"][:, 1:]),
            "end": np.full(len(trained.seeds), self.epochs),
        }
        fewest_errors = lowest(-history["val_accuracy"][:, 1:])
        chosen = lowest(val_losses.mean(axis=1))
        found: Arrays = {
            f"{name}_{place}": _at(history[name], epoch)
            for name in READ
            for place, epoch in places.items()
        }
        best = _at(history["test_accuracy"], fewest_errors)
        found |= {
            "test_accuracy_lowest_error": best,
            "test_accuracy_all_rows_end": test_of_all[:, -1],
            "test_accuracy_cross_validated": _at(test_of_all, chosen),
            "rise_of_loss": found["test_loss_end"] - found["test_loss_lowest"],
            "rise_of_error": best - found["test_accuracy_end"],
        }
        for patience in self.patiences:
            end = stops(history["val_loss"][:, 1:], patience)
            made = np.where(end.stopped > 0, end.stopped, self.epochs)
            read = {
                "stopped_after": made,
                "past_minimum": made - end.kept,
                "kept_lowest": end.kept == places["lowest"],
                "test_loss_kept": _at(history["test_loss"], end.kept),
                "test_accuracy_kept": _at(history["test_accuracy"], end.kept),
                "test_accuracy_all_rows": _at(test_of_all, end.kept),
                "kept": end.kept,
                "stopped": end.stopped,
            }
            found |= {f"{name}_{patience}": values for name, values in read.items()}
        kept = {f"history.{n}": np.asarray(history[n], np.float32) for n in HISTORIES}
        return found | kept

    def _training(self, num_rows: int) -> TrainingConfig:
        per_epoch = num_rows // self.batch_size
        total = self.epochs * per_epoch
        log_steps = tuple(range(0, total + 1, per_epoch))
        numbers = self.learning_rate, self.batch_size, total
        return classifying(*numbers, log_steps=log_steps, metrics=MEASURED_METRICS)

    def _data(self, data: Data) -> Data:
        """Return all rows for every network, with its own fold to validate on.

        The network that learns from all rows is shown the first fold, in vain.
        """
        v, folds = self._held_out, (*range(self.num_folds), 0)
        held_out = (
            np.stack([a[:, f * v : (f + 1) * v] for f in folds], axis=1)
            for a in (data.x, data.y)
        )
        x_val, y_val = (a.reshape(-1, v, a.shape[-1]) for a in held_out)
        shown = data.of_runs(np.repeat(np.arange(len(data.x)), len(folds)))
        return replace(shown, x_val=x_val, y_val=y_val)

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

    def _curves(self, trained: Trained) -> np.ndarray:
        """Return what every network shows at its epochs `[S, nets, metrics, E + 1]`.

        `loss` and `accuracy` are turned from all rows to those that are not held out.
        """
        rows, v = self.task.setting("num_train"), self._held_out
        all_curves = np.stack([trained.curve(n) for n in MEASURED_METRICS], axis=2)
        nets = []
        for net in range(self.num_folds + 1):
            num_seen = rows if net == self.num_folds else rows - v
            at = np.arange(self.epochs + 1) * (num_seen // self.batch_size)
            columns = np.searchsorted(trained.result.log_steps, at)
            curves = all_curves[:, net][:, :, columns].astype(np.float64)
            if num_seen < rows:
                curves[:, :2] = (rows * curves[:, :2] - v * curves[:, 2:4]) / num_seen
            nets.append(curves)
        return np.stack(nets, axis=1)


def _at(curves: np.ndarray, epochs: np.ndarray) -> np.ndarray:
    """Return what curves `[S, E + 1]` show after so many epochs `[S]`."""
    return np.take_along_axis(curves, epochs[:, None], axis=1)[:, 0]
