"""Read the mean answers of several networks per seed."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    SMALLEST,
    Arrays,
    ReadoutConfig,
    Trained,
    check_logits,
)
from ablations.tasks.data import Data
from models.config import PositiveInt, requirement
from models.numpy_mlp import check_followable, crossentropy, right_share


class EnsembleConfig(ReadoutConfig):
    """Average the probabilities of networks that train apart.

    A seed draws rows for `groups` training sets; on each set `members` networks train,
    with weights and batches of their own. Networks with dropout answer without it.

    Args:
        task: The rows of all sets together.
        members: Networks per training set, a power of two.
        groups: Training sets per seed; they share no rows.
        resample: `bootstrap` lets every member draw its rows anew from its set, with
            replacement; `none` gives all members the same.
    """

    chunk_size: ClassVar[int] = 5
    networks_per_stack: ClassVar[int | None] = 40
    seconds_per_run: ClassVar[float] = 0.5

    kind: Literal["ensemble"] = "ensemble"
    members: PositiveInt = 8
    groups: PositiveInt = 1
    resample: Literal["none", "bootstrap"] = "none"

    def check(self) -> None:
        """Refuse rows that cannot be shared out, and networks not followed."""
        super().check()
        check_logits(self.training)
        if self.members < 2 or self.members & (self.members - 1):
            must = "must be a power of two, at least 2"
            raise requirement("members", must, self.members)
        check_followable(self.model)
        total = self.task.setting("num_train")
        if total % self.groups:
            must = f"must divide the number of rows ({total})"
            raise requirement("groups", must, self.groups)

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

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train all members."""
        data, own = self.rows(seeds), member_seeds(seeds, self.groups * self.members)
        rows = self.rows_of_members(self.sets(data), own)
        return self.train(seeds, data, own=own, own_rows=rows)

    def read(self, trained: Trained) -> Arrays:
        """Score what members answer together."""
        data, sets = trained.data, self.sets(trained.data)
        p_test = trained.probabilities(np.asarray(data.x_test))
        p_train = trained.networks.probabilities(np.repeat(sets.x, self.members, 0))
        shape = (len(data.x), self.groups, self.members)
        return self.score(
            p_test.reshape(*shape, *p_test.shape[2:]),
            p_train.reshape(*shape, *p_train.shape[1:]),
            np.asarray(data.y_test)[:, None, None],
            sets.y.reshape(*shape[:2], 1, *sets.y.shape[1:]),
        )

    def score(
        self,
        p_test: np.ndarray,
        p_train: np.ndarray,
        y_test: np.ndarray,
        y_train: np.ndarray,
    ) -> Arrays:
        """Score averages of 1, 2, 4, ... members.

        For k members: `accuracy_of_k` on the rows of their own set,
        `test_accuracy_of_k` and `test_loss_of_k`, means over all disjoint choices of k
        members; `log2_variance_over_seeds_of_k`, the variance of the answer between
        choices within a set, and `log2_variance_over_sets_of_k`, that between sets,
        both averaged over test rows and classes; `correlation`, of two members over
        sets.

        Args:
            p_test: Probabilities for test rows `[S, G, M, N, K]`.
            p_train: Those for the rows of their own sets.
            y_test: Targets of test rows `[S, 1, 1, N, K]`.
            y_train: Targets of sets `[S, G, 1, N, K]`.
        """
        found: Arrays = {}
        for k in self.sizes:
            mean, known = averages(p_test, k), averages(p_train, k)
            scores = {
                "accuracy": right_share(known, y_train),
                "test_accuracy": right_share(mean, y_test),
                "test_loss": crossentropy(mean, y_test),
            }
            for name, values in scores.items():
                found[f"{name}_of_{k}"] = values.mean(axis=(1, 2))
            if k < self.members:
                within = mean.var(axis=2, ddof=1).mean(axis=(1, 2, 3))
                found[f"log2_variance_over_seeds_of_{k}"] = _log2(within)
            if self.groups > 1:
                between = mean.var(axis=1, ddof=1).mean(axis=(1, 2, 3))
                found[f"log2_variance_over_sets_of_{k}"] = _log2(between)
        if self.groups > 1:
            ends = (f"log2_variance_over_sets_of_{k}" for k in (1, self.members))
            one, mean_of_all = (np.exp2(found[name]) for name in ends)
            found["correlation"] = correlation(one, mean_of_all, self.members)
        return found

    def sets(self, drawn: Data) -> Data:
        """Return the training sets of all seeds `[S * G, N, ...]`."""
        x, y = (
            each.reshape(len(each) * self.groups, -1, each.shape[-1])
            for each in (drawn.x, drawn.y)
        )
        return Data(x, y)

    def rows_of_members(self, sets: Data, own: np.ndarray) -> Data:
        """Return the rows that every member trains on `[S * G * M, N, ...]`."""
        number = np.repeat(np.arange(len(sets.x)), self.members)
        if self.resample == "none":
            return sets.of_runs(number)
        size = sets.num_rows
        drawers = [np.random.default_rng(int(seed)) for seed in own.ravel()]
        chosen = np.stack([rng.integers(size, size=size) for rng in drawers])
        place = number[:, None]
        return Data(sets.x[place, chosen], sets.y[place, chosen])


def member_seeds(seeds: np.ndarray, count: int) -> np.ndarray:
    """Return a seed for every member `[S, count]`; those of a seed are its own."""
    drawn = [np.random.SeedSequence(int(s)).generate_state(count) for s in seeds]
    return np.stack(drawn).astype(np.int64)


def averages(p: np.ndarray, k: int) -> np.ndarray:
    """Return the means of disjoint groups of k members `[S, G, M / k, N, K]`.

    The probabilities of the members are `[S, G, M, N, K]`, and k divides M.
    """
    return p.reshape(*p.shape[:2], -1, k, *p.shape[3:]).mean(axis=3)


def correlation(one: np.ndarray, mean: np.ndarray, k: int) -> np.ndarray:
    """Return rho of `Var(mean of k) = Var(one) (rho + (1 - rho) / k)`, k at least 2."""
    return (k * mean / one - 1.0) / (k - 1.0)


def _log2(values: np.ndarray) -> np.ndarray:
    return np.log2(np.maximum(values, SMALLEST))
