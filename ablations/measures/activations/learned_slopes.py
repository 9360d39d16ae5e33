"""Measure whether a PReLU of Keras learns the slope that its data have."""

from __future__ import annotations

from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

PLANTED = (-0.5, 0.0, 0.1, 0.5, 1.0)
"""Slopes below zero of the units that make the targets."""

STARTS = {"zero": 0.0, "quarter": 0.25}
"""Slopes at the start: that of Keras and that of the paper."""

NUM_ROWS, NUM_UPDATES, RATE = 200, 20, 0.5
"""At this rate the distance to a slope shrinks by about half per update."""


def inputs() -> np.ndarray:
    """Return normal inputs `[NUM_ROWS, 1]`, the same each time."""
    drawn = np.random.default_rng(0).standard_normal((NUM_ROWS, 1))
    return np.float32(drawn)


def gradient_by_hand(x: np.ndarray, slope: float, planted: float) -> float:
    """Return the mean of `2 (slope - planted) min(x, 0)^2`, of the squared error."""
    return float(2.0 * (slope - planted) * np.mean(np.minimum(x, 0.0) ** 2))


def learn(planted: float, start: float, rate: float = RATE) -> tuple[float, float]:
    """Return the slope that a PReLU learns, and its first gradient.

    Targets are those of a unit with the planted slope; gradient descent on the mean
    squared error changes the slope alone.
    """
    import keras

    from ablations.training.backend import value_and_gradients

    ops, layer = keras.ops, keras.layers.PReLU()
    layer.build((None, 1))
    x = ops.convert_to_tensor(inputs())
    y = ops.leaky_relu(x, negative_slope=planted)

    def error(weights: list[Any]) -> tuple[Any, None]:
        out, _ = layer.stateless_call(weights, [], x)
        return ops.mean(ops.square(out - y)), None

    slope = ops.convert_to_tensor(np.float32([start]))
    first = float("nan")
    for update in range(NUM_UPDATES):
        gradient = value_and_gradients(error, [slope])[1][0]
        first = float(to_numpy(gradient)[0]) if update == 0 else first
        slope = slope - rate * gradient
    return float(to_numpy(slope)[0]), first


def learned_slopes() -> Quantities:
    """Measure how far learned slopes are from planted ones, and the first gradients.

    `distance_from_zero` and `distance_from_quarter` have an entry per planted slope, by
    where the slope started; `gradient_deviation` is from the formula.
    """
    found: dict[str, np.ndarray | float] = {}
    deviations = []
    for name, start in STARTS.items():
        learned = {planted: learn(planted, start) for planted in PLANTED}
        found[f"distance_from_{name}"] = np.array(
            [abs(slope - planted) for planted, (slope, _) in learned.items()]
        )
        deviations += [
            abs(gradient - gradient_by_hand(inputs(), start, planted))
            for planted, (_, gradient) in learned.items()
        ]
    found["gradient_deviation"] = np.array(deviations)
    return found


MEASURES = by_name(learned_slopes)
"""Measurements by name."""
