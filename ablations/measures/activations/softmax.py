"""Measure what softmax makes of logits, against its formula and the printed example."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np

from ablations.measures.activations.ranges import DIGITS, of_keras
from ablations.measures.activations.slopes import sigmoid
from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

NUM_CLASSES = (2, 3, 10, 1000)
LEADS = (0.1, 1.0)
GAPS = (10.0, 50.0, 100.0, 200.0)
"""Logits by which the last class is behind."""

LARGEST_LOGITS = (50.0, 80.0, 100.0)
SHIFTED_LOGIT = 10_000.0

PRINTED = {"positive": 3.0, "neutral": 1.0, "negative": 0.5}
"""Logits of the printed example, by class."""

HOT, COLD = 1e4, 1e-2
"""Temperatures that stand for infinity and zero beside logits of about one."""

WRONG_BY = (1.0, 5.0, 20.0)
"""Logits by which the wrong one of two classes leads."""


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return exp(z_i) / sum_j exp(z_j) over the last axis; the largest z becomes 0."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def _logits() -> dict[int, np.ndarray]:
    """Return a thousand rows of normal logits of deviation five, by classes."""
    rng = np.random.default_rng(0)
    return {k: 5.0 * rng.standard_normal((1000, k)) for k in NUM_CLASSES}


def softmax_sums() -> Quantities:
    """Measure how far the shares of Keras's softmax are from adding up to one."""
    found = {k: of_keras("softmax", z) for k, z in _logits().items()}
    formula = {k: softmax(z) for k, z in _logits().items()}
    quantities: dict[str, float] = {
        f"deviation_of_the_sum_of_{k}": np.abs(y.sum(axis=1) - 1).max()
        for k, y in found.items()
    }
    quantities["smallest_share"] = min(y.min() for y in found.values())
    quantities["deviation_from_the_formula"] = max(
        np.abs(found[k] - formula[k]).max() for k in found
    )
    return quantities


def softmax_losers() -> Quantities:
    """Give the share of the second of two classes that is behind by a gap.

    In real arithmetic it is 1 / (1 + exp(gap)); `real_shares_of_zero` counts gaps of
    up to 60,000 for which that is zero.
    """
    with localcontext() as context:
        context.prec = DIGITS
        gaps = [Decimal(10) ** k for k in range(-4, 5)] + [Decimal(60_000)]
        zeros = sum(1 / (1 + gap.exp()) <= 0 for gap in gaps)
    quantities: dict[str, float] = {"real_shares_of_zero": zeros}
    for gap in GAPS:
        share = of_keras("softmax", np.array([[0.0, -gap]]))[0, 1]
        quantities[f"log10_share_behind_by_{in_name(gap)}"] = np.log10(
            max(share, 1e-300)
        )
    return quantities


def softmax_leads() -> Quantities:
    """Give the winner's share by its lead over all others, which are equal.

    It is 1 / (1 + (K - 1) exp(-lead)), a half where the lead is log(K - 1).
    """
    quantities: dict[str, float] = {}
    for k in NUM_CLASSES:
        for lead in LEADS:
            logits = np.append(lead, np.zeros(k - 1))[None]
            share = of_keras("softmax", logits)[0, 0]
            quantities[f"share_of_{k}_by_{in_name(lead)}"] = share
        quantities[f"lead_for_half_of_{k}"] = np.log(k - 1)
        at_half = np.append(np.log(k - 1), np.zeros(k - 1))[None]
        quantities[f"share_of_{k}_at_that_lead"] = of_keras("softmax", at_half)[0, 0]
    return quantities


def softmax_temperatures() -> Quantities:
    """Measure the distance from equal shares and from a single winner."""
    logits = np.array([[3.0, 1.0, 0.5], [2.0, -1.0, 0.0]])
    tied = np.array([[3.0, 3.0, 0.5]])
    winners = logits == logits.max(axis=1, keepdims=True)
    hot, cold = (of_keras("softmax", logits / t) for t in (HOT, COLD))
    return {
        "deviation_from_equal_shares": np.abs(hot - 1 / 3).max(),
        "deviation_from_one_winner": np.abs(cold - winners).max(),
        "deviation_from_one_winner_in_a_tie": 1.0
        - of_keras("softmax", tied / COLD).max(),
        "deviation_from_equal_shares_at_one": np.abs(softmax(logits) - 1 / 3).max(),
    }


def softmax_jacobian() -> Quantities:
    """Compare the printed derivative with finite differences in float64.

    Rows are classes: s_i (delta_ij - s_j), for K classes at random logits.
    """
    deviations, sums, ranks, numbers = [], [], [], []
    step = 1e-6
    for k in (2, 3, 10):
        z = np.random.default_rng(k).standard_normal(k)
        s = softmax(z)
        printed = s[:, None] * (np.eye(k) - s)
        sides = (z[:, None] + sign * step * np.eye(k) for sign in (1, -1))
        up, down = (softmax(side.T).T for side in sides)
        deviations.append(np.abs(printed - (up - down) / (2 * step)).max())
        sums.append(np.abs(printed.sum(axis=1)).max())
        ranks.append(np.linalg.matrix_rank(printed) - (k - 1))
        numbers.append(np.abs(s[:, None] * np.eye(k) - printed).max())
    return {
        "deviation_from_differences": np.array(deviations),
        "deviation_of_row_sums_from_zero": np.array(sums),
        "rank_less_one_fewer_than_classes": np.array(ranks),
        "deviation_without_the_second_term": np.array(numbers),
    }


