"""Search for a learning rate at random, and say what so many trials would have found.

All trials of a seed train together, from the same weights and on the same batches.
What the best of k random trials scores is exact for the trials that were made: the
mean over all ways to draw k of them.
"""

from __future__ import annotations

from math import comb
from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
    classifying,
)
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import ScheduleConfig, TrainingConfig
from models.config import Fraction, MLPConfig, PositiveInt
from models.randomness import STREAMS

DECADES = 4.0
"""Width of every search; rates are even in their logarithm."""

LOWEST = {
    "sgd": 1e-3,
    "momentum": 1e-4,
    "adagrad": 1e-3,
    "rmsprop": 1e-5,
    "adam": 1e-5,
    "muon": 1e-5,
    "schedule_free_adamw": 1e-5,
}
"""Smallest rate that is tried; that of momentum adds up to ten times a plain one."""

DEFAULTS = {
    "sgd": 0.01,
    "momentum": 0.01,
    "adagrad": 0.001,
    "rmsprop": 0.001,
    "adam": 0.001,
    "muon": 0.001,
    "schedule_free_adamw": 0.0025,
}
"""Rates of Keras where none is given."""

TRIALS = (1, 2, 4, 8, 16)
"""Numbers of trials that are told apart."""

NEAR = 1.5
"""A trial is near the best one if it takes at most so many times its updates."""

RECORDED, NUM_RECORDS = 1.25, 19
"""Ratio of the updates of one record to those of the next, and their number."""

SMALLEST_LOSS = 1e-6


