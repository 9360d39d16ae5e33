"""Measure the exact statements about XOR: algebra, half-planes, hand-set networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations, product
from typing import Any

import numpy as np

from ablations.rigs.xor import PRINTED
from ablations.scores import folds_difference, folds_sum
from ablations.tasks import CORNERS, TASKS, TaskConfig, make_task
from models.config import MLPConfig

Quantities = Mapping[str, np.ndarray | float]

X = CORNERS.astype(np.float64)
Y = np.array([0.0, 1.0, 1.0, 0.0])
DESIGN = np.column_stack([X, np.ones(4)])  # [4, inputs and intercept]

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
PERCEPTRON_UPDATES = 100_000


# --- linear models ------------------------------------------------------------------


def least_squares() -> Quantities:
    """Solve the normal equations A'A v = A'y of XOR, A being inputs and ones."""
    solution = np.linalg.solve(DESIGN.T @ DESIGN, DESIGN.T @ Y)
    predictions = DESIGN @ solution
    return {
        "weights": solution[:2],
        "intercept": solution[2],
        "predictions": predictions,
        "cost": np.mean((Y - predictions) ** 2),
    }


def logistic_regression() -> Quantities:
    """Minimize the mean cross-entropy of XOR by Newton's method.

    The start is far from the minimum, and a step that does not lower the convex loss
    is halved.
    """

    def loss(v: np.ndarray) -> float:
        z = DESIGN @ v
        return float(np.mean(np.logaddexp(0.0, z) - Y * z))

    v = np.array([1.0, -2.0, 0.5])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-DESIGN @ v))
        gradient = DESIGN.T @ (p - Y) / 4
        hessian = (DESIGN.T * (p * (1 - p))) @ DESIGN / 4
        step = np.linalg.solve(hessian, gradient)
        while loss(v - step) > loss(v):
            step /= 2
            if np.abs(step).max() < 1e-14:
                break
        v = v - step
    return {"smallest_loss": loss(v), "weights": v[:2], "intercept": v[2]}


def is_separable(points: np.ndarray, labels: Sequence[float]) -> bool:
    """Return whether a hyperplane has the two classes strictly on its two sides.

    A linear program looks for w and b with s (w'x + b) >= 1 on every row, s = 1 where
    the label is 1 and s = -1 elsewhere.

    Args:
        points: Rows `[N, D]`.
        labels: 0 or 1 per row `[N]`.
    """
    from scipy.optimize import linprog

    signs = 2.0 * np.asarray(labels, np.float64)[:, None] - 1.0
    rows = signs * np.column_stack([points, np.ones(len(points))])
    done = linprog(
        np.zeros(rows.shape[1]),
        A_ub=-rows,
        b_ub=-np.ones(len(rows)),
        bounds=(None, None),
    )
    return bool(done.status == 0)


def half_planes(num_angles: int = 800, num_offsets: int = 250) -> np.ndarray:
    """Return weighted sums of the corners on a grid of directions and offsets.

    Returns:
        Sums `[num_angles * num_offsets, 4]`; the half-plane is where they exceed 0.
    """
    angles = 2.0 * np.pi * np.arange(num_angles) / num_angles
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    offsets = np.linspace(-1.5, 1.5, num_offsets)
    sums = (directions @ X.T)[:, None, :] + offsets[:, None]
    return sums.reshape(-1, 4)


def linear_rules() -> Quantities:
    """Find what lines can tell apart among the Boolean functions of two inputs."""
    functions = np.array(list(product((0.0, 1.0), repeat=4)))  # [16, 4]
    separable = np.array([is_separable(X, labels) for labels in functions])
    is_xor = (functions == Y).all(axis=1)
    accuracy = (functions == Y).mean(axis=1)
    inside = half_planes() > 0
    return {
        "xor_is_separable": float(separable[is_xor][0]),
        "num_separable_functions": float(separable.sum()),
        "best_accuracy": accuracy[separable].max(),
        "best_accuracy_of_half_planes": (inside == (Y > 0.5)).mean(axis=1).max(),
    }


# --- single neurons -----------------------------------------------------------------

MONOTONE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.2 * z),
}
"""Activations that never fall."""


def keras_outputs(
    config: MLPConfig, weights: Sequence[np.ndarray], x: np.ndarray = CORNERS
) -> np.ndarray:
    """Return what the Keras network of a config says with these weights `[N, K]`."""
    import keras

    from models.mlp import build_mlp

    model = build_mlp(config, seed=0)
    model.set_weights(weights)
    return keras.ops.convert_to_numpy(model(x)).astype(np.float64)


def _keras_neuron(weights: Sequence[float], bias: float, activation: Any) -> np.ndarray:
    """Return the outputs of one Keras neuron on the corners `[4]`."""
    config = MLPConfig(input_units=2, hidden_units=(), output_activation=activation)
    kernel = np.array(weights)[:, None]
    return keras_outputs(config, [kernel, np.array([bias])])[:, 0]


def _gcu_error() -> float:
    """Return the error of a neuron with z cos z whose mixed outputs are both 1.

    Of the roots u of u cos u = 1 it takes the one whose double is closest to a zero of
    the activation; the bias is 0.
    """
    from scipy.optimize import brentq

    # One root lies beyond every multiple of 2 pi, where the cosine falls from 1.
    starts = 2.0 * np.pi * np.arange(1, 41)
    roots = [brentq(lambda z: z * np.cos(z) - 1.0, s, s + np.pi / 2) for s in starts]
    best = min(np.abs(2.0 * u * np.cos(2.0 * u)) for u in roots)
    return float(best)


def single_neurons() -> Quantities:
    """Look for single neurons whose rounded outputs are XOR.

    Neurons with a monotone activation are searched on a grid of directions, lengths
    and biases; those with a square and a cosine are set by hand.
    """
    wave = {"name": "cosine", "output_scale": -0.5, "output_shift": 0.5}
    square = _keras_neuron([1.0, -1.0], 0.0, "square")
    cosine = _keras_neuron([np.pi, np.pi], 0.0, wave)
    sums = half_planes(num_angles=120, num_offsets=61)
    scaled = np.geomspace(0.1, 20.0, 25)[:, None, None] * sums
    right = [np.round(f(scaled)) == Y for f in MONOTONE.values()]
    return {
        "best_accuracy_if_monotone": np.array([r.mean(axis=-1).max() for r in right]),
        "error_of_square": np.abs(square - Y).max(),
        "error_of_cosine": np.abs(cosine - Y).max(),
        "error_of_growing_cosine": _gcu_error(),
    }


# --- networks set by hand -----------------------------------------------------------


def _relu_steps() -> dict[str, np.ndarray]:
    """Return every step of the hand-made network on the corners."""
    kernel, bias, output_kernel, output_bias = HAND_MADE
    product = X @ kernel
    hidden = np.maximum(product + bias, 0.0)
    return {
        "product": product,
        "preactivation": product + bias,
        "hidden": hidden,
        "output": hidden @ output_kernel + output_bias,
    }


def hand_made_network() -> Quantities:
    """Repeat every printed step of the hand-made network, in NumPy and in Keras."""
    config = MLPConfig(input_units=2, hidden_units=(2,), activation="relu")
    keras = keras_outputs(config, HAND_MADE)
    return {
        **{
            f"deviation_of_{step}": np.abs(found - PRINTED_MATRICES[step]).max()
            for step, found in _relu_steps().items()
        },
        "deviation_of_keras": np.abs(keras - PRINTED_MATRICES["output"]).max(),
    }


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
    two = MLPConfig(input_units=2, hidden_units=(2,), activation="relu")
    one = two.replace(hidden_units=(1,), input_skip=True)
    skipping = [
        np.array([[1.0], [1.0]]),
        np.array([-1.0]),
        np.array([[-2.0], [1.0], [1.0]]),
        np.array([0.0]),
    ]
    return {
        "best_accuracy_of_one_unit": np.array(accuracies),
        "error_of_two_units": np.abs(keras_outputs(two, HAND_MADE)[:, 0] - Y).max(),
        "error_of_one_unit_with_input_skip": np.abs(
            keras_outputs(one, skipping)[:, 0] - Y
        ).max(),
    }


def bias_free_networks() -> Quantities:
    """Measure networks without biases on XOR and on its negation.

    On XOR it is ReLU(x1 - x2) + ReLU(x2 - x1); on the negation the smallest error at
    the origin of the networks of 20 seeds.
    """
    import keras

    from models.mlp import build_mlp

    config = MLPConfig(
        input_units=2, hidden_units=(2,), activation="relu", use_bias=False
    )
    mirror = [np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([[1.0], [1.0]])]
    xor = keras_outputs(config, mirror)[:, 0]
    origin = CORNERS[:1]
    drawn = [build_mlp(config, seed)(origin) for seed in range(20)]
    outputs = np.array([keras.ops.convert_to_numpy(y).item() for y in drawn])
    return {
        "error_on_xor": np.abs(xor - Y).max(),
        "error_on_xnor_at_the_origin": np.abs(outputs - 1.0).min(),
    }


# --- the printed program ------------------------------------------------------------


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
    below, above = keras.ops.convert_to_numpy(function(np.float32([-1.0, 1.0])))
    return {"slope_below_zero": -float(below), "slope_above_zero": float(above)}


def printed_weights() -> Quantities:
    """Compare the outputs of the printed weights with the printed outputs.

    Keras computes them for every slope; one more forward pass uses its own string.
    """
    import keras

    deviations = {}
    for name, slope in SLOPES.items():
        activation = {"name": "leaky_relu", "slope": slope}
        config = MLPConfig(input_units=2, hidden_units=(2,), activation=activation)
        outputs = keras_outputs(config, PRINTED_WEIGHTS)
        deviations[f"deviation_at_slope_{name}"] = np.abs(outputs - PRINTED_OUTPUTS)
    kernel, bias, output_kernel, output_bias = PRINTED_WEIGHTS
    hidden = keras.activations.get("leaky_relu")((X @ kernel + bias).astype("float32"))
    outputs = keras.ops.convert_to_numpy(hidden) @ output_kernel + output_bias
    deviations["deviation_at_keras_string"] = np.abs(outputs - PRINTED_OUTPUTS)
    return {name: values.max() for name, values in deviations.items()}


def _flat(weights: Sequence[np.ndarray]) -> np.ndarray:
    """Return the weights of one network as a row `[1, P]`."""
    return np.concatenate([weight.ravel() for weight in weights])[None]


def solution_types() -> Quantities:
    """Say which diagonal the printed and the hand-made network fold."""
    kinds = {"fold_difference": folds_difference, "fold_sum": folds_sum}
    networks = {"printed": PRINTED_WEIGHTS, "hand_made": HAND_MADE}
    return {
        f"{name}_weights_{kind}": folds(_flat(weights))[0]
        for name, weights in networks.items()
        for kind, folds in kinds.items()
    }


# --- perceptron and logistic regression as neurons ----------------------------------


def _rows_for_perceptron(task: str) -> np.ndarray:
    """Return the rows of a Boolean task with a 1 appended, times -1 for output 0."""
    signs = 2.0 * TASKS[task]().y - 1.0
    return (signs * DESIGN).astype(np.float64)


def perceptron_updates(rows: np.ndarray, most: int) -> tuple[int, int]:
    """Run the perceptron rule from zero weights until every row is right.

    A row s (x, 1) with s (w'x + b) <= 0 is a mistake, and is added to the weights.

    Args:
        rows: Rows s (x, 1) `[N, D]`, gone through in order again and again.
        most: Number of updates at which to give up.

    Returns:
        Updates made, and the largest number of rows right after any update.
    """
    weights = np.zeros(rows.shape[1])
    updates = best = 0
    while updates < most:
        for row in rows:
            if row @ weights <= 0:
                weights = weights + row
                updates += 1
                best = max(best, int((rows @ weights > 0).sum()))
                if best == len(rows) or updates == most:
                    return updates, best
    return updates, best


def largest_margin(rows: np.ndarray) -> float:
    """Return the largest gamma with w'row >= gamma on every row for a unit vector w.

    It is the distance of the origin from the convex hull of the rows, which
    non-negative least squares finds.
    """
    from scipy.optimize import nnls

    # Wolfe: the smallest |sum a_i row_i| with sum a_i = 1, as a least-squares problem
    # whose solution, scaled to that sum, is the closest point of the hull.
    system = np.vstack([rows.T, np.ones(len(rows))])
    target = np.append(np.zeros(rows.shape[1]), 1.0)
    shares, _ = nnls(system, target)
    return float(np.linalg.norm(rows.T @ (shares / shares.sum())))


def perceptron() -> Quantities:
    """Count the updates of the perceptron rule on AND, OR and XOR.

    For AND and OR it is the most over all orders of the rows, divided by the bound
    (radius / margin)^2.
    """
    quantities: dict[str, float] = {}
    for task in ("and", "or"):
        rows = _rows_for_perceptron(task)
        radius = np.linalg.norm(rows, axis=1).max()
        bound = (radius / largest_margin(rows)) ** 2
        made = [
            perceptron_updates(rows[list(order)], PERCEPTRON_UPDATES)[0]
            for order in permutations(range(4))
        ]
        quantities[f"updates_on_{task}"] = float(max(made))
        quantities[f"bound_on_{task}"] = bound
        quantities[f"updates_over_bound_on_{task}"] = max(made) / bound
    made_on_xor, best = perceptron_updates(
        _rows_for_perceptron("xor"), PERCEPTRON_UPDATES
    )
    quantities["updates_on_xor"] = float(made_on_xor)
    quantities["most_rows_right_on_xor"] = float(best)
    return quantities


def sigmoid_neuron() -> Quantities:
    """Compare a Keras neuron at the minimum of its loss with logistic regression.

    The neuron has float64 weights, the mean cross-entropy as loss and an L2 penalty of
    1 / (2 C N), which is scikit-learn's ridge for its `C`, here 1.
    """
    import keras
    from scipy.optimize import minimize
    from sklearn.linear_model import LogisticRegression

    from ablations.backend import value_and_gradients

    task = make_task(TaskConfig(name="breast_cancer"))
    x, y = task.x.astype(np.float64), task.y.astype(np.float64)
    ridge = keras.regularizers.L2(1.0 / (2.0 * len(x)))
    model = keras.Sequential(
        [
            keras.Input((x.shape[1],), dtype="float64"),
            keras.layers.Dense(
                1, activation="sigmoid", kernel_regularizer=ridge, dtype="float64"
            ),
        ]
    )
    entropy = keras.losses.BinaryCrossentropy(dtype="float64")

    def loss_and_gradient(v: np.ndarray) -> tuple[float, np.ndarray]:
        def total(weights: list[Any]) -> tuple[Any, Any]:
            p, _, penalties = model.stateless_call(weights, [], x, return_losses=True)
            loss = entropy(y, p) + sum(penalties)
            return loss, loss

        weights = [keras.ops.convert_to_tensor(w) for w in (v[:-1, None], v[-1:])]
        loss, gradients = value_and_gradients(total, weights)
        flat = [keras.ops.convert_to_numpy(g).ravel() for g in gradients]
        return float(loss), np.concatenate(flat)

    found = minimize(
        loss_and_gradient,
        np.zeros(x.shape[1] + 1),
        jac=True,
        method="BFGS",
        options={"gtol": 1e-9},
    ).x
    model.set_weights([found[:-1, None], found[-1:]])
    probabilities = keras.ops.convert_to_numpy(model(x))[:, 0]
    reference = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000)
    reference.fit(x, y[:, 0])
    coefficients = np.append(reference.coef_[0], reference.intercept_)
    expected = reference.predict_proba(x)[:, 1]
    return {
        "coefficient_difference": np.abs(found - coefficients).max(),
        "probability_difference": np.abs(probabilities - expected).max(),
        "largest_coefficient": np.abs(coefficients).max(),
    }


MEASURES: dict[str, Callable[[], Quantities]] = {
    function.__name__: function
    for function in (
        least_squares,
        logistic_regression,
        linear_rules,
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
        perceptron,
        sigmoid_neuron,
    )
}
"""Measurements of this chapter by name."""
