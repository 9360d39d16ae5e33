"""Add changed copies of the training rows, and train for as many updates as without.

Every row is there once as it is; its copies are changed each by a draw of its own.
Where nothing is changed, the copies are equal, so that all arms have as many rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    TrainedNetworksConfig,
    classifying,
    repeated_rows,
)
from ablations.tasks import TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import (
    MLPConfig,
    NonNegative,
    Positive,
    PositiveInt,
    one_of,
    requirement,
)
from models.randomness import STREAMS

SIDE = 8
"""Rows, and columns, of an image."""


class AugmentationConfig(TrainedNetworksConfig):
    """Describe networks on a few rows and changed copies of them.

    Args:
        task: Classes, with test rows. What moves, turns or mirrors images asks for
            digits with pixels from 0 to 1, and what slides along for signals.
        num_rows: Rows that are known, the first of the task.
        num_total: Rows to train on, copies included; a multiple of `num_rows`.
        change: One of `CHANGES`.
        amount: How large the change is: pixels, degrees, points of a signal or the
            standard deviation of what is added to every input.
        width: Units of each of two hidden layers, which train by Adam.
    """

    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.03

    kind: Literal["augmentation"] = "augmentation"
    task: TaskConfig
    num_rows: PositiveInt
    num_total: PositiveInt = 2000
    change: str = "none"
    amount: NonNegative = 0.0
    width: PositiveInt = 64
    learning_rate: Positive = 0.003
    batch_size: PositiveInt = 32
    num_steps: PositiveInt = 1000

    def check(self) -> None:
        """Refuse rows that no such change fits, too few rows, and amounts of others."""
        super().check()
        one_of("change", self.change, CHANGES)
        if self.change in OF_IMAGES and (
            self.task.name != "digits" or self.task.scaling != "unit"
        ):
            must = f"must be 'digits' with pixels from 0 to 1 for {self.change!r}"
            raise requirement("task", must, self.task)
        if self.change == "slide" and self.task.name != "mnist1d":
            raise requirement("task", "must be 'mnist1d' for 'slide'", self.task.name)
        most = self.task.setting("num_train")
        if self.num_rows > most:
            raise requirement("num_rows", f"must be at most {most}", self.num_rows)
        if self.num_total % self.num_rows:
            must = f"must be a multiple of `num_rows` ({self.num_rows})"
            raise requirement("num_total", must, self.num_total)
        if bool(self.amount) != (self.change in WITH_AMOUNT):
            must = f"must be above 0 for {WITH_AMOUNT}, and 0 else"
            raise requirement("amount", must, self.amount)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the accuracies, and the loss on test rows."""
        return ("accuracy", "test_accuracy", "test_loss")

    def get_model(self) -> MLPConfig:
        """Return the network."""
        return self.relu_network(self.width, self.width)

    def get_training(self) -> TrainingConfig:
        """Return the training."""
        numbers = self.learning_rate, self.batch_size, self.num_steps
        return classifying(*numbers, metrics=self.recorded_metrics())

    def rows(self, seeds: np.ndarray) -> Data:
        """Return the rows of every seed, their copies after them `[S, total, D]`."""
        data = make_task(self.task).rows(seeds)
        x, y = repeated_rows(data, self.num_rows, self.num_total)
        for place, seed in enumerate(seeds):
            rng = np.random.default_rng((STREAMS["data"], self.num_rows, int(seed)))
            copies = x[place, self.num_rows :]
            x[place, self.num_rows :] = CHANGES[self.change](copies, self.amount, rng)
        return Data(x, y, None, None, data.x_test, data.y_test)


def moved(
    images: np.ndarray, right: np.ndarray, down: np.ndarray, degrees: np.ndarray
) -> np.ndarray:
    """Return images `[N, 64]` turned about their middle, counterclockwise, and moved.

    It is by linear interpolation; what comes from outside the image is 0. An image has
    a number of degrees and of pixels of its own.
    """
    middle = (SIDE - 1) / 2
    v, u = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    # Where each pixel of the result came from.
    across = u.ravel() - middle - right[:, None]
    along = v.ravel() - middle - down[:, None]
    angle = np.radians(degrees)[:, None]
    column = np.cos(angle) * across - np.sin(angle) * along + middle
    row = np.sin(angle) * across + np.cos(angle) * along + middle
    framed = np.pad(images.reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    low = np.floor(row).astype(int), np.floor(column).astype(int)
    number = np.arange(len(images))[:, None]
    total = np.zeros(row.shape)
    for r in (low[0], low[0] + 1):
        for c in (low[1], low[1] + 1):
            weight = (1 - np.abs(row - r)) * (1 - np.abs(column - c))
            inside = np.clip(r + 1, 0, SIDE + 1), np.clip(c + 1, 0, SIDE + 1)
            total += weight * framed[number, *inside]
    return total.astype(images.dtype)


Change = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


def _shift(images: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Move by `amount` pixels, in one of eight directions."""
    steps = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b])
    way = amount * steps[rng.integers(len(steps), size=len(images))]
    return moved(images, way[:, 0], way[:, 1], np.zeros(len(images)))


def _turn(images: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Turn by up to `amount` degrees either way."""
    still = np.zeros(len(images))
    return moved(images, still, still, rng.uniform(-amount, amount, len(images)))


def _noise(images: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Add normal noise of this standard deviation to every input."""
    noise = amount * rng.standard_normal(images.shape)
    return (images + noise).astype(images.dtype)


def _slide(signals: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Move by up to `amount` whole points either way; what leaves comes in again."""
    num_rows, length = signals.shape
    moves = rng.integers(-int(amount), int(amount) + 1, size=(num_rows, 1))
    return np.take_along_axis(signals, (np.arange(length) - moves) % length, axis=1)


def _mirror(images: np.ndarray, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Swap left and right."""
    return images.reshape(-1, SIDE, SIDE)[:, :, ::-1].reshape(images.shape)


CHANGES: dict[str, Change] = {
    "none": lambda images, amount, rng: images,
    "shift": _shift,
    "turn": _turn,
    "noise": _noise,
    "slide": _slide,
    "mirror": _mirror,
    "upside_down": lambda images, amount, rng: images[:, ::-1],  # by 180 degrees
}
"""Changes of rows `[N, D]` by an amount, drawn for every row."""

WITH_AMOUNT = ("shift", "turn", "noise", "slide")
"""Changes that have an amount."""

OF_IMAGES = ("shift", "turn", "mirror", "upside_down")
"""Changes of images `[N, 64]` alone."""