def softmax_example() -> Quantities:
    """Compute every number of the printed example of three classes."""
    logits = np.array(list(PRINTED.values()))
    raised = np.exp(logits)
    numbers = {"percent": 100.0 * of_keras("softmax", logits[None])[0], "power": raised}
    quantities = {
        f"{kind}_{name}": value
        for kind, values in numbers.items()
        for name, value in zip(PRINTED, values, strict=True)
    }
    return quantities | {"sum_of_powers": raised.sum()}


def softmax_overflow() -> Quantities:
    """Tell whether the formula as written is finite in float32, and when shifted."""
    quantities: dict[str, float] = {}
    with np.errstate(over="ignore", invalid="ignore"):
        for largest in LARGEST_LOGITS:
            raised = np.exp(np.float32([largest, 0.0, -1.0]))
            finite = np.isfinite(raised / raised.sum()).all()
            quantities[f"finite_up_to_{in_name(largest)}"] = finite
    shifted = softmax(np.float32([SHIFTED_LOGIT, 0.0, -1.0]))
    small = np.float32([2.0, 0.0, -1.0])
    written = np.exp(small) / np.exp(small).sum()
    return {
        **quantities,
        "shifted_is_finite": np.isfinite(shifted).all(),
        "deviation_of_both_forms": np.abs(softmax(small) - written).max(),
    }


def softmax_gradients() -> Quantities:
    """Give the largest gradient by logits where the wrong of two classes leads.

    Each is over the largest that its loss gives for any lead, from 0 to 20: of
    cross-entropy p - y, of the squared error (p - y) through the slopes of softmax.
    """
    import keras

    from ablations.training.backend import value_and_gradients

    y = np.float32([[1.0, 0.0]])

    def gradient(loss: str, lead: float) -> float:
        def total(inputs: list[Any]) -> tuple[Any, None]:
            p = keras.ops.softmax(inputs[0])
            if loss == "cross_entropy":
                p = keras.ops.log_softmax(inputs[0])
                return -keras.ops.sum(y * p), None
            return keras.ops.sum((p - y) ** 2), None

        logits = keras.ops.convert_to_tensor(np.float32([[0.0, lead]]))
        found = to_numpy(value_and_gradients(total, [logits])[1][0])
        return float(np.abs(found).max())

    quantities: dict[str, float] = {}
    for loss in ("cross_entropy", "squared_error"):
        largest = max(gradient(loss, lead) for lead in np.linspace(0.0, 20.0, 41))
        for lead in WRONG_BY:
            name = f"relative_gradient_of_{loss}_at_{in_name(lead)}"
            quantities[name] = gradient(loss, lead) / largest
    return quantities


def drawn_classes(num_rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows of three inputs and a one, and labels by a logistic model."""
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.standard_normal((num_rows, 3)), np.ones(num_rows)])
    p = sigmoid(x @ np.array([1.0, -2.0, 0.5, 0.3]))
    return x, np.float64(rng.random(num_rows) < p)


def paths_of_both(num_rows: int, updates: int, rate: float) -> Quantities:
    """Learn two classes by a sigmoid, and by two softmax outputs at half the rate.

    Both start at zero and descend the mean cross-entropy, whose gradient by a sum is
    p - y. The difference is the largest between both probabilities, over the training.
    """
    x, y = drawn_classes(num_rows)
    of_sum, of_two = np.zeros(x.shape[1]), np.zeros((x.shape[1], 2))
    differences = []
    for _ in range(updates):
        p, both = sigmoid(x @ of_sum), softmax(x @ of_two)
        differences.append(np.abs(both[:, 1] - p).max())
        of_sum = of_sum - rate * x.T @ (p - y) / num_rows
        off = both - np.column_stack([1.0 - y, y])
        of_two = of_two - rate / 2.0 * x.T @ off / num_rows
    losses = [
        -float(np.mean(y * np.log(q) + (1.0 - y) * np.log(1.0 - q)))
        for q in (sigmoid(x @ of_sum), softmax(x @ of_two)[:, 1])
    ]
    return {
        "loss_of_sigmoid_less_that_of_softmax": losses[0] - losses[1],
        "loss_of_softmax_less_that_of_sigmoid": losses[1] - losses[0],
        "difference_of_paths_at_half_the_rate": max(differences),
        "loss_saved_by_learning": np.log(2.0) - losses[0],
    }


def share_of_probabilities(name: str, sums: np.ndarray) -> float:
    """Return the share of sums whose output lies strictly between 0 and 1."""
    outputs = of_keras(name, sums)
    return float(np.mean((outputs > 0.0) & (outputs < 1.0)))


def binary_outputs() -> Quantities:
    """Compare what outputs make of one sum for two classes."""
    sums = np.linspace(-10.0, 10.0, 2001)
    two = of_keras("softmax", np.column_stack([sums, np.zeros_like(sums)]))[:, 0]
    quantities = {
        f"share_of_probabilities_of_{name}": share_of_probabilities(name, sums)
        for name in ("sigmoid", "relu", "leaky_relu", "elu", "tanh", "linear")
    }
    return {
        **quantities,
        "deviation_of_softmax_of_z_and_zero": np.abs(two - sigmoid(sums)).max(),
        **paths_of_both(500, 2000, rate=1.0),
    }


MEASURES = by_name(
    binary_outputs,
    softmax_sums,
    softmax_losers,
    softmax_leads,
    softmax_temperatures,
    softmax_jacobian,
    softmax_example,
    softmax_overflow,
    softmax_gradients,
)
"""Measurements by name."""
