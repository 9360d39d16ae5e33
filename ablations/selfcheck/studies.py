"""Draw whole studies: tables, splits, and models that are quick to train.

The models stand for networks: one has a hidden layer that stays as drawn, so that its
seed matters, and learns its training rows nearly by heart.
B studies of equal size are drawn side by side, one after the other on axis 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from ablations.stats.row_errors import RowTests
from ablations.study.findings.analysis import Terms

NUM_INPUTS = 8
NUM_FOLDS, NUM_REPEATS = 5, 2
NUM_UNITS = 64
MARGIN = 1e-6
VAL_SHARE = 0.2
"""Share of the rows not tested on that no model of this check learns from."""

TOGETHER = 20
"""Studies that are drawn side by side: more fill the cache."""

Learner = Callable[
    [np.ndarray, np.ndarray, np.ndarray, np.random.Generator], np.ndarray
]
"""From rows `[B, N, D]`, targets `[B, N]`, other rows `[B, M, D]` and randomness to
predictions of the other rows `[B, M]`."""


def mean_of_all(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Always give the same answer."""
    return np.repeat(y.mean(axis=1, keepdims=True), rows.shape[1], axis=1)


def ridge(penalty: float) -> Learner:
    """Return a linear model."""

    def learn(
        x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        turned, middle = x.swapaxes(1, 2), y.mean(axis=1, keepdims=True)
        squares = turned @ x + penalty * np.eye(x.shape[-1])
        slopes = np.linalg.solve(squares, turned @ (y - middle)[..., None])
        return (rows @ slopes)[..., 0] + middle

    return learn


def neighbor(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Answer as the nearest training row: the least stable of models."""
    lengths = (x**2).sum(axis=-1)[:, None]
    distances = lengths - 2 * rows @ x.swapaxes(1, 2)
    return _taken(y, distances.argmin(axis=-1))


def hidden_layer(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Fit the output of a network whose hidden layer stays as its seed drew it."""
    number, _, size = x.shape
    kernel = rng.normal(size=(number, size, NUM_UNITS)) / np.sqrt(size)
    bias = rng.normal(size=(number, 1, NUM_UNITS))
    inside, other = (np.maximum(part @ kernel + bias, 0.0) for part in (x, rows))
    center = inside.mean(axis=1, keepdims=True)
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

    def told(self, x: np.ndarray) -> np.ndarray:
        """Return what inputs `[..., D]` tell of the target; the rest is noise."""
        return self.signal * (x[..., 0] + 0.7 * x[..., 1] * x[..., 2])

    def targets(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return targets of inputs `[..., D]`."""
        y = self.told(x) + rng.normal(size=x.shape[:-1])
        return (y > 0) * 1.0 if self.classes else y

    def values(self, y: np.ndarray, said: np.ndarray) -> np.ndarray:
        """Return what rows add to the score: right or wrong, or minus a square."""
        return ((said > 0.5) == (y > 0.5)) * 1.0 if self.classes else -((said - y) ** 2)

    def expected(self, x: np.ndarray, said: np.ndarray) -> np.ndarray:
        """Return the mean of `values` over all targets that inputs may have."""
        told = self.told(x)
        if self.classes:
            return special.ndtr(np.where(said > 0.5, told, -told))
        return -((said - told) ** 2) - 1.0


@dataclass(frozen=True)
class DrawnStudy:
    """What a study found.

    Attributes:
        terms: What it is judged by.
        values: Value of every test `[L]` by model.
        truths: Mean over the trained models of what is to be expected of each on new
            rows `[N]`, by model.
    """

    terms: Terms
    values: dict[str, np.ndarray]
    truths: dict[str, np.ndarray]


def draw_studies(
    number: int,
    table: Table,
    learners: Mapping[str, Learner],
    num_rows: int,
    rng: np.random.Generator,
    *,
    num_repeats: int = NUM_REPEATS,
    num_new: int = 0,
) -> Iterator[DrawnStudy]:
    """Draw tables, split them, train every learner in every split and test it.

    Args:
        number: How many studies.
        table: The problem.
        learners: The models, by name.
        num_rows: Rows of a table.
        rng: Draws everything.
        num_repeats: Cross-validations of a study.
        num_new: New rows by which the truth of the trained models is known.
    """
    for first in range(0, number, TOGETHER):
        size = min(TOGETHER, number - first)
        x = rng.normal(size=(size, num_rows, NUM_INPUTS))
        y = table.targets(x, rng)
        new = rng.normal(size=(size, num_new, NUM_INPUTS))
        strata = y if table.classes else [None] * size
        tests = [draw_splits(num_rows, rng, num_repeats, one) for one in strata]
        yield from _train(table, learners, x, y, new, tests, rng)


def _train(
    table: Table,
    learners: Mapping[str, Learner],
    x: np.ndarray,
    y: np.ndarray,
    new: np.ndarray,
    tests: list[RowTests],
    rng: np.random.Generator,
) -> Iterator[DrawnStudy]:
    """Yield what studies of equal size find that are trained side by side."""
    (size, num_rows, _), num_new = x.shape, new.shape[1]
    rows = np.array([one.rows for one in tests])
    values = {name: np.zeros(rows.shape) for name in learners}
    truths = {name: np.zeros((size, num_new)) for name in learners}
    num_splits, num_train = len(tests[0].repeats), 0
    for split in range(num_splits):
        mine = tests[0].splits == split
        tested = rows[:, mine]
        order = rng.random((size, num_rows))
        np.put_along_axis(order, tested, 2.0, axis=1)  # These come last.
        num_rest = num_rows - tested.shape[1]
        train = order.argsort(axis=1)[:, int(VAL_SHARE * num_rest) : num_rest]
        num_train = train.shape[1]
        known = _taken(x, train), _taken(y, train)
        asked = np.concatenate([_taken(x, tested), new], axis=1)
        for name, learn in learners.items():
            said = learn(*known, asked, rng)
            on_tested, on_new = np.split(said, [tested.shape[1]], axis=1)
            values[name][:, mine] = table.values(_taken(y, tested), on_tested)
            truths[name] += table.expected(new, on_new) / num_splits
    ratio = num_rows / NUM_FOLDS / num_train
    for place, one in enumerate(tests):
        yield DrawnStudy(
            Terms(one, ratio, MARGIN, higher_is_better=True, step=NUM_FOLDS),
            {name: found[place] for name, found in values.items()},
            {name: found[place] for name, found in truths.items()},
        )


def _taken(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return values `[B, N, ...]` at places `[B, M]`."""
    if values.ndim > places.ndim:
        places = places[..., None]
    return np.take_along_axis(values, places, axis=1)


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
