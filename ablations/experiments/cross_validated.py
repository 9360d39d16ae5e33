"""Give regularizers and a plain network the same labeled rows, whatever they choose.

Strengths and numbers of updates are chosen by cross-validation: every setting trains
once without each fold, on whose rows it is scored, and then on all rows. Labels of the
folds are as wrong as all others, and what needs no choice has no fewer rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.ensembles import member_seeds
from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
    classifying,
)
from ablations.tasks import TaskConfig
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import (
    InitializerConfig,
    MLPConfig,
    Positive,
    PositiveInt,
    Rate,
    requirement,
)
from models.numpy_mlp import Networks, right_share
from models.randomness import STREAMS

TECHNIQUES = ("plain", "dropout", "l2")

ERRORS = (
    *TECHNIQUES,
    *(f"{name}_stopped" for name in TECHNIQUES),
    "best",
    "held_out",
    "together",
    "twice",
)
"""Whose test errors are told; see `CrossValidatedConfig`."""


class CrossValidatedConfig(TrainedNetworksConfig):
    """Describe two-layer ReLU networks as Keras makes them, on half of a task's rows.

    The first half of the training rows is labeled for all. By name, what is trained:

    | name | network |
    |---|---|
    | `plain` | the mean of `members` networks that differ in their start |
    | `dropout`, `l2` | trained to the end at the strength that folds choose |
    | `plain_stopped` | `plain` after as many updates as folds choose |
    | `dropout_stopped`, `l2_stopped` | strength and updates as folds choose |
    | `best` | the setting, of all these, that folds choose |
    | `held_out` | without a fold, at its smallest loss there; the mean over folds |
    | `together` | the mean probabilities of the plain networks |
    | `twice` | a plain network on both halves |

    Folds choose what has the largest accuracy on their rows, on average over the folds;
    of equals the first: the weakest strength, the fewest updates.

    Args:
        task: The rows of both halves, classes, with test rows.
        dropout: Shares of hidden units that are dropped, weakest first.
        l2: Strengths of the penalty on hidden kernels, weakest first.
        folds: Parts of equal size that are held out in turn.
        members: Plain networks.
        log_steps: Numbers of updates that folds choose from; the last ends training.
    """

    chunk_size: ClassVar[int] = 2
    networks_per_stack: ClassVar[int | None] = 25
    seconds_per_run: ClassVar[float] = 1.3

    kind: Literal["cross_validated"] = "cross_validated"
    task: TaskConfig
    dropout: tuple[Rate, ...] = (0.2, 0.5, 0.8)
    l2: tuple[Positive, ...] = (0.001, 0.005, 0.025)
    folds: PositiveInt = 5
    members: PositiveInt = 5
    width: PositiveInt = 64
    learning_rate: Positive = 0.001
    batch_size: PositiveInt = 32
    log_steps: tuple[PositiveInt, ...] = (50, 100, 150, 200, 300, 400, 600, 800)

    def check(self) -> None:
        """Refuse rows that do not divide into halves, folds and batches."""
        super().check()
        rows = self.task.setting("num_train")
        if self.folds < 2 or rows % (2 * self.folds):
            must = f"must be at least 2 and divide half of the rows ({rows})"
            raise requirement("folds", must, self.folds)
        if self.members < 2:
            raise requirement("members", "must be at least 2", self.members)
        if (self.num_rows - self.num_rows // self.folds) % self.batch_size:
            must = f"must divide the rows of all folds but one ({rows})"
            raise requirement("batch_size", must, self.batch_size)

    @property
    def num_rows(self) -> int:
        """Rows that are labeled for all."""
        return int(self.task.setting("num_train")) // 2

    @property
    def num_each(self) -> int:
        """Networks of a seed."""
        return (self.folds + 1) * len(self.settings()) + self.members

    def settings(self) -> list[tuple[str, float]]:
        """Return what is chosen from: technique and strength, the plain one first."""
        dropped = [("dropout", share) for share in self.dropout]
        return [("plain", 0.0), *dropped, *(("l2", each) for each in self.l2)]

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return log10 of errors, accuracies on the labeled rows, and strengths."""
        return (
            *(f"test_log10_error_of_{name}" for name in ERRORS),
            *(f"accuracy_of_{name}" for name in TECHNIQUES),
            "chosen_dropout",
            "chosen_l2",
        )

    def count_settings(self) -> int:
        """Return how many settings the best is chosen from."""
        return len(self.settings()) * len(self.log_steps)

    def get_model(self) -> MLPConfig:
        """Return the network, with the places where its strengths are set."""
        glorot = InitializerConfig(name="glorot_uniform")
        widths = self.width, self.width
        return self.relu_network(
            *widths, l2=1.0, dropout=0.5, kernel_initializer=glorot
        )

    def get_training(self) -> TrainingConfig:
        """Return the training of every network."""
        metrics = ("val_loss", "val_accuracy", "test_accuracy")
        numbers = self.learning_rate, self.batch_size, self.log_steps[-1]
        return classifying(*numbers, log_steps=self.log_steps, metrics=metrics)

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train those without a fold, then all settings, the other members, `twice`."""
        data, settings = self.rows(seeds), self.settings()
        num_plain = self.members
        attributes: dict[str, np.ndarray] = {}
        for name, place in (
            ("dropout", "dropout_{}.rate"),
            ("l2", "hidden_{}.kernel_regularizer.l2"),
        ):
            each = [value if name == kind else 0.0 for kind, value in settings]
            strengths = np.array(each * (self.folds + 1) + [0.0] * num_plain)
            attributes |= {place.format(layer): strengths for layer in (1, 2)}
        own = np.repeat(seeds[:, None], self.num_each, axis=1)
        others = slice(-num_plain, -1)
        own[:, others] = member_seeds(seeds, num_plain - 1)
        return self.train(
            seeds,
            data,
            own=own,
            own_rows=self._data(data),
            attributes=attributes,
            orders=self._orders(own),
        )

    def _seen(self) -> list[np.ndarray]:
        """Return the rows that each network of a seed learns from."""
        rows = np.arange(self.num_rows)
        fold = rows // (self.num_rows // self.folds)
        parts = [rows[fold != k] for k in range(self.folds)] + [rows]
        seen = [part for part in parts for _ in self.settings()]
        return [*seen, *[rows] * (self.members - 1), np.arange(2 * self.num_rows)]

    def _data(self, data: Data) -> Data:
        """Return the rows of every network, with its own fold to be scored on.

        Networks that learn from all rows are shown the first fold, in vain.
        """
        size, settings = self.num_rows // self.folds, len(self.settings())
        folds = np.repeat(np.arange(self.folds), settings)
        folds = np.pad(folds, (0, self.num_each - len(folds)))
        held_out = folds[:, None] * size + np.arange(size)  # [nets, rows]
        x, y = (a[:, held_out].reshape(-1, size, a.shape[-1]) for a in (data.x, data.y))
        copies = np.repeat(np.arange(len(data.x)), self.num_each)
        return replace(data.of_runs(copies), x_val=x, y_val=y)

    def _orders(self, own: np.ndarray) -> np.ndarray:
        """Return orders `[R, E, N]` of the rows that a network learns from.

        Epochs of fewer rows stand one after the other.
        """
        total = 2 * self.num_rows
        length = -(-self.log_steps[-1] * self.batch_size // total) * total
        orders = []
        for seeds in own:
            for seed, rows in zip(seeds, self._seen(), strict=True):
                rng = np.random.default_rng((STREAMS["order"], len(rows), int(seed)))
                epochs = np.tile(rows, (-(-length // len(rows)), 1))
                drawn = rng.permuted(epochs, axis=1).ravel()[:length]
                orders.append(drawn.reshape(-1, total))
        return np.stack(orders)

    def read(self, trained: Trained) -> Arrays:
        """Return log10 of the test errors, and what became of the labeled rows."""
        of_folds = self.folds * len(self.settings())
        shape = (len(trained.seeds), self.folds, len(self.settings()), -1)
        losses, accuracies, tested = (
            trained.curve(name)[:, :of_folds].reshape(shape)
            for name in ("val_loss", "val_accuracy", "test_accuracy")
        )
        num_test = np.asarray(trained.data.x_test).shape[-2]
        finals = log10_error(trained.curve("test_accuracy")[:, of_folds:], num_test)
        known, together = self._answers(trained, of_folds)
        stop = losses[:, :, 0].argmin(axis=-1)[..., None]
        kept = np.take_along_axis(tested[:, :, 0], stop, axis=-1)[..., 0]
        errors = self.choose(accuracies.mean(axis=1), finals, known)
        errors["test_log10_error_of_held_out"] = log10_error(kept, num_test).mean(
            axis=1
        )
        errors["test_log10_error_of_together"] = log10_error(together, num_test)
        errors["test_log10_error_of_twice"] = finals[:, -1, -1]
        return errors

    def _answers(self, trained: Trained, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the accuracy of each setting on the rows, and that of all members."""
        num_settings, n = len(self.settings()), self.num_rows
        data, nets = trained.data, self.num_each
        weights = [
            w.reshape(-1, nets, *w.shape[1:])[:, first:-1].reshape(-1, *w.shape[1:])
            for w in map(np.asarray, trained.result.weights)
        ]
        networks, each = Networks(self.get_model(), weights), nets - first - 1
        rows, answered = (
            networks.probabilities(np.repeat(x, each, axis=0)).reshape(
                len(data.x), each, x.shape[-2], -1
            )
            for x in (data.x[:, :n], np.asarray(data.x_test))
        )
        known = right_share(rows[:, :num_settings], data.y[:, None, :n])
        plain = np.concatenate([answered[:, :1], answered[:, num_settings:]], axis=1)
        return known, right_share(plain.mean(axis=1), np.asarray(data.y_test))

    def choose(self, val: np.ndarray, errors: np.ndarray, known: np.ndarray) -> Arrays:
        """Choose by the accuracy on folds, and return what was chosen.

        Args:
            val: Accuracies on the folds, their mean `[S, settings, T]`.
            errors: Log10 of the test errors of networks that learn from all rows, of
                all settings, the other plain ones and `twice` `[S, networks, T]`.
            known: Accuracies of the settings on the labeled rows `[S, settings]`.
        """
        seed, settings = np.arange(len(val)), self.settings()
        tested = errors[:, : len(settings)].copy()
        tested[:, 0] += errors[:, len(settings) : -1].sum(axis=1)
        tested[:, 0] /= self.members
        found: Arrays = {}
        strengths = np.array([strength for _, strength in settings])

        def place(allowed: list[int]) -> tuple[np.ndarray, np.ndarray]:
            scores = val[:, allowed].reshape(len(val), -1)
            setting, record = np.divmod(scores.argmax(axis=1), val.shape[-1])
            return np.array(allowed)[setting], record

        for name in TECHNIQUES:
            mine = [k for k, (kind, _) in enumerate(settings) if kind == name]
            last = np.array(mine)[val[:, mine, -1].argmax(axis=1)]
            found[f"test_log10_error_of_{name}"] = tested[seed, last, -1]
            found[f"test_log10_error_of_{name}_stopped"] = tested[seed, *place(mine)]
            found[f"accuracy_of_{name}"] = known[seed, last]
            if name != "plain":
                found[f"chosen_{name}"] = strengths[last]
        everything = place(list(range(len(settings))))
        found["test_log10_error_of_best"] = tested[seed, *everything]
        return found


def log10_error(accuracy: np.ndarray, num_rows: int) -> np.ndarray:
    """Return log10 of the share of errors; half an error is added to none and to all.

    Args:
        accuracy: Shares of right answers `[...]`.
        num_rows: Rows that were answered.
    """
    wrong = np.round((1.0 - np.asarray(accuracy, np.float64)) * num_rows)
    return np.log10((wrong + 0.5) / (num_rows + 1.0))
