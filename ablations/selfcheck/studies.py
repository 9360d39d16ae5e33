"""Draw whole studies: tables, splits, and models that are quick to train.

The models stand for networks: one has a hidden layer that stays as drawn, so that its
seed matters, and learns its training rows nearly by heart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ablations.stats.row_errors import RowTests
from ablations.study.findings.analysis import Terms

NUM_INPUTS = 8
NUM_FOLDS, NUM_REPEATS = 5, 2
NUM_UNITS = 64
MARGIN = 1e-6
VAL_SHARE = 0.2
"""Share of the rows not tested on that no model of this check learns from."""

Learner = Callable[
    [np.ndarray, np.ndarray, np.ndarray, np.random.Generator], np.ndarray
]
"""From rows, targets, other rows and randomness to predictions of the other rows."""


def mean_of_all(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Always give the same answer."""
    return np.full(len(rows), y.mean())


def ridge(penalty: float) -> Learner:
    """Return a linear model."""

    def learn(
        x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        squares = x.T @ x + penalty * np.eye(x.shape[1])
        return rows @ np.linalg.solve(squares, x.T @ (y - y.mean())) + y.mean()

    return learn


def neighbor(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Answer as the nearest training row: the least stable of models."""
    distances = (x**2).sum(axis=1) - 2 * rows @ x.T
    return np.asarray(y[distances.argmin(axis=1)])


def hidden_layer(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Fit the output of a network whose hidden layer stays as its seed drew it."""
    kernel = rng.normal(size=(x.shape[1], NUM_UNITS)) / np.sqrt(x.shape[1])
    bias = rng.normal(size=NUM_UNITS)
    inside, other = (np.maximum(part @ kernel + bias, 0.0) for part in (x, rows))
    center = inside.mean(axis=0)
    return ridge(0.1)(inside - center, y, other - center, rng)


@dataclass(frozen=True)
class Table:
    """Rows of a problem whose truth is known.

    Attributes:
        signal: How much of the targets the inputs tell; 0 for random targets.
        classes: Whether targets are classes, 0 and 1.
    """

    signal: float
    classes: bool

    def draw(
        self, num_rows: int, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return rows `[N, D]` and targets `[N]`."""
        x = rng.normal(size=(num_rows, NUM_INPUTS))
        told = x[:, 0] + 0.7 * x[:, 1] * x[:, 2]
        y = self.signal * told + rng.normal(size=num_rows)
        return x, (y > 0) * 1.0 if self.classes else y

    def values(self, y: np.ndarray, said: np.ndarray) -> np.ndarray:
        """Return what rows add to the score: right or wrong, or minus a square."""
        return ((said > 0.5) == (y > 0.5)) * 1.0 if self.classes else -((said - y) ** 2)


@dataclass(frozen=True)
class DrawnStudy:
    """What a study found.

    Attributes:
        terms: What it is judged by.
        values: Value of every test `[L]` by model.
        truths: Mean over the trained models of what each scores on new rows, by model.
    """

    terms: Terms
    values: dict[str, np.ndarray]
    truths: dict[str, float]


def draw_study(
    table: Table,
    learners: Mapping[str, Learner],
    num_rows: int,
    rng: np.random.Generator,
    num_new: int = 0,
) -> DrawnStudy:
    """Draw a table, split it, train every learner in every split and test it.

    Args:
        table: The problem.
        learners: The models, by name.
        num_rows: Rows of the table.
        rng: Draws everything.
        num_new: New rows by which the truth of the trained models is known.
    """
    x, y = table.draw(num_rows, rng)
    new_x, new_y = table.draw(num_new, rng)
    tests = draw_splits(num_rows, rng, strata=y if table.classes else None)
    values: dict[str, list[np.ndarray]] = {name: [] for name in learners}
    truths: dict[str, list[float]] = {name: [] for name in learners}
    num_train = 0
    for split in range(len(tests.repeats)):
        tested = tests.rows[tests.splits == split]
        rest = rng.permutation(np.setdiff1d(np.arange(num_rows), tested))
        train = rest[int(VAL_SHARE * len(rest)) :]
        num_train = len(train)
        rows = np.concatenate([x[tested], new_x])
        for name, learn in learners.items():
            said = learn(x[train], y[train], rows, rng)
            values[name].append(table.values(y[tested], said[: len(tested)]))
            if num_new:
                new = table.values(new_y, said[len(tested) :])
                truths[name].append(float(new.mean()))
    ratio = num_rows / NUM_FOLDS / num_train
    terms = Terms(tests, ratio, MARGIN, higher_is_better=True, step=NUM_FOLDS)
    return DrawnStudy(
        terms,
        {name: np.concatenate(parts) for name, parts in values.items()},
        {name: float(np.mean(parts)) for name, parts in truths.items() if parts},
    )


def draw_splits(
    num_rows: int,
    rng: np.random.Generator,
    num_repeats: int = NUM_REPEATS,
    strata: np.ndarray | None = None,
) -> RowTests:
    """Return cross-validations of `NUM_FOLDS` folds, each with its share of strata."""
    tested = []
    for _ in range(num_repeats):
        order = rng.permutation(num_rows)
        if strata is not None:
            order = order[np.argsort(strata[order], kind="stable")]
        tested += [order[fold::NUM_FOLDS] for fold in range(NUM_FOLDS)]
    repeats = np.repeat(np.arange(num_repeats), NUM_FOLDS).tolist()
    return RowTests.of(tested, repeats, strata=strata)
