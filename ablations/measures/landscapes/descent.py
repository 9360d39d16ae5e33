"""Measure how far optimizers get near a saddle and on a plateau.

Rules are those that the notes print, and the forms of Keras where they differ: there
the small number is added inside the root or to an uncorrected one, and the squares of
AdaGrad start at 0.1. Gradients are exact, in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ablations.measures.optimizers.rules import (
    RULES,
    Array,
    Memory,
    Rule,
    adagrad,
    adam,
    rmsprop,
)
from ablations.measures.quantities import Quantities, by_name

KERAS_EPSILON, KERAS_START = 1e-7, 0.1

RATE = 0.01
BESIDE_A_SADDLE = {"hundredth": 1e-2, "millionth": 1e-6, "trillionth": 1e-12}
"""Distance along both axes at which a descent starts."""

SADDLE_UPDATES, PLATEAU_UPDATES = 100, 1000
FLAT = 1e-6
"""Slope of a plateau."""

NUM_WEIGHTS, SADDLE_NOISE, PLATEAU_NOISE = 1000, 1.0, 1e-3

Gradient = Callable[[Array], Array]


def sgd(memory: Memory, g: Array, rate: Any) -> tuple[Array, Memory]:
    """Take eta g."""
    return rate * g, memory


PRINTED: dict[str, Rule] = {"sgd": sgd, **RULES}
KERAS: dict[str, Rule] = {
    "adagrad_of_keras": partial(
        adagrad, start=KERAS_START, delta=KERAS_EPSILON, as_keras=True
    ),
    "rmsprop_of_keras": partial(rmsprop, delta=KERAS_EPSILON, as_keras=True),
    "adam_of_keras": partial(adam, delta=KERAS_EPSILON, as_keras=True),
}


def descend(
    rule: Rule,
    gradient: Gradient,
    start: np.ndarray,
    updates: int,
    rate: float | np.ndarray = RATE,
) -> np.ndarray:
    """Return every place that a descent comes by `[1 + updates, ...]`."""
    w = np.asarray(start, np.float64)
    memory: Memory = {}
    path = [w]
    for _ in range(updates):
        update, memory = rule(memory, gradient(w), rate)
        w = w - update
        path.append(w)
    return np.stack(path)


def way(path: np.ndarray) -> float:
    """Return the distance from start to end of a path `[T, ..., D]`, RMS if many."""
    squares = np.sum((path[-1] - path[0]) ** 2, axis=-1)
    return float(np.sqrt(squares.mean()))


def on_a_slope(rule: Rule, slope: float, updates: int) -> np.ndarray:
    """Return the path `[1 + updates, 1]` under a gradient that never changes."""
    return descend(rule, lambda w: np.full_like(w, slope), np.zeros(1), updates)


def from_beside(
    rule: Rule, gradient: Gradient, distance: float, descents: int = 1
) -> float:
    """Return how far a rule gets from beside a saddle, over its way on a slope of one.

    It starts at this distance from zero along both axes.
    """
    start = np.full((descents, 2), distance)
    path = descend(rule, gradient, start, SADDLE_UPDATES)
    return way(path) / way(on_a_slope(rule, 1.0, SADDLE_UPDATES))


def noisy(gradient: Gradient, deviation: float) -> Gradient:
    """Return a gradient to which normal noise is added, the same in every descent."""
    rng = np.random.default_rng(0)
    return lambda w: gradient(w) + deviation * rng.standard_normal(w.shape)


def saddle(w: np.ndarray) -> np.ndarray:
    """Return the gradient of x^2 - y^2."""
    return 2.0 * w * np.array([1.0, -1.0])


def linear_chain(w: np.ndarray) -> np.ndarray:
    """Return the gradient of (1 - u v)^2 / 2: two linear layers of one unit each."""
    return -(1.0 - np.prod(w, axis=-1, keepdims=True)) * w[..., ::-1]


def updates_to_leave(distance: float) -> int:
    """Return after how many updates of SGD y has grown from a distance to one."""
    y, updates = distance, 0
    while y < 1.0:
        y, updates = y + RATE * 2.0 * y, updates + 1
    return updates


def saddle_ways() -> Quantities:
    """Measure ways of 100 updates beside a saddle, over those on a slope of one.

    The saddles are x^2 - y^2, with and without noise of deviation one, and that of two
    linear layers of one unit each.
    """
    quantities: dict[str, float] = {}
    for place, distance in BESIDE_A_SADDLE.items():
        for name in (*PRINTED, "adam_of_keras"):
            found = from_beside((PRINTED | KERAS)[name], saddle, distance)
            quantities[f"distance_of_{name}_from_a_{place}"] = found
    for name in ("sgd", "adam"):
        found = from_beside(PRINTED[name], linear_chain, BESIDE_A_SADDLE["millionth"])
        quantities[f"distance_of_{name}_in_a_chain"] = found
    shaken = noisy(saddle, SADDLE_NOISE)
    quantities["distance_of_sgd_with_noise"] = from_beside(
        sgd, shaken, BESIDE_A_SADDLE["millionth"], NUM_WEIGHTS
    )
    quantities["distance_of_sgd_from_one"] = from_beside(sgd, saddle, 1.0)
    laws = {d: np.log(1.0 / d) / np.log1p(2.0 * RATE) for d in BESIDE_A_SADDLE.values()}
    off = [abs(updates_to_leave(d) - law) for d, law in laws.items()]
    return {**quantities, "deviation_of_updates_to_leave": max(off)}


def plateau_ways() -> Quantities:
    """Measure ways of 1,000 updates on a slope of a millionth, over those on one.

    `right_way` is the share of 1,000 weights that end on the lower side if noise of a
    thousandth is added to each gradient.
    """
    quantities: dict[str, float] = {}
    for name, rule in (PRINTED | KERAS).items():
        flat, steep = (on_a_slope(rule, g, PLATEAU_UPDATES) for g in (FLAT, 1.0))
        quantities[f"distance_of_{name}"] = way(flat) / way(steep)
    for name in ("sgd", "adam"):
        shaken = noisy(lambda w: np.full_like(w, FLAT), PLATEAU_NOISE)
        start = np.zeros(NUM_WEIGHTS)
        ends = descend(PRINTED[name], shaken, start, PLATEAU_UPDATES)[-1]
        quantities[f"right_way_of_{name}"] = np.mean(ends < 0)
    steep = way(on_a_slope(sgd, 1.0, PLATEAU_UPDATES))
    return {**quantities, "distance_of_sgd_on_a_slope_of_one": steep}


MEASURES = by_name(saddle_ways, plateau_ways)
"""Measurements by name."""
