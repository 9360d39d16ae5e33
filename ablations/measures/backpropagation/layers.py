"""Measure what layers, neurons and dead units are, in networks of Keras and NumPy."""

from __future__ import annotations

import itertools

import numpy as np

from ablations.measures.activations.slopes import sigmoid, sigmoid_slope
from ablations.measures.quantities import Quantities, by_name, to_numpy

SHAPES = ((3, 5, 1), (4, 8, 8, 3), (10, 2), (7, 6, 5, 4, 3, 2))
"""Nodes of each layer, the input layer first."""

NUM_INPUTS, NUM_UNITS, NUM_ROWS = 20, 20_000, 300
DEAD_BIAS = -3.2
"""Bias of units whose sums have deviation one."""

NUM_NETWORKS, WIDTH, NUM_UPDATES, RATE = 200, 16, 500, 0.1


def network_shapes() -> Quantities:
    """Compare layers of Keras networks with one node per feature and per output.

    A layer of n nodes above m has (m + 1) n numbers to train.
    """
    import keras

    parameters, nodes = [], []
    for widths in SHAPES:
        layers = [keras.layers.Dense(units) for units in widths[1:]]
        model = keras.Sequential([keras.Input((widths[0],)), *layers])
        pairs = itertools.pairwise(widths)
        parameters.append(model.count_params() - sum((m + 1) * n for m, n in pairs))
        kernels = [layer.kernel.shape for layer in layers]
        nodes.append(abs(kernels[0][0] - widths[0]) + abs(kernels[-1][1] - widths[-1]))
    return {
        "deviation_of_trainable_numbers": np.abs(parameters).max(),
        "deviation_of_nodes_at_both_ends": max(nodes),
    }


def neuron_formula() -> Quantities:
    """Compare a dense layer of Keras with an activation of weighted sums and a bias."""
    import keras

    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 6))
    quantities = {}
    for name, function in (("sigmoid", sigmoid), ("tanh", np.tanh)):
        kernels, biases = (keras.initializers.RandomNormal(seed=s) for s in (0, 1))
        layer = keras.layers.Dense(4, name, True, kernels, biases)
        found = to_numpy(layer(np.float32(x)))
        kernel, bias = (np.float64(to_numpy(v.value)) for v in layer.weights)
        expected = function(x @ kernel + bias)
        quantities[f"deviation_of_{name}"] = np.abs(found - expected).max()
    without = function(x @ kernel)
    return {**quantities, "deviation_without_the_bias": np.abs(found - without).max()}


def step_gradients() -> Quantities:
    """Give the share of first-layer weights that a gradient reaches.

    Networks of two hidden layers of eight units, for 50 rows; a step has slope zero
    wherever it has one.
    """
    rng = np.random.default_rng(0)
    slopes = {
        "step": lambda z: np.zeros_like(z),
        "sigmoid": sigmoid_slope,
    }
    values = {"step": lambda z: np.float64(z > 0), "sigmoid": sigmoid}
    x = rng.standard_normal((50, 4))
    w = [rng.standard_normal(shape) for shape in ((4, 8), (8, 8), (8, 1))]
    quantities = {}
    for name, value in values.items():
        z1 = x @ w[0]
        z2 = value(z1) @ w[1]
        above = (value(z2) @ w[2] - 1.0) @ w[2].T * slopes[name](z2)
        gradient = x.T @ ((above @ w[1].T) * slopes[name](z1))
        quantities[f"share_of_weights_reached_with_{name}"] = np.mean(gradient != 0)
    return quantities


def dead_outputs() -> Quantities:
    """Measure how often a unit that is dead on its training rows is active elsewhere.

    Units have a random direction and a bias far below zero. Those that are zero for all
    300 training rows are asked for new rows of the same kind, and for rows ten times as
    far from zero.
    """
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((NUM_UNITS, NUM_INPUTS))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)

    def active(scale: float) -> np.ndarray:
        rows = scale * rng.standard_normal((NUM_ROWS, NUM_INPUTS))
        return (rows @ directions.T + DEAD_BIAS > 0).any(axis=0)

    dead = ~active(1.0)
    return {
        "share_of_units_that_are_dead": dead.mean(),
        "share_active_for_new_rows": active(1.0)[dead].mean(),
        "share_active_for_far_rows": active(10.0)[dead].mean(),
    }


def dead_units_in_training() -> Quantities:
    """Measure gradients at dead units, and how many are active again after training.

    Two hundred networks of two hidden layers of 16 ReLU units learn a sine of the sum
    of four inputs from 64 rows by full-batch gradient descent. In each, one unit of the
    first or of the second layer has a bias at which no row makes it active.
    """
    rng = np.random.default_rng(0)
    x = rng.standard_normal((NUM_NETWORKS, 64, 4))
    y = np.sin(x.sum(axis=2, keepdims=True))
    quantities: dict[str, float] = {}
    for place, layer in (("first", 0), ("second", 1)):
        w = [
            rng.standard_normal((NUM_NETWORKS, m, n)) * np.sqrt(2.0 / m)
            for m, n in ((4, WIDTH), (WIDTH, WIDTH), (WIDTH, 1))
        ]
        b = [np.zeros((NUM_NETWORKS, 1, n)) for n in (WIDTH, WIDTH, 1)]
        # Just below the bias at which the best row would make the unit active.
        sums = _forward(x, w, b)[0][layer][:, :, 0]
        b[layer][:, 0, 0] -= sums.max(axis=1) + 0.1
        for update in range(NUM_UPDATES):
            sums_of, outputs = _forward(x, w, b)
            gradients = _gradients(y, w, sums_of, outputs)
            if update == 0:
                by_w, by_b = gradients
                into = (
                    np.abs(by_w[layer][:, :, 0]).max()
                    + np.abs(by_b[layer][:, :, 0]).max()
                )
                quantities[f"gradient_into_a_dead_unit_of_the_{place}_layer"] = into
                out = np.abs(by_w[layer + 1][:, 0, :]).max()
                quantities[f"gradient_out_of_a_dead_unit_of_the_{place}_layer"] = out
            for k in range(3):
                w[k] = w[k] - RATE * gradients[0][k]
                b[k] = b[k] - RATE * gradients[1][k]
        revived = (_forward(x, w, b)[0][layer][:, :, 0] > 0).any(axis=1)
        quantities[f"share_revived_of_the_{place}_layer"] = revived.mean()
    return quantities


def _forward(
    x: np.ndarray, w: list[np.ndarray], b: list[np.ndarray]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return sums and outputs of each layer `[networks, rows, units]`."""
    sums, outputs = [], [x]
    for k in range(3):
        sums.append(outputs[-1] @ w[k] + b[k])
        outputs.append(np.maximum(sums[-1], 0.0) if k < 2 else sums[-1])
    return sums, outputs


def _gradients(
    y: np.ndarray,
    w: list[np.ndarray],
    sums: list[np.ndarray],
    outputs: list[np.ndarray],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return gradients of half the mean squared error by kernels and biases."""
    delta = (outputs[-1] - y) / y.shape[1]
    by_w, by_b = [], []
    for k in (2, 1, 0):
        by_w.insert(0, np.swapaxes(outputs[k], 1, 2) @ delta)
        by_b.insert(0, delta.sum(axis=1, keepdims=True))
        if k:
            delta = (delta @ np.swapaxes(w[k], 1, 2)) * (sums[k - 1] > 0)
    return by_w, by_b


MEASURES = by_name(
    network_shapes,
    neuron_formula,
    step_gradients,
    dead_outputs,
    dead_units_in_training,
)
"""Measurements by name."""
