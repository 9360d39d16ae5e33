"""Measure formulas and slopes of activations, and what slopes do to learning."""

from __future__ import annotations

from typing import Any

import numpy as np

from ablations.measures.activations.ranges import (
    ELU_ALPHAS,
    all_halves,
    of_keras,
)
from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

SLOPES = (0.01, 0.1, 0.3)
FORMULA_SLOPES = (0.01, 0.5, 1.0, 2.0)
FAR_INPUTS = (3.0, 5.0, 10.0)

NUM_ROWS = 10
ACTIVE_ROWS = (0, 1, 5, 9)
"""Rows of ten for which a unit is active."""

STEP = 1e-4
"""Distance of neighboring inputs where jumps of a slope are looked for."""


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_slope(x: np.ndarray) -> np.ndarray:
    """Return sigmoid(x) (1 - sigmoid(x))."""
    return sigmoid(x) * (1.0 - sigmoid(x))


def autodiff(name: str, x: np.ndarray, **settings: float) -> np.ndarray:
    """Return the slopes of an activation of Keras by automatic differentiation."""
    import keras

    from ablations.training.backend import value_and_gradients

    function = getattr(keras.activations, name)

    def total(inputs: list[Any]) -> tuple[Any, None]:
        return keras.ops.sum(function(inputs[0], **settings)), None

    tensor = keras.ops.convert_to_tensor(np.float32(x))
    return np.float64(to_numpy(value_and_gradients(total, [tensor])[1][0]))


def sigmoid_formula() -> Quantities:
    """Compare Keras's sigmoid and its slope with the formulas.

    The slope is sigmoid(x) (1 - sigmoid(x)). Slopes far from zero are over the largest.
    """
    x = np.linspace(-80.0, 80.0, 16_001)
    expected = sigmoid(x)
    slope = autodiff("sigmoid", x)
    quantities = {
        "deviation_from_the_formula": np.abs(of_keras("sigmoid", x) - expected).max(),
        "deviation_of_the_slope": np.abs(slope - sigmoid_slope(x)).max(),
        "largest_slope": slope.max(),
    }
    for far in FAR_INPUTS:
        both = autodiff("sigmoid", np.array([-far, far])).max()
        quantities[f"relative_slope_at_{in_name(far)}"] = both / slope.max()
    return quantities


