"""Ask at which learning rates, and from which first weights, networks learn at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.ensembles import member_seeds
from ablations.experiments.readouts.trained_networks import (
    ReadoutConfig,
    Trained,
    check_logits,
)
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, Positive, PositiveInt, Rate, requirement


class RateLimitConfig(ReadoutConfig):
    """Find the largest learning rate at which most of a few networks learn.

    The networks of a seed share its rows and differ in their first weights. Between a
    rate at which enough of them learn and one at which fewer do, the geometric mean is
    tried, again and again. `log10_largest_rate` is the middle of what is left, and
    tends to an end where all rates are alike; `learns_at_lowest` and
    `learns_at_highest` tell whether enough learn at the ends.

    Args:
        lowest: Smallest rate.
        highest: Largest rate.
        halvings: How often the interval of their logarithms is halved.
        networks_each: Networks of a seed.
        needed: How many of them must learn.
        learns: Accuracy on the training rows that counts as having learned; one that
            diverges has not.
    """

    chunk_size: ClassVar[int] = 10
    networks_per_stack: ClassVar[int | None] = 50
    seconds_per_run: ClassVar[float] = 0.7

    kind: Literal["rate_limit"] = "rate_limit"
    lowest: Positive
    highest: Positive
    halvings: PositiveInt = 5
    networks_each: PositiveInt = 5
    needed: PositiveInt = 4
    learns: Rate = 0.5

    def check(self) -> None:
        """Refuse an empty interval, and more networks needed than there are."""
        super().check()
        check_logits(self.training)
        if self.lowest >= self.highest:
            raise requirement("lowest", "must be below `highest`", self.lowest)
        if self.needed > self.networks_each:
            must = f"must be at most `networks_each` ({self.networks_each})"
            raise requirement("needed", must, self.needed)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the limit, and whether its interval holds it."""
        return ("log10_largest_rate", "learns_at_lowest", "learns_at_highest")

    def counted_metrics(self) -> tuple[str, ...]:
        """Return the limit, which is one of as many as there are last intervals."""
        return ("log10_largest_rate",)

    def get_training(self) -> TrainingConfig:
        """Return the training, with the accuracy at its end."""
        return accuracy_at_the_end(self.training)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Search the limit of every seed; see `ExperimentConfig.run`."""
        rows, own = self.rows(seeds), member_seeds(seeds, self.networks_each)

        def enough_learn(log_rates: np.ndarray) -> np.ndarray:
            each = np.repeat(10.0**log_rates, self.networks_each)
            trainings = [at_rate(self.get_training(), float(rate)) for rate in each]
            trained = self.train(seeds, rows, own=own, training=trainings)
            return learned(trained, self.learns).sum(axis=1) >= self.needed

        low, high = (
            np.full(len(seeds), np.log10(end)) for end in (self.lowest, self.highest)
        )
        at_ends = enough_learn(low), enough_learn(high)
        low, high = halved(low, high, enough_learn, self.halvings)
        return self.arrange(
            {
                "log10_largest_rate": (low + high) / 2.0,
                "learns_at_lowest": at_ends[0],
                "learns_at_highest": at_ends[1],
            }
        )


class TrainableSettingsConfig(ReadoutConfig):
    """Count the settings at which a network learns: rates, times scales of its weights.

    The networks of a seed share its rows, and their kernels are multiples of the same
    draw, that of the output included.

    Args:
        rates: Learning rates.
        gains: Factors on all first kernels.
        learns: Accuracy on the training rows that counts as having learned; one that
            diverges has not.
    """

    chunk_size: ClassVar[int] = 10
    networks_per_stack: ClassVar[int | None] = 50
    seconds_per_run: ClassVar[float] = 0.6

    kind: Literal["trainable_settings"] = "trainable_settings"
    rates: tuple[Positive, ...]
    gains: tuple[Positive, ...]
    learns: Rate = 0.5

    def check(self) -> None:
        """Refuse epochs."""
        super().check()
        check_logits(self.training)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the share of settings."""
        return ("share_that_learn",)

    def counted_metrics(self) -> tuple[str, ...]:
        """Return the share, which is that of a few settings."""
        return self.recorded_metrics()

    def get_training(self) -> TrainingConfig:
        """Return the training, with the accuracy at its end."""
        return accuracy_at_the_end(self.training)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train at all settings; see `ExperimentConfig.run`.

        Returns:
            As there, with `settings_that_learn` `[S, rates, gains]`.
        """
        from ablations.experiments.engines.stacks import draw_start

        weights, state = draw_start(self.model, seeds)
        rates = np.repeat(self.rates, len(self.gains))
        gains = np.tile(self.gains, len(self.rates))
        copies = np.repeat(np.arange(len(seeds)), len(rates))
        trained = self.train(
            seeds,
            self.rows(seeds),
            num_each=len(rates),
            start=(
                scaled_kernels(self.model, weights, gains),
                [array[copies] for array in state],
            ),
            training=[at_rate(self.get_training(), float(rate)) for rate in rates]
            * len(seeds),
        )
        shape = (len(seeds), len(self.rates), len(self.gains))
        there = learned(trained, self.learns).reshape(shape)
        share = there.mean(axis=(1, 2))
        return self.arrange({"share_that_learn": share, "settings_that_learn": there})


def accuracy_at_the_end(training: TrainingConfig) -> TrainingConfig:
    """Return a training that records its accuracy at the end and nothing else."""
    return training.replace(metrics=("accuracy",), log_steps=(), probes=())


def at_rate(training: TrainingConfig, rate: float) -> TrainingConfig:
    """Return a training at another learning rate."""
    optimizer = training.optimizer.replace(learning_rate=rate)
    return training.replace(optimizer=optimizer)


def learned(trained: Trained, accuracy: float) -> np.ndarray:
    """Return which networks end at an accuracy, none that diverged `[S, M]`."""
    reached = trained.last("accuracy") >= np.float32(accuracy)
    return reached & (trained.result.diverged_at.reshape(reached.shape) < 0)


def halved(
    low: np.ndarray,
    high: np.ndarray,
    below: Callable[[np.ndarray], np.ndarray],
    halvings: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Halve intervals again and again, each time keeping the half with the limit.

    Args:
        low: Lower ends `[S]`.
        high: Upper ends `[S]`.
        below: Tells which of some points `[S]` lie below the limit `[S]`.
        halvings: Number of times.

    Returns:
        Lower and upper ends of what is left.
    """
    for _ in range(halvings):
        middle = (low + high) / 2.0
        is_below = below(middle)
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    return low, high


def scaled_kernels(
    model: MLPConfig, weights: list[np.ndarray], gains: np.ndarray
) -> list[np.ndarray]:
    """Return weights `[S * M, ...]`, kernels times each of the gains, from `[S, ...]`.

    Args:
        model: The network.
        weights: Trainable weights in the order of the model, each `[S, ...]`.
        gains: One factor for each of the M networks of a seed `[M]`.
    """
    names = [name for name in model.weight_shapes() if "/moving_" not in name]
    found = []
    for name, array in zip(names, weights, strict=True):
        copies = np.repeat(np.asarray(array), len(gains), axis=0)
        if name.endswith("/kernel"):
            factors = np.tile(gains, len(array)).astype(copies.dtype)
            copies *= factors.reshape(-1, *[1] * (copies.ndim - 1))
        found.append(copies)
    return found
