"""Make the data that runs train on, always the same for the same config and seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from ablations.tasks import real, signals, synthetic
from ablations.tasks.config import TaskConfig
from ablations.tasks.data import Data
from ablations.tasks.task import FixedTask, SeededTask, Task

__all__ = [
    "CORNERS",
    "DRAWN",
    "FIXED",
    "FixedTask",
    "SeededTask",
    "Task",
    "TaskConfig",
    "make_task",
]

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
"""The inputs of a Boolean function of two variables."""


def _boolean(*outputs: int) -> Callable[[], FixedTask]:
    def make() -> FixedTask:
        return FixedTask(CORNERS, np.array(outputs, np.float32)[:, None])

    return make


def _breast_cancer() -> FixedTask:
    """Return scikit-learn's Wisconsin data, every feature standardized."""
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    return FixedTask(x.astype(np.float32), y.astype(np.float32)[:, None])


FIXED: dict[str, Callable[[], FixedTask]] = {
    "xor": _boolean(0, 1, 1, 0),
    "xnor": _boolean(1, 0, 0, 1),
    "and": _boolean(0, 0, 0, 1),
    "or": _boolean(0, 1, 1, 1),
    "breast_cancer": _breast_cancer,
}
"""Tasks of the same rows for all; those of two Boolean variables have `CORNERS`."""

DRAWN: dict[str, Callable[[TaskConfig, int], Data]] = {
    "gmm10": synthetic.gmm10,
    "spirals": synthetic.spirals,
    "tabular": synthetic.tabular,
    "random_labels": synthetic.random_labels,
    "regression8": synthetic.regression8,
    "teacher": synthetic.teacher,
    "mnist1d": signals.mnist1d,
    "digits": real.split,
    "mnist5k": real.split,
    "breast_cancer_split": real.split,
    "wine": real.split,
    "iris": real.split,
    "diabetes": real.split,
    "fair": real.split,
    "randhie": real.split,
}
"""Tasks whose rows a seed draws or splits."""


@lru_cache(maxsize=256)
def make_task(config: TaskConfig) -> Task:
    """Return a task; the same config gives the same rows."""
    if config.name in FIXED:
        return FIXED[config.name]()
    return SeededTask(config, DRAWN[config.name])
