"""Make the data that runs train on, always the same for the same name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from models.config import FrozenConfig, one_of


@dataclass(frozen=True)
class Task:
    """Hold the rows of a task.

    Attributes:
        x: Inputs `[N, D]`, float32.
        y: Targets `[N, K]`, float32.
        x_val: Validation inputs `[V, D]`, or None.
        y_val: Validation targets `[V, K]`, or None.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray | None = None
    y_val: np.ndarray | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every array, its shape included."""
        digest = hashlib.sha256()
        for array in (self.x, self.y, self.x_val, self.y_val):
            rows = np.zeros(0, "<f4") if array is None else array
            digest.update(repr(rows.shape).encode())
            digest.update(np.ascontiguousarray(rows, "<f4").tobytes())
        return digest.hexdigest()


CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
"""The inputs of a Boolean function of two variables."""


def _boolean(*outputs: int) -> Callable[[], Task]:
    def make() -> Task:
        return Task(CORNERS, np.array(outputs, np.float32)[:, None])

    return make


def _breast_cancer() -> Task:
    """Return scikit-learn's Wisconsin data, every feature standardized."""
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    return Task(x.astype(np.float32), y.astype(np.float32)[:, None])


TASKS: dict[str, Callable[[], Task]] = {
    "xor": _boolean(0, 1, 1, 0),
    "xnor": _boolean(1, 0, 0, 1),
    "and": _boolean(0, 0, 0, 1),
    "or": _boolean(0, 1, 1, 1),
    "breast_cancer": _breast_cancer,
}
"""Tasks by name; those of two Boolean variables have the four rows of `CORNERS`."""


class TaskConfig(FrozenConfig):
    """Name a task of `TASKS`."""

    name: str

    def model_post_init(self, context: object) -> None:
        """Check the name."""
        one_of("task", self.name, TASKS)


@lru_cache(maxsize=32)
def make_task(config: TaskConfig) -> Task:
    """Return the rows of a task; the same config gives the same rows."""
    return TASKS[config.name]()
