"""Audit the printed equations of a batch of rows and any number of layers.

The loss is the mean over m rows, as printed. Columns are rows of data, as there:
z = W a + b, with a of `[units, m]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ablations.measures.activations.slopes import sigmoid, sigmoid_slope
from ablations.measures.activations.softmax import softmax
from ablations.measures.backpropagation.example import STEP
from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

ROWS = (1, 5)
RATES = (0.5, 1.0, 1.9, 2.1)
"""Learning rates over that of the exact step along the steepest direction."""

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    """An activation of columns, and its slope where it has one for each entry."""

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "relu": Activation(lambda z: np.maximum(z, 0.0), lambda z: np.float64(z > 0)),
    "tanh": Activation(np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    # Its own derivative by its own logit is the best that one slope can be.
    "softmax": Activation(
        lambda z: softmax(z.T).T, lambda z: (softmax(z.T) * (1.0 - softmax(z.T))).T
    ),
}


def binary_loss(a: Array, y: Array) -> float:
    """Return the printed cross-entropy: the mean over rows `[m]`, summed over units."""
    return float(-np.mean((y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=0)))


def class_loss(a: Array, y: Array) -> float:
    """Return the cross-entropy of several classes, the mean over rows."""
    return float(-np.mean((y * np.log(a)).sum(axis=0)))


def differences(function: Callable[[Array], float], at: Array) -> Array:
    """Return the derivative by every entry, by central differences."""
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        sides = []
        for sign in (1.0, -1.0):
            moved = at.copy()
            moved[place] += sign * STEP
            sides.append(function(moved))
        found[place] = (sides[0] - sides[1]) / (2.0 * STEP)
    return found


def missed(printed: Array, true: Array) -> float:
    """Return the largest deviation over one plus the size; two for another shape."""
    if printed.shape != true.shape:
        return 2.0
    return float(np.max(np.abs(printed - true) / (1.0 + np.abs(true))))


def ratio(printed: Array, true: Array) -> float:
    """Return how many times as large the printed gradient is, in the median."""
    return float(np.median(printed / true))


def printed_loss() -> Quantities:
    """Compare the printed loss with Keras's, and its printed derivative.

    The derivative by the outputs of one row and of five; `factor` is how many times as
    large it is as that of the printed mean.
    """
    import keras

    rng = np.random.default_rng(0)
    quantities: dict[str, float] = {}
    for m in ROWS:
        a, y = rng.uniform(0.05, 0.95, (1, m)), np.float64(rng.integers(0, 2, (1, m)))
        printed = -(y / a - (1 - y) / (1 - a))
        true = differences(lambda moved, y=y: binary_loss(moved, y), a)
        quantities[f"deviation_of_the_derivative_of_{m}"] = missed(printed, true)
        quantities[f"factor_of_the_derivative_of_{m}"] = ratio(printed, true)
    a, y = rng.uniform(0.01, 0.99, 500), np.float64(rng.integers(0, 2, 500))
    of_keras = keras.losses.BinaryCrossentropy()(y[:, None], a[:, None])
    ours = binary_loss(a[None], y[None])
    quantities["deviation_of_the_loss_from_keras"] = abs(float(of_keras) - ours)
    return quantities


def printed_delta() -> Quantities:
    """Compare the printed delta, dL/da times the slope, with differences by z.

    The loss is the binary one of the outputs, for softmax that of classes.
    """
    rng = np.random.default_rng(0)
    quantities = {}
    for name, activation in ACTIVATIONS.items():
        z = rng.standard_normal((3, 5))
        if name == "softmax":
            y = np.float64(np.arange(3)[:, None] == rng.integers(0, 3, 5))

            def loss(a: Array, y: Array = y) -> float:
                return class_loss(a, y)

        else:
            v, y = rng.standard_normal((1, 3)), np.float64(rng.integers(0, 2, (1, 5)))

            # The layer above takes any of these outputs to a probability.
            def loss(a: Array, y: Array = y, v: Array = v) -> float:
                return binary_loss(sigmoid(v @ a), y)

        by_output = differences(loss, activation.value(z))
        true = differences(lambda moved, f=activation, g=loss: g(f.value(moved)), z)
        quantities[f"deviation_of_{name}"] = missed(
            by_output * activation.slope(z), true
        )
    return quantities


def printed_gradients() -> Quantities:
    """Compare the printed gradients by weights and biases with differences.

    `given` is a line by itself, from the true delta; `followed` follows the printed
    lines from the loss on. One layer of three inputs and a sigmoid, one row and five.
    """
    rng = np.random.default_rng(0)
    quantities: dict[str, float] = {}
    for m in ROWS:
        x, y = rng.standard_normal((3, m)), np.float64(rng.integers(0, 2, (1, m)))
        w, b = rng.standard_normal((1, 3)), rng.standard_normal((1, 1))
        z = w @ x + b
        a = sigmoid(z)

        def loss(w: Array, b: Array, x: Array = x, y: Array = y) -> float:
            return binary_loss(sigmoid(w @ x + b), y)

        by_w = differences(lambda moved, b=b, f=loss: f(moved, b), w)
        by_b = differences(lambda moved, w=w, f=loss: f(w, moved), b)
        delta = differences(lambda moved, y=y: binary_loss(sigmoid(moved), y), z)
        printed = -(y / a - (1 - y) / (1 - a)) * a * (1 - a)
        quantities[f"deviation_by_weights_given_{m}"] = missed(delta @ x.T, by_w)
        quantities[f"deviation_by_weights_followed_{m}"] = missed(printed @ x.T, by_w)
        quantities[f"factor_by_weights_followed_{m}"] = ratio(printed @ x.T, by_w)
        quantities[f"deviation_by_biases_given_{m}"] = missed(delta, by_b)
        summed = delta.sum(axis=1, keepdims=True)
        quantities[f"deviation_by_biases_summed_{m}"] = missed(summed, by_b)
        chain = np.einsum("um,um,vm->uv", delta / (a * (1 - a)), a * (1 - a), x)
        quantities[f"deviation_of_the_chain_{m}"] = missed(chain, by_w)
    return quantities


Line = tuple[frozenset[str], str]


def printed_lines(depth: int) -> list[Line]:
    """Return what each printed line needs and what it gives, for so many layers."""
    lines: list[Line] = [(frozenset({f"a{depth}", "y"}), f"dL/da{depth}")]
    for k in range(1, depth + 1):
        lines += [
            (frozenset({f"dL/da{k}", f"z{k}"}), f"delta{k}"),
            (frozenset({f"delta{k}", f"a{k - 1}"}), f"dL/dW{k}"),
            (frozenset({f"delta{k}"}), f"dL/db{k}"),
        ]
    return lines


def recursion(depth: int) -> list[Line]:
    """Return the line that hands the error down, dL/da = W^T delta from above."""
    return [
        (frozenset({f"W{k + 1}", f"delta{k + 1}"}), f"dL/da{k}")
        for k in range(1, depth)
    ]


def share_of_gradients(lines: Iterable[Line], depth: int) -> float:
    """Return the share of layers whose gradient some order of the lines gives."""
    known = {"y", *(f"{q}{k}" for q in ("a", "z", "W", "b") for k in range(depth + 1))}
    lines = list(lines)
    while new := {gives for needs, gives in lines if needs <= known} - known:
        known |= new
    return float(np.mean([f"dL/dW{k}" in known for k in range(1, depth + 1)]))


def printed_completeness() -> Quantities:
    """Measure the share of layers whose gradient follows from the printed lines."""
    quantities = {}
    for depth in (1, 2, 3):
        lines = printed_lines(depth)
        quantities[f"share_of_{depth}_layers"] = share_of_gradients(lines, depth)
        complete = [*lines, *recursion(depth)]
        quantities[f"share_of_{depth}_layers_with_the_missing_line"] = (
            share_of_gradients(complete, depth)
        )
    return quantities


def printed_update() -> Quantities:
    """Compare five printed updates of a kernel and a bias with those of Keras's SGD."""
    import keras

    rng = np.random.default_rng(0)
    kernel, bias = rng.standard_normal((3, 2)), rng.standard_normal(2)
    variables = [keras.Variable(np.float32(w)) for w in (kernel, bias)]
    optimizer = keras.optimizers.SGD(0.1)
    deviations, wrong = [], []
    for _ in range(5):
        gradients = [rng.standard_normal(w.shape) for w in (kernel, bias)]
        tensors = [keras.ops.convert_to_tensor(np.float32(g)) for g in gradients]
        optimizer.apply(tensors, variables)
        before = kernel
        kernel, bias = (
            w - 0.1 * g for w, g in zip((kernel, bias), gradients, strict=True)
        )
        found = [to_numpy(v.value) for v in variables]
        deviations += [np.abs(found[0] - kernel).max(), np.abs(found[1] - bias).max()]
        wrong.append(np.abs(found[0] - (before + 0.1 * gradients[0])).max())
    return {
        "deviation_from_keras": max(deviations),
        "deviation_with_the_other_sign": min(wrong),
    }


def repeated_updates() -> Quantities:
    """Measure the share of 100 updates that lower a loss, by the learning rate.

    The loss is w1^2 / 2 + 10 w2^2 / 2; rates are over 1 / 10, the inverse of its
    largest curvature. `left` is the loss after 100 updates over the first.
    """
    curvature = np.array([1.0, 10.0])
    quantities: dict[str, float] = {}
    for rate in RATES:
        w, losses = np.ones(2), []
        for _ in range(101):
            losses.append(0.5 * float(np.sum(curvature * w**2)))
            w = w - rate / curvature.max() * curvature * w
        name = in_name(rate)
        quantities[f"share_of_updates_that_lower_it_at_{name}"] = np.mean(
            np.diff(losses) < 0
        )
        quantities[f"log10_left_at_{name}"] = np.log10(losses[-1] / losses[0])
    return quantities


MEASURES = by_name(
    printed_loss,
    printed_delta,
    printed_gradients,
    printed_completeness,
    printed_update,
    repeated_updates,
)
"""Measurements by name."""