def tanh_forms() -> Quantities:
    """Compare three forms of tanh in float64, and the printed one far from zero."""
    x = np.linspace(-30.0, 30.0, 6001)
    with np.errstate(over="ignore", invalid="ignore"):
        quotient, far = (
            (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
            for z in (x, np.array([-800.0, 800.0]))
        )
    rescaled = 2.0 / (1.0 + np.exp(-2.0 * x)) - 1.0
    return {
        "deviation_of_the_rescaled_sigmoid": np.abs(rescaled - np.tanh(x)).max(),
        "deviation_of_the_quotient": np.abs(quotient - np.tanh(x)).max(),
        "share_of_finite_quotients_at_800": np.isfinite(far).mean(),
    }


def relu_slopes() -> Quantities:
    """Compare ReLU and its slopes with max(0, x), at every finite float16 number."""
    halves = np.float64(all_halves())
    slope = autodiff("relu", halves)
    found = of_keras("relu", halves)
    return {
        "deviation_from_the_formula": np.abs(found - np.maximum(0, halves)).max(),
        "deviation_of_slopes_from_one_above_zero": np.abs(slope[halves > 0] - 1).max(),
        "largest_slope_below_zero": np.abs(slope[halves < 0]).max(),
        "slope_at_zero": slope[halves == 0].item(),
    }


def relu_linearity() -> Quantities:
    """Measure by how much ReLU misses what a linear function must do.

    Sums and multiples are of numbers from -10 to 10, each with each.
    """
    x = np.linspace(-10.0, 10.0, 41)
    y = of_keras("relu", x)
    sums = of_keras("relu", x[:, None] + x) - (y[:, None] + y)
    multiples = of_keras("relu", x[:, None] * x) - x[:, None] * y
    above = x >= 0
    return {
        "deviation_of_sums": np.abs(sums).max(),
        "deviation_of_multiples": np.abs(multiples).max(),
        "deviation_of_sums_above_zero": np.abs(sums[np.ix_(above, above)]).max(),
        "deviation_of_positive_multiples": np.abs(multiples[above]).max(),
    }


def unit_gradients() -> Quantities:
    """Measure what reaches the weights of a unit that is active for a few of ten rows.

    Of a batch of ten rows the unit's sums are 1 or -1. The mean gradient by its bias,
    all gradients from above being one, is over that of a unit active for all rows.
    """
    quantities: dict[str, float] = {}
    for name, settings in (
        ("relu", {}),
        *((f"leaky_{in_name(s)}", {"negative_slope": s}) for s in SLOPES),
    ):
        function = "relu" if name == "relu" else "leaky_relu"
        for active in ACTIVE_ROWS:
            sums = np.where(np.arange(NUM_ROWS) < active, 1.0, -1.0)
            slopes = autodiff(function, sums, **settings)
            quantities[f"gradient_of_{name}_active_in_{active}"] = slopes.mean()
    return quantities


def leaky_relu_slopes() -> Quantities:
    """Compare leaky ReLU with both ways to write it, and its slope below zero.

    `through_ten_layers` is the product of ten slopes below zero.
    """
    halves = np.float64(all_halves())
    halves = halves[np.abs(halves) < 1e4]
    quantities: dict[str, float] = {}
    for slope in FORMULA_SLOPES:
        pieces = np.where(halves > 0, halves, slope * halves)
        larger = np.maximum(slope * halves, halves)
        quantities[f"deviation_of_the_larger_with_slope_{in_name(slope)}"] = np.max(
            np.abs(larger - pieces)
        )
    for slope in SLOPES:
        below = autodiff("leaky_relu", halves[halves < 0], negative_slope=slope)
        name = in_name(slope)
        quantities[f"deviation_of_the_slope_{name}"] = np.abs(below - slope).max()
        quantities[f"through_ten_layers_of_slope_{name}"] = np.float64(below[0]) ** 10
    return quantities


def preset_slopes() -> Quantities:
    """Count the trainable numbers of leaky ReLU and of PReLU for eight inputs."""
    import keras

    layers = {"leaky_relu": keras.layers.LeakyReLU(), "prelu": keras.layers.PReLU()}
    counts = {}
    for name, layer in layers.items():
        layer.build((None, 8))
        weights = layer.trainable_weights
        counts[f"trainable_numbers_of_{name}"] = sum(np.prod(w.shape) for w in weights)
    return counts


def smoothness() -> Quantities:
    """Measure the largest jump of a slope between inputs a ten-thousandth apart.

    `change` is over that distance, which stays bounded where a slope has no jump.
    """
    # Between multiples of the step, so that zero lies between two inputs.
    x = (np.arange(-50_000, 50_000) + 0.5) * STEP
    slopes = {"sigmoid": sigmoid_slope(x), "relu": np.float64(x > 0)}
    for alpha in ELU_ALPHAS:
        slopes[f"elu_{in_name(alpha)}"] = np.where(x > 0, 1.0, alpha * np.exp(x))
    quantities: dict[str, float] = {}
    for name, slope in slopes.items():
        jumps = np.abs(np.diff(slope))
        across = x[:-1] < 0
        across &= x[1:] > 0
        quantities[f"largest_change_of_{name}"] = jumps.max() / STEP
        quantities[f"jump_at_zero_of_{name}"] = jumps[across].item()
        quantities[f"largest_change_below_zero_of_{name}"] = (
            jumps[x[1:] < 0].max() / STEP
        )
    near = np.linspace(-5.0, 5.0, 1000)
    elu = np.where(near > 0, 1.0, 0.5 * np.exp(near))
    quantities["deviation_of_the_slope_of_keras"] = max(
        np.abs(autodiff("sigmoid", near) - sigmoid_slope(near)).max(),
        np.abs(autodiff("elu", near, alpha=0.5) - elu).max(),
    )
    return quantities


def centers() -> Quantities:
    """Measure the mean output for 100,001 normal inputs, and signs of gradients.

    `same_signs` is the share of 1,000 rows for which all gradients by the eight weights
    that enter a unit have one sign: each is an input, the output of a unit below, times
    what comes from above.
    """
    from scipy.special import ndtri

    normal = ndtri((np.arange(100_001) + 0.5) / 100_001)
    quantities: dict[str, float] = {}
    for name in ("sigmoid", "tanh"):
        for sd in (0.1, 1.0, 10.0):
            mean = of_keras(name, sd * normal).mean()
            quantities[f"mean_of_{name}_for_deviation_{in_name(sd)}"] = mean
        below = of_keras(name, np.random.default_rng(0).standard_normal((1000, 8)))
        one_sign = np.abs(np.sign(below).sum(axis=1)) == below.shape[1]
        quantities[f"same_signs_above_{name}"] = one_sign.mean()
    return quantities


MEASURES = by_name(
    sigmoid_formula,
    tanh_forms,
    relu_slopes,
    relu_linearity,
    unit_gradients,
    leaky_relu_slopes,
    preset_slopes,
    smoothness,
    centers,
)
"""Measurements by name."""
