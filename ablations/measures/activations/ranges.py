"""Measure which numbers activations return, in real arithmetic and in float32."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

DIGITS = 30
"""Significant digits of what stands for real numbers; exponents are unbounded here."""

EVERY = 16
"""One of so many float16 numbers is computed in decimal arithmetic."""

ELU_ALPHAS = (0.5, 1.0, 2.0)
LEAKY_SLOPES = (0.01, 0.3)

GATE_INPUTS = np.linspace(-6.0, 6.0, 2401)
"""Inputs among which a gate would open."""

CONTINUOUS = ("relu", "sigmoid", "tanh", "leaky_relu", "elu", "linear")


def all_halves() -> np.ndarray:
    """Return every finite float16 number, in order."""
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    return np.unique(every[np.isfinite(every)])


def of_keras(name: str, x: np.ndarray, **settings: float) -> np.ndarray:
    """Return an activation of Keras at float32 numbers, as float64."""
    import keras

    function = getattr(keras.activations, name)
    return np.float64(to_numpy(function(np.float32(x), **settings)))


def _sample() -> list[Decimal]:
    halves = all_halves()
    chosen = np.append(halves[::EVERY], halves[-1])
    return [Decimal(float(x)) for x in chosen]


def _sigmoid(x: Decimal) -> Decimal:
    """Return 1 / (1 + exp(-x)), the small one of both tails without a difference."""
    return 1 / (1 + (-x).exp())


def sigmoid_range() -> Quantities:
    """Count the numbers for which the sigmoid is zero or one.

    `real` are 3,969 numbers in decimal arithmetic, where sigmoid(x) is one only if
    sigmoid(-x), its distance from one, is zero. `float32` are all 63,487 finite
    float16 numbers through Keras.
    """
    with localcontext() as context:
        context.prec = DIGITS
        on_border = [min(_sigmoid(x), _sigmoid(-x)) <= 0 for x in _sample()]
    halves = all_halves()
    found = of_keras("sigmoid", halves)
    return {
        "real_inputs_that_give_zero_or_one": sum(on_border),
        "share_of_inputs_that_give_zero_or_one": np.mean((found == 0) | (found == 1)),
        "smallest_input_that_gives_one": float(halves[found == 1].min()),
        "outputs_outside": np.sum((found < 0) | (found > 1)),
    }


def tanh_range() -> Quantities:
    """Count the numbers for which tanh is minus one or one, as `sigmoid_range` does.

    The distance of |tanh(x)| from one is 2 / (exp(2 |x|) + 1).
    """
    with localcontext() as context:
        context.prec = DIGITS
        on_border = [2 / ((2 * abs(x)).exp() + 1) <= 0 for x in _sample()]
    halves = all_halves()
    found = np.abs(of_keras("tanh", halves))
    return {
        "real_inputs_that_give_one": sum(on_border),
        "share_of_inputs_that_give_one": np.mean(found == 1),
        "smallest_input_that_gives_one": float(np.abs(halves[found == 1]).min()),
        "outputs_outside": np.sum(found > 1),
    }


def elu_range() -> Quantities:
    """Compare ELU with its formula, and count where it reaches minus alpha.

    In real arithmetic its distance from minus alpha is alpha exp(x).
    """
    with localcontext() as context:
        context.prec = DIGITS
        on_border = [x.exp() <= 0 for x in _sample() if x < 0]
    halves = np.float64(all_halves())
    deviations, shares = [], []
    for alpha in ELU_ALPHAS:
        found = of_keras("elu", halves, alpha=alpha)
        formula = np.where(halves > 0, halves, alpha * np.expm1(np.minimum(halves, 0)))
        deviations.append(np.max(np.abs(found - formula) / np.maximum(1, formula)))
        shares.append(np.mean(found[halves < 0] == -alpha))
    return {
        "deviation_from_the_formula": np.array(deviations),
        "real_inputs_that_give_minus_alpha": sum(on_border),
        "share_of_negative_inputs_that_give_minus_alpha": np.array(shares),
        "largest_output": of_keras("elu", halves).max(),
    }


def leaky_relu_range() -> Quantities:
    """Ask whether each of 2,001 numbers from -10,000 to 10,000 is an output.

    The input of which y should be the output is y where y > 0, else y / slope. A slope
    of zero, which is ReLU, has none for y < 0.
    """
    wanted = np.linspace(-1e4, 1e4, 2001)
    quantities = {}
    for slope in (*LEAKY_SLOPES, 0.0):
        inverse = np.where(wanted > 0, wanted, wanted / (slope or 1.0))
        found = of_keras("leaky_relu", inverse, negative_slope=slope)
        missed = np.abs(found - wanted) > 1e-5 * np.abs(wanted)
        quantities[f"share_missed_with_slope_{in_name(slope)}"] = missed.mean()
    return quantities


def gates() -> Quantities:
    """Measure how much an activation still moves below zero, where a gate is shut.

    The spread of outputs for inputs from -6 to 0 is divided by that from -6 to 6. The
    step function, which Keras lacks, is 1 above zero.
    """
    curves = {name: of_keras(name, GATE_INPUTS) for name in CONTINUOUS}
    curves["step"] = np.float64(GATE_INPUTS > 0)
    below = GATE_INPUTS <= 0
    return {
        f"spread_below_zero_of_{name}": np.ptp(y[below]) / np.ptp(y)
        for name, y in curves.items()
    }


def output_kinds() -> Quantities:
    """Tell the outputs of activations at every float16 number.

    `values` counts different outputs; `lowest` and `highest` are the extremes.
    """
    halves = np.float64(all_halves())
    curves = {name: of_keras(name, halves) for name in CONTINUOUS}
    curves["step"] = np.float64(halves > 0)
    quantities: dict[str, float] = {}
    for name, y in curves.items():
        quantities[f"values_of_{name}"] = len(np.unique(y))
        quantities[f"lowest_of_{name}"] = y.min()
        quantities[f"highest_of_{name}"] = y.max()
    return quantities


MEASURES = by_name(
    sigmoid_range,
    tanh_range,
    elu_range,
    leaky_relu_range,
    gates,
    output_kinds,
)
"""Measurements by name."""