class RateSearchConfig(TrainedNetworksConfig):
    """Describe ReLU classifiers trained by one rule at many random rates.

    Rates fall linearly to zero at the last update, unless `decay` is False. One more
    trial has the rate that Keras takes by itself, constant. A trial that never reaches
    the target counts with all updates, one that diverges with the loss of guessing.

    Args:
        task: The rows, classes, with validation and test rows.
        rule: Name of the update rule, with the other settings of Keras.
        target: Share of the loss of guessing that the training loss is to reach.
        decay: Whether rates fall.
        order: How rows come to batches: in a new order each epoch (`reshuffled`), in
            one random order (`once`), drawn anew with replacement (`replaced`), or
            class after class (`by_class`).
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        batch_size: Rows per update.
        num_trials: Random rates.
    """

    chunk_size: ClassVar[int] = 8
    networks_per_stack: ClassVar[int | None] = 25
    seconds_per_run: ClassVar[float] = 0.5

    kind: Literal["rate_search"] = "rate_search"
    task: TaskConfig
    rule: Literal[
        "sgd",
        "momentum",
        "adagrad",
        "rmsprop",
        "adam",
        "muon",
        "schedule_free_adamw",
    ]
    target: Fraction = 0.25
    decay: bool = True
    order: Literal["reshuffled", "once", "replaced", "by_class"] = "reshuffled"
    width: PositiveInt = 32
    depth: PositiveInt = 2
    batch_size: PositiveInt = 32
    num_steps: PositiveInt = 512
    num_trials: PositiveInt = 24

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return what is known after each number of trials, and without any."""
        after = ("log10_updates", "log10_loss", "test_accuracy")
        return (
            *(f"{name}_after_{k}" for name in after for k in TRIALS),
            "log10_updates_by_default",
            "share_near_the_best",
        )

    def count_settings(self) -> int:
        """Return the number of trials."""
        return self.num_trials

    def count_rows_seen(self, task: Task | None, num_updates: int) -> int:
        """Return how many training rows enter so many updates."""
        rows = task.num_rows if task else 1
        return num_updates * min(self.batch_size, rows)

    def get_model(self) -> MLPConfig:
        """Return the network."""
        return self.relu_network(*(self.width,) * self.depth)

    def get_training(self) -> TrainingConfig:
        """Return the training at the rate of Keras."""
        metrics = ("loss", "val_loss", "test_accuracy")
        steps = {round(self.num_steps / RECORDED**k) for k in range(NUM_RECORDS)}
        return classifying(
            *(DEFAULTS[self.rule], self.batch_size, self.num_steps, self.rule),
            log_steps=tuple(sorted(steps - {0})),
            metrics=metrics,
        )

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train and read; a trial that diverges is a bad one, and no end of a run."""
        return self.arrange(self.read(self.networks(seeds)))

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train at every random rate, and last at that of Keras."""
        base, data = self.get_training(), self.rows(seeds)
        falls = ScheduleConfig(
            name="linear", decay_steps=self.num_steps, final_learning_rate=0.0
        )
        schedule = falls if self.decay else ScheduleConfig()
        trainings = []
        for rates in self.rates(seeds):
            for rate in rates:
                optimizer = base.optimizer.replace(learning_rate=float(rate))
                trainings.append(base.replace(optimizer=optimizer, schedule=schedule))
            trainings.append(base)
        return self.train(
            seeds,
            data,
            num_each=self.num_trials + 1,
            training=trainings,
            orders=self.orders(seeds, data),
        )

    def rates(self, seeds: np.ndarray) -> np.ndarray:
        """Return the random rates `[S, M]`, at the same places of every rule's search.

        They follow from the seed alone.
        """
        drawn = [
            np.random.default_rng((len(STREAMS), int(seed))).random(self.num_trials)
            for seed in seeds
        ]
        return LOWEST[self.rule] * 10.0 ** (DECADES * np.array(drawn))

    def orders(self, seeds: np.ndarray, data: Data) -> np.ndarray | None:
        """Return orders of rows `[S, epochs or 1, N]`, None for new ones each epoch."""
        if self.order == "reshuffled":
            return None
        n = data.num_rows
        epochs = -(-self.num_steps * self.batch_size // n)
        found = []
        for place, seed in enumerate(seeds):
            rng = np.random.default_rng((STREAMS["order"], int(seed)))
            if self.order == "replaced":
                found.append(rng.integers(0, n, (epochs, n)))
            elif self.order == "once":
                found.append(rng.permutation(n)[None])
            else:
                y = data.y[place] if data.per_run else data.y
                found.append(np.argsort(y.argmax(axis=-1), kind="stable")[None])
        return np.stack(found)

    def read(self, trained: Trained) -> Arrays:
        """Return means over what k random trials find `[S]`.

        The best trial has the fewest updates to the target, the smallest training loss
        or, for test rows, the smallest loss of the validation rows.
        """
        guessing = np.log(make_task(self.task).num_outputs)
        updates = first_below(
            trained.curve("loss"), trained.result.log_steps, self.target * guessing
        )
        diverged = trained.result.diverged_at.reshape(updates.shape) >= 0
        loss, val_loss = (
            np.where(diverged, guessing, trained.last(name)).clip(SMALLEST_LOSS)
            for name in ("loss", "val_loss")
        )
        loss = np.log10(np.minimum(loss, guessing))
        tried = slice(self.num_trials)
        log_updates = np.log10(np.minimum(updates, self.num_steps))
        best = updates[:, tried].min(axis=1, keepdims=True)
        near = np.isfinite(updates[:, tried]) & (updates[:, tried] <= NEAR * best)
        right = trained.last("test_accuracy")
        pairs = {
            "log10_updates": (log_updates, log_updates),
            "log10_loss": (loss, loss),
            "test_accuracy": (val_loss, right),
        }
        return {
            **{
                f"{name}_after_{k}": after_trials(by[:, tried], value[:, tried], k)
                for name, (by, value) in pairs.items()
                for k in TRIALS
            },
            "log10_updates_by_default": log_updates[:, -1],
            "share_near_the_best": near.mean(axis=1),
        }


def first_below(curve: np.ndarray, steps: np.ndarray, bound: float) -> np.ndarray:
    """Return the first recorded updates with a value of at most a bound `[S, M]`.

    It is infinite for a curve `[S, M, T]` that never gets there; `steps` are `[T]`.
    """
    below = curve <= bound
    return np.where(below.any(axis=-1), steps[below.argmax(axis=-1)], np.inf)


def after_trials(by: np.ndarray, value: np.ndarray, k: int) -> np.ndarray:
    """Return the mean value of the best of k trials, over all ways to draw them `[S]`.

    The trial that is better than n - 1 - r of n is the best of k in C(n - 1 - r, k - 1)
    of C(n, k) ways.

    Args:
        by: What the best has least of `[S, n]`.
        value: What it is scored by `[S, n]`.
        k: Number of trials, at most n.
    """
    n = by.shape[1]
    weights = np.array([comb(n - 1 - r, k - 1) for r in range(n)]) / comb(n, k)
    ranked = np.take_along_axis(value, by.argsort(axis=1, kind="stable"), axis=1)
    return ranked @ weights
