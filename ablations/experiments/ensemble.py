"""Train several networks per seed and average what they answer."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.experiments.trained_networks import TrainedNetworksConfig
from ablations.tasks import TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, PositiveInt, requirement
from models.numpy_mlp import Networks, crossentropy, moving, right_share

STACK_SIZE = 40
SMALLEST = 1e-12
"""Variances below it count as it where logarithms are taken."""


class EnsembleConfig(TrainedNetworksConfig):
    """Describe ensembles: the mean of the probabilities of networks trained apart.

    A seed draws rows for `groups` training sets; on each set `members` networks train,
    with weights and batches of their own. Networks with dropout answer without it.

    Args:
        task: The rows of all sets together, classes, with test rows.
        model: The network of every member.
        training: Its training, for a number of updates.
        members: Networks per training set, a power of two.
        groups: Training sets per seed; they share no rows.
        resample: `bootstrap` lets every member draw its rows anew from its set, with
            replacement; `none` gives all members the same.

    Raises:
        ConfigError: If the task is not of classes, the rows cannot be shared out
            equally, or the network is not followed by `Networks`.
    """

    chunk_size: ClassVar[int] = 5
    seconds_per_run: ClassVar[float] = 0.5

    kind: Literal["ensemble"] = "ensemble"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    members: PositiveInt = 8
    groups: PositiveInt = 1
    resample: Literal["none", "bootstrap"] = "none"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes and test rows"
            raise requirement("task", must, self.task.name)
        if self.training.num_steps is None or not self.training.from_logits:
            must = "must count updates, and read logits"
            raise requirement("training", must, self.training.num_steps)
        if self.members < 2 or self.members & (self.members - 1):
            must = "must be a power of two, at least 2"
            raise requirement("members", must, self.members)
        total = self.task.setting("num_train")
        if total % self.groups:
            must = f"must divide the number of rows ({total})"
            raise requirement("groups", must, self.groups)
        Networks(self.model, ())
        return self

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of members that are averaged: 1, 2, 4, ..., all."""
        return tuple(2**power for power in range(self.members.bit_length()))

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return accuracies, losses and variances by the number of members."""
        sized = ["accuracy", "test_accuracy", "test_loss"]
        if self.groups > 1:
            sized.append("log2_variance_over_sets")
        names = [f"{name}_of_{k}" for name in sized for k in self.sizes]
        names += [f"log2_variance_over_seeds_of_{k}" for k in self.sizes[:-1]]
        return (*names, *(("correlation",) if self.groups > 1 else ()))

    def get_learning_rate(self) -> float:
        """Return the rate before any schedule."""
        return self.training.optimizer.learning_rate

    def with_learning_rate(self, rate: float) -> Self:
        """Return the ensembles at another learning rate."""
        optimizer = self.training.optimizer.replace(learning_rate=rate)
        return self.replace(training=self.training.replace(optimizer=optimizer))

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train all members, and score averages of 1, 2, 4, ... of them.

        Returns:
            As `ExperimentConfig.run`. For k members: `accuracy_of_k` on the rows of
            their own set, `test_accuracy_of_k` and `test_loss_of_k`, means over all
            disjoint choices of k members; `log2_variance_over_seeds_of_k`, the
            variance of the answer between choices within a set, and
            `log2_variance_over_sets_of_k`, that between sets, both averaged over test
            rows and classes; `correlation`, of two members over sets.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        drawn = make_task(self.task).rows(seeds)
        own = member_seeds(seeds, self.groups * self.members)  # [S, G * M]
        shape = (len(seeds), self.groups, self.members)
        sets = self._sets(drawn, len(seeds))
        result = train_in_stacks(
            self.model,
            self.training.replace(metrics=("loss",), log_steps=(), probes=()),
            own.ravel(),
            self._rows_of_members(sets, own),
            size=STACK_SIZE,
        )
        members = Networks(self.model, result.weights, moving(self.model, result.state))
        copies = np.repeat(np.arange(len(seeds)), self.groups * self.members)
        y_test = np.asarray(drawn.y_test)
        answers = {
            "test": members.probabilities(np.asarray(drawn.x_test)[copies]),
            "train": members.probabilities(np.repeat(sets.x, self.members, axis=0)),
        }
        p = {
            name: each.reshape(*shape, *each.shape[1:])
            for name, each in answers.items()
        }
        truth = {
            "test": y_test[:, None, None],
            "train": sets.y.reshape(len(seeds), self.groups, 1, *sets.y.shape[1:]),
        }
        curves = self._scores(p, truth)
        ended = result.diverged_at.reshape(len(seeds), -1).max(axis=1)
        return {
            "steps": np.full((len(seeds), 1), self.recorded_steps()[0], np.int32),
            **{f"curve.{n}": curves[n][:, None] for n in self.recorded_metrics()},
            "diverged_at": ended,
        }

    def _sets(self, drawn: Data, num_seeds: int) -> Data:
        """Return the training sets of all seeds `[S * G, N, ...]`."""
        x, y = (
            each.reshape(num_seeds * self.groups, -1, each.shape[-1])
            for each in (drawn.x, drawn.y)
        )
        return Data(x, y)

    def _rows_of_members(self, sets: Data, own: np.ndarray) -> Data:
        """Return the rows that every member trains on `[S * G * M, N, ...]`."""
        number = np.repeat(np.arange(len(sets.x)), self.members)
        if self.resample == "none":
            return sets.of_runs(number)
        size = sets.num_rows
        chosen = np.stack(
            [
                np.random.default_rng(int(s)).integers(size, size=size)
                for s in own.ravel()
            ]
        )
        place = number[:, None]
        return Data(sets.x[place, chosen], sets.y[place, chosen])

    def _scores(
        self, p: dict[str, np.ndarray], truth: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Return all metrics `[S]` of probabilities `[S, G, M, N, K]`."""
        found: dict[str, Any] = {}
        for k in self.sizes:
            mean = {name: averages(each, k) for name, each in p.items()}
            right = right_share(mean["train"], truth["train"])
            found[f"accuracy_of_{k}"] = right.mean(axis=(1, 2))
            right = right_share(mean["test"], truth["test"])
            found[f"test_accuracy_of_{k}"] = right.mean(axis=(1, 2))
            loss = crossentropy(mean["test"], truth["test"])
            found[f"test_loss_of_{k}"] = loss.mean(axis=(1, 2))
            if k < self.members:
                within = mean["test"].var(axis=2, ddof=1).mean(axis=(1, 2, 3))
                found[f"log2_variance_over_seeds_of_{k}"] = _log2(within)
            if self.groups > 1:
                between = mean["test"].var(axis=1, ddof=1).mean(axis=(1, 2, 3))
                found[f"log2_variance_over_sets_of_{k}"] = _log2(between)
        if self.groups > 1:
            name = "log2_variance_over_sets_of"
            one, all_of_them = (
                np.exp2(found[f"{name}_{k}"]) for k in (1, self.members)
            )
            found["correlation"] = correlation(one, all_of_them, self.members)
        return found


def member_seeds(seeds: np.ndarray, count: int) -> np.ndarray:
    """Return a seed for every member `[S, count]`; those of a seed are its own."""
    drawn = [np.random.SeedSequence(int(s)).generate_state(count) for s in seeds]
    return np.stack(drawn).astype(np.int64)


def averages(p: np.ndarray, k: int) -> np.ndarray:
    """Return the means of disjoint groups of k members `[S, G, M / k, N, K]`.

    Args:
        p: Probabilities `[S, G, M, N, K]`.
        k: A divisor of M.
    """
    count = p.shape[2] // k
    return p.reshape(*p.shape[:2], count, k, *p.shape[3:]).mean(axis=3)


def correlation(one: np.ndarray, mean: np.ndarray, k: int) -> np.ndarray:
    """Return rho of `Var(mean of k) = Var(one) (rho + (1 - rho) / k)`.

    Args:
        one: Variance of one member.
        mean: Variance of the mean of k members.
        k: At least 2.
    """
    return (k * mean / one - 1.0) / (k - 1.0)


def _log2(values: np.ndarray) -> np.ndarray:
    return np.log2(np.maximum(values, SMALLEST))
