"""Draw the scores of arms that are alike, from formulas or from real runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ablations.selfcheck.synthetic import BUDGET, Data

COLLAPSING = 0.1
"""Share of runs that collapse, where some do."""


@dataclass(frozen=True)
class Noise:
    """A distribution of runs.

    Attributes:
        name: What it is called.
        values: Draws scores of a shape.
        rate: Share of runs that succeed.
        typical: Typical time to the target, in updates.
    """

    name: str
    values: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
    rate: float
    typical: float

    def draw(
        self, data: Data, rng: np.random.Generator, shape: tuple[int, ...]
    ) -> np.ndarray:
        """Return scores, successes or times of arms that are alike `[B, arms, n]`."""
        if data == "measured":
            return np.zeros(shape)
        if data == "success":
            return (rng.random(shape) < self.rate) * 1.0
        scores = self.values(rng, shape)
        return scores if data == "score" else self.times(scores)

    def times(self, scores: np.ndarray) -> np.ndarray:
        """Return whole numbers of updates; late runs never get there."""
        times = np.ceil(self.typical * np.exp(0.5 * np.clip(scores, -3.0, 6.0)))
        return np.where(times > BUDGET, np.inf, times)


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw normal scores."""
    return rng.normal(size=shape)


def lognormal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw skewed scores."""
    return rng.lognormal(size=shape)


def collapsing(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw normal scores of which a tenth has collapsed far below."""
    collapsed = rng.random(shape) < COLLAPSING
    return rng.normal(size=shape) - 8.0 * collapsed


SYNTHETIC = (
    Noise("normal", normal, 0.5, 60.0),
    Noise("lognormal", lognormal, 0.8, 30.0),
    Noise("10 % collapsing", collapsing, 0.95, 90.0),
)
"""What scores are drawn as."""


@dataclass(frozen=True)
class Bank:
    """Real runs of one configuration, each on its own seed.

    Attributes:
        scores: A continuous score `[S]`.
        successes: Whether each run succeeded `[S]`.
        times: Updates after which it did, infinite for never `[S]`.
    """

    scores: np.ndarray
    successes: np.ndarray
    times: np.ndarray

    def draw(
        self, data: Data, rng: np.random.Generator, shape: tuple[int, ...]
    ) -> np.ndarray:
        """Return disjoint sets of seeds as arms `[B, arms, n]`."""
        if data == "measured":
            return np.zeros(shape)
        num_draws, num_taken = shape[0], int(np.prod(shape[1:]))
        values = {"score": self.scores, "success": self.successes, "time": self.times}
        taken = np.empty((num_draws, num_taken), np.intp)
        for start in range(0, num_draws, 1024):
            rows = slice(start, min(start + 1024, num_draws))
            keys = rng.random((rows.stop - start, len(self.scores)))
            chosen = keys.argpartition(num_taken - 1, axis=1)[:, :num_taken]
            taken[rows] = rng.permuted(chosen, axis=1)
        return values[data][taken].reshape(shape)
