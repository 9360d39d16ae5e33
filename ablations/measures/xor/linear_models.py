"""Measure what lines can do: least squares, half-planes, perceptron, sigmoid neuron."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product
from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy
from ablations.tasks import CORNERS, TaskConfig, make_task
from models.config import MLPConfig

X = CORNERS.astype(np.float64)
Y = np.array([0.0, 1.0, 1.0, 0.0])
"""The outputs of XOR, in the order of `CORNERS`."""

DESIGN = np.column_stack([X, np.ones(4)])  # [4, inputs and intercept]
PERCEPTRON_UPDATES = 100_000


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

    A linear program looks for w and b with s (w'x + b) >= 1 on every row `[N, D]`,
    s = 1 where the label is 1 and s = -1 where it is 0.
    """
    from scipy.optimize import linprog

    signs = 2.0 * np.asarray(labels, np.float64)[:, None] - 1.0
    rows = signs * np.column_stack([points, np.ones(len(points))])
    cost = np.zeros(rows.shape[1])
    done = linprog(cost, -rows, -np.ones(len(rows)), bounds=(None, None))
    return bool(done.status == 0)


def half_planes(num_angles: int = 800, num_offsets: int = 250) -> np.ndarray:
    """Return weighted sums of the corners, for all directions and offsets of a grid.

    A half-plane is where the sums `[num_angles * num_offsets, 4]` exceed 0.
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


def _signed_rows(task: str) -> np.ndarray:
    """Return the rows of a Boolean task with a 1 appended, times -1 for output 0."""
    signs = 2.0 * make_task(TaskConfig(name=task)).y - 1.0
    return (signs * DESIGN).astype(np.float64)


def perceptron_updates(rows: np.ndarray, most: int) -> tuple[int, int]:
    """Run the perceptron rule from zero weights until every row is right.

    The rows s (x, 1) `[N, D]` are gone through in order again and again. One with
    s (w'x + b) <= 0 is a mistake, and is added to the weights, `most` times at most.

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

    # The smallest |sum a_i row_i|^2 + (1 - sum a_i)^2 over a >= 0 points, scaled to
    # sum a_i = 1, to the closest point of the hull.
    target = np.append(np.zeros(rows.shape[1]), 1.0)
    shares, _ = nnls(np.vstack([rows.T, np.ones(len(rows))]), target)
    return float(np.linalg.norm(rows.T @ (shares / shares.sum())))


def perceptron() -> Quantities:
    """Count the updates of the perceptron rule on AND, OR and XOR.

    For AND and OR it is the most over all orders of the rows, divided by the bound
    (radius / margin)^2.
    """
    quantities: dict[str, float] = {}
    for task in ("and", "or"):
        rows = _signed_rows(task)
        radius = np.linalg.norm(rows, axis=1).max()
        bound = (radius / largest_margin(rows)) ** 2
        made = [
            perceptron_updates(rows[list(order)], PERCEPTRON_UPDATES)[0]
            for order in permutations(range(4))
        ]
        quantities[f"updates_on_{task}"] = float(max(made))
        quantities[f"bound_on_{task}"] = bound
        quantities[f"updates_over_bound_on_{task}"] = max(made) / bound
    made_on_xor, best = perceptron_updates(_signed_rows("xor"), PERCEPTRON_UPDATES)
    quantities["updates_on_xor"] = float(made_on_xor)
    quantities["most_rows_right_on_xor"] = float(best)
    return quantities


def sigmoid_neuron() -> Quantities:
    """Compare a Keras neuron at the minimum of its loss with logistic regression.

    The neuron's loss is the mean cross-entropy plus an L2 penalty of 1 / (2 C N), which
    is scikit-learn's ridge for its `C`, here 1.
    Newton's method goes to where the gradient that Keras computes is zero.
    """
    import keras
    from sklearn.linear_model import LogisticRegression

    from ablations.training.backend import value_and_gradients
    from models.mlp import build_mlp

    task = make_task(TaskConfig(name="breast_cancer"))
    num_rows, num_inputs = task.x.shape
    ridge = 1.0 / (2.0 * num_rows)
    neuron = MLPConfig(
        input_units=num_inputs, hidden_units=(), output_activation="sigmoid"
    )
    model = build_mlp(neuron.replace(l2=ridge, regularize_output=True), stackable=True)
    entropy = keras.losses.BinaryCrossentropy()

    def total_loss(weights: list[Any]) -> tuple[Any, Any]:
        p, _, penalties = model.stateless_call(weights, [], task.x, return_losses=True)
        return entropy(task.y, p) + sum(penalties), p

    x = task.x.astype(np.float64)
    design = np.column_stack([x, np.ones(num_rows)])
    curvature = np.diag(np.append(np.full(num_inputs, 2.0 * ridge), 0.0))
    v = np.zeros(num_inputs + 1)
    for _ in range(20):
        weights = [np.float32(v[:-1, None]), np.float32(v[-1:])]
        p, gradients = value_and_gradients(
            total_loss, [keras.ops.convert_to_tensor(w) for w in weights]
        )
        p, flat = np.float64(to_numpy(p)), [to_numpy(g).ravel() for g in gradients]
        hessian = (design * p * (1.0 - p)).T @ design / num_rows + curvature
        v = v - np.linalg.solve(hessian, np.concatenate(flat))
    reference = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000)
    reference.fit(x, task.y[:, 0])
    expected = np.append(reference.coef_[0], reference.intercept_)
    probabilities = reference.predict_proba(x)[:, 1:]
    return {
        "coefficient_difference": np.abs(v - expected).max(),
        "probability_difference": np.abs(p - probabilities).max(),
        "largest_coefficient": np.abs(expected).max(),
    }


MEASURES = by_name(
    least_squares, logistic_regression, linear_rules, perceptron, sigmoid_neuron
)
