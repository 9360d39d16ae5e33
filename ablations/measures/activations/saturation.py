"""Follow a saturated sigmoid back to where it learns, and a fit beyond its interval."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.measures.activations.approximation import FUNCTIONS
from ablations.measures.quantities import Quantities, by_name

Slope = Callable[[np.ndarray], np.ndarray]

RATE = 0.1
STARTS = (0, 2, 4, 6, 8)
RIGHT = 0.1
"""Output at which a row of target 0 counts as learned."""

MOST_UPDATES = 100_000


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z))."""
    return 1.0 / (1.0 + np.exp(-z))


SLOPES: dict[str, Slope] = {
    "mse": lambda z: 2.0 * sigmoid(z) ** 2 * (1.0 - sigmoid(z)),
    "bce": sigmoid,
}
"""Derivative of the loss by z of a sigmoid whose target is 0: of the squared error p²,
and of the cross-entropy -log(1 - p)."""


def updates_until(slope: Slope, start: float, goal: float) -> int:
    """Return how many updates z -= rate * slope(z) lead from a start below a goal.

    `MOST_UPDATES` where it takes longer.
    """
    z = np.float64(start)
    for count in range(MOST_UPDATES):
        if z < goal:
            return count
        z = z - RATE * slope(z)
    return MOST_UPDATES


def saturated_start() -> Quantities:
    """Count the updates of a sigmoid of target 0 that starts far on the wrong side.

    Its one weight is z itself, of input 1, and the rate is 0.1. Counted are those until
    the output is below 0.1. Growth is the natural logarithm of the factor by which they
    grow from a start of 6 to one of 8, per unit; the step is by how much they grow from
    6 to 8 over that from 4 to 6.
    """
    goal = np.log(RIGHT / (1.0 - RIGHT))
    quantities: dict[str, float] = {}
    for loss, slope in SLOPES.items():
        counts = {start: updates_until(slope, start, goal) for start in STARTS}
        for start, count in counts.items():
            quantities[f"updates_from_{start}_{loss}"] = count
        quantities[f"growth_{loss}"] = np.log(counts[8] / counts[6]) / 2.0
        steps = counts[8] - counts[6], counts[6] - counts[4]
        quantities[f"step_{loss}"] = steps[0] / steps[1]
    return quantities


WIDTH, POINTS, DRAWS = 256, 801, 5
INTERVALS = (1, 2)
"""Halves of intervals on which a sine is fitted, in units of pi."""


def error_beyond(name: str, half: float, seed: int) -> tuple[float, float]:
    """Return the largest errors of a fit of sin(x), inside its interval and beyond.

    One layer of 256 random units, of `FUNCTIONS`, is fitted by least squares from
    -half to half; beyond is up to twice as far. Kinks, or where units are steepest, are
    spread over the interval.
    """
    rng = np.random.default_rng(seed)
    kernel = 2.0 * rng.standard_normal(WIDTH)
    bias = -kernel * rng.uniform(-half, half, WIDTH)

    def design(x: np.ndarray) -> np.ndarray:
        hidden = FUNCTIONS[name](x[:, None] * kernel + bias)
        return np.column_stack([hidden, np.ones_like(x)])

    x = np.linspace(-half, half, POINTS)
    weights, *_ = np.linalg.lstsq(design(x), np.sin(x))
    inside = np.abs(design(x) @ weights - np.sin(x)).max()
    beyond = np.linspace(half, 2.0 * half, POINTS)
    beyond = np.concatenate([-beyond, beyond])
    outside = np.abs(design(beyond) @ weights - np.sin(beyond)).max()
    return float(inside), float(outside)


def beyond_the_interval() -> Quantities:
    """Fit sin(x) on two intervals and look as far again beyond them.

    Numbers are medians of five draws of the hidden layer.
    """
    quantities: dict[str, float] = {}
    for name, half in product(("relu", "tanh", "sigmoid"), INTERVALS):
        # Several threads take ten times as long for so small a fit.
        with threadpool_limits(limits=1, user_api="blas"):
            errors = [error_beyond(name, half * np.pi, seed) for seed in range(DRAWS)]
        inside, beyond = np.median(errors, axis=0)
        quantities[f"largest_error_within_{half}_pi_{name}"] = inside
        quantities[f"largest_error_beyond_{half}_pi_{name}"] = beyond
    return quantities


MEASURES = by_name(saturated_start, beyond_the_interval)
"""Measurements by name."""
