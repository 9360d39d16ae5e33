"""Measure what neurons and networks with hand-set or printed weights say on XOR."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ablations.evidence.weight_scores import folds_difference, folds_sum
from ablations.measures.depth.mean_field import ACTIVATIONS
from ablations.measures.quantities import Quantities, by_name, to_numpy
from ablations.measures.xor.linear_models import DESIGN, X, Y, half_planes, is_separable
from ablations.rigs.xor import PRINTED
from ablations.tasks import CORNERS
from models.config import MLPConfig

HAND_MADE = (
    np.array([[1.0, 1.0], [1.0, 1.0]]),
    np.array([0.0, -1.0]),
    np.array([[1.0], [-2.0]]),
    np.array([0.0]),
)
"""The network worked out in the text: kernel, bias, output kernel, output bias."""

PRINTED_MATRICES = {
    "product": np.array([[0, 0], [1, 1], [1, 1], [2, 2]]),
    "preactivation": np.array([[0, -1], [1, 0], [1, 0], [2, 1]]),
    "hidden": np.array([[0, 0], [1, 0], [1, 0], [2, 1]]),
    "output": np.array([[0], [1], [1], [0]]),
}
"""What the text prints for each step of that network."""

PRINTED_WEIGHTS = (
    np.array([[-1.1186169, 1.8888004], [1.0687382, -1.8048155]]),
    np.array([-0.20543203, -0.18170778]),
    np.array([[1.3961141], [0.7466789]]),
    np.array([0.0938225]),
)
"""The weights that the program printed after training."""

PRINTED_OUTPUTS = np.array([[0.0093], [1.0024], [0.9988], [0.0079]])
"""The outputs that it printed with them."""

SLOPES = {"0": 0.0, "0_01": 0.01, "0_1": 0.1, "0_2": 0.2, "0_3": 0.3}
"""Slopes below zero tried with the printed weights."""

MONOTONE = {
    name: ACTIVATIONS[name].value
    for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu")
}
"""Activations that never fall."""


def keras_outputs(
    config: MLPConfig, weights: Sequence[np.ndarray], x: np.ndarray = CORNERS
) -> np.ndarray:
    """Return what the Keras network of a config says with these weights `[N, K]`."""
    from models.mlp import build_mlp

    model = build_mlp(config, seed=0, stackable=True)
    model.set_weights(weights)
    return np.float64(to_numpy(model(x)))


def _keras_neuron(weights: Sequence[float], bias: float, activation: Any) -> np.ndarray:
    """Return the outputs of one Keras neuron on the corners `[4]`."""
    config = MLPConfig(input_units=2, hidden_units=(), output_activation=activation)
    kernel = np.array(weights)[:, None]
    return keras_outputs(config, [kernel, np.array([bias])])[:, 0]


def growing_cosine_neuron() -> np.ndarray:
    """Return two weights and the bias of a neuron with z cos z that is nearly XOR.

    The bias is a zero of z cos z, so (0, 0) is right, and the bias plus either weight
    solves z cos z = 1, so both mixed inputs are right; of all such neurons up to
    |z| = 60 it is the one with the smallest error on (1, 1).
    """
    from scipy.optimize import brentq

    def excess(z: Any) -> Any:
        return z * np.cos(z) - 1.0

    grid = np.linspace(-60.0, 60.0, 1201)
    crossed = np.flatnonzero(np.diff(np.sign(excess(grid))))
    roots = np.array([brentq(excess, grid[i], grid[i + 1]) for i in crossed])
    zeros = np.pi * (np.arange(-19, 19) + 0.5)
    last = roots[:, None, None] + roots[:, None] - zeros
    errors = np.abs(last * np.cos(last))
    first, second, zero = np.unravel_index(errors.argmin(), errors.shape)
    bias = zeros[zero]
    return np.array([roots[first] - bias, roots[second] - bias, bias])


def single_neurons() -> Quantities:
    """Look for single neurons whose rounded outputs are XOR.

    Neurons with a monotone activation are searched on a grid of directions, lengths
    and biases; those with a square and a cosine are set by hand.
    """
    wave = {"name": "cosine", "output_scale": -0.5, "output_shift": 0.5}
    square = _keras_neuron([1.0, -1.0], 0.0, "square")
    cosine = _keras_neuron([np.pi, np.pi], 0.0, wave)
    growing = DESIGN @ growing_cosine_neuron()
    sums = half_planes(num_angles=120, num_offsets=61)
    scaled = np.geomspace(0.1, 20.0, 25)[:, None, None] * sums
    right = [np.round(f(scaled)) == Y for f in MONOTONE.values()]
    return {
        "best_accuracy_if_monotone": np.array([r.mean(axis=-1).max() for r in right]),
        "error_of_square": np.abs(square - Y).max(),
        "error_of_cosine": np.abs(cosine - Y).max(),
        "error_of_growing_cosine": np.abs(growing * np.cos(growing) - Y).max(),
    }


RELU_NETWORK = MLPConfig(input_units=2, hidden_units=(2,), activation="relu")


def _relu_steps() -> dict[str, np.ndarray]:
    """Return every step of the hand-made network on the corners."""
    kernel, bias, output_kernel, output_bias = HAND_MADE
    steps = {"product": X @ kernel, "preactivation": X @ kernel + bias}
    hidden = np.maximum(steps["preactivation"], 0.0)
    return {**steps, "hidden": hidden, "output": hidden @ output_kernel + output_bias}


def hand_made_network() -> Quantities:
    """Repeat every printed step of the hand-made network, in NumPy and in Keras."""
    steps = _relu_steps()
    printed = PRINTED_MATRICES | {"keras": PRINTED_MATRICES["output"]}
    steps["keras"] = keras_outputs(RELU_NETWORK, HAND_MADE)
    deviations = {name: np.abs(steps[name] - printed[name]).max() for name in steps}
    return {f"deviation_of_{name}": each for name, each in deviations.items()}


def _is_legal(left: np.ndarray, right: np.ndarray) -> float:
    """Return 1 if the matrix product exists, else 0."""
    try:
        left @ right
    except ValueError:
        return 0.0
    return 1.0


def output_formula() -> Quantities:
    """Multiply the output weights and the hidden layer in both orders."""
    hidden, weights = _relu_steps()["hidden"], HAND_MADE[2]
    return {
        "is_legal_as_printed": _is_legal(weights, hidden),
        "is_legal_with_weights_on_the_right": _is_legal(hidden, weights),
    }


def hidden_space() -> Quantities:
    """Look for a separating line before the hidden layer, before and after ReLU."""
    steps = _relu_steps()
    return {
        "is_separable_as_inputs": float(is_separable(X, Y)),
        "is_separable_before_relu": float(is_separable(steps["preactivation"], Y)),
        "is_separable_after_relu": float(is_separable(steps["hidden"], Y)),
        "num_points_after_relu": float(len(np.unique(steps["hidden"], axis=0))),
    }


def hidden_units() -> Quantities:
    """Measure what one and two hidden units can represent.

    One hidden unit is searched on a grid of ReLU and leaky units, with any threshold
    on it as the output layer; with an input skip it is set by hand.
    """
    sums = half_planes(num_angles=400, num_offsets=101)
    accuracies = []
    for name in ("relu", "leaky_relu"):
        values = MONOTONE[name](sums)  # [U, 4]
        above = values[:, None, :] > values[:, :, None]  # [U, thresholds, 4]
        right = (above == (Y > 0.5)).mean(axis=2)
        accuracies.append(np.maximum(right, 1.0 - right).max())
    one = RELU_NETWORK.replace(hidden_units=(1,), input_skip=True)
    skipping = ([[1.0], [1.0]], [-1.0], [[-2.0], [1.0], [1.0]], [0.0])
    by_two = keras_outputs(RELU_NETWORK, HAND_MADE)
    by_one = keras_outputs(one, [np.array(weight) for weight in skipping])
    return {
        "best_accuracy_of_one_unit": np.array(accuracies),
        "error_of_two_units": np.abs(by_two[:, 0] - Y).max(),
        "error_of_one_unit_with_input_skip": np.abs(by_one[:, 0] - Y).max(),
    }


def bias_free_networks() -> Quantities:
    """Measure networks without biases on XOR and on its negation.

    On XOR it is ReLU(x1 - x2) + ReLU(x2 - x1); on the negation the smallest error at
    the origin of the networks of 20 seeds.
    """
    from models.mlp import build_mlp

    config = RELU_NETWORK.replace(use_bias=False)
    mirror = [np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([[1.0], [1.0]])]
    xor = keras_outputs(config, mirror)[:, 0]
    drawn = [build_mlp(config, seed)(CORNERS[:1]) for seed in range(20)]
    outputs = np.array([to_numpy(y).item() for y in drawn])
    return {
        "error_on_xor": np.abs(xor - Y).max(),
        "error_on_xnor_at_the_origin": np.abs(outputs - 1.0).min(),
    }


def network_size() -> Quantities:
    """Count the parameters of the printed network and their bytes."""
    from models.mlp import build_mlp

    model = build_mlp(PRINTED.model)
    return {
        "hidden_parameters": float(model.get_layer("hidden_1").count_params()),
        "output_parameters": float(model.get_layer("output").count_params()),
        "parameters": float(model.count_params()),
        "bytes": float(sum(weight.nbytes for weight in model.get_weights())),
    }


def printed_activation() -> Quantities:
    """Measure the slopes of the function that Keras gives for the printed string."""
    import keras

    function = keras.activations.get("leaky_relu")
    below, above = to_numpy(function(np.float32([-1.0, 1.0])))
    return {"slope_below_zero": -float(below), "slope_above_zero": float(above)}


def printed_weights() -> Quantities:
    """Compare the outputs of the printed weights with the printed outputs.

    Keras computes them for every slope; one more forward pass uses its own string.
    """
    import keras

    deviations = {}
    for name, slope in SLOPES.items():
        leaky = RELU_NETWORK.replace(activation={"name": "leaky_relu", "slope": slope})
        outputs = keras_outputs(leaky, PRINTED_WEIGHTS)
        deviations[f"deviation_at_slope_{name}"] = np.abs(outputs - PRINTED_OUTPUTS)
    kernel, bias, output_kernel, output_bias = PRINTED_WEIGHTS
    hidden = keras.activations.get("leaky_relu")((X @ kernel + bias).astype("float32"))
    outputs = to_numpy(hidden) @ output_kernel + output_bias
    deviations["deviation_at_keras_string"] = np.abs(outputs - PRINTED_OUTPUTS)
    return {name: values.max() for name, values in deviations.items()}


def solution_types() -> Quantities:
    """Say which diagonal the printed and the hand-made network fold."""
    kinds = {"fold_difference": folds_difference, "fold_sum": folds_sum}
    networks = {"printed": PRINTED_WEIGHTS, "hand_made": HAND_MADE}
    return {
        f"{name}_weights_{kind}": folds(np.concatenate(weights, axis=None)[None])[0]
        for name, weights in networks.items()
        for kind, folds in kinds.items()
    }


MEASURES = by_name(
    single_neurons,
    hand_made_network,
    output_formula,
    hidden_space,
    hidden_units,
    bias_free_networks,
    network_size,
    printed_activation,
    printed_weights,
    solution_types,
)
