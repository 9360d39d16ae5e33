"""Measure predictions of stacked runs.

`y` holds targets `[1 or R, N, K]`, `p` the outputs of the networks `[R, N, K]` and `w`
the weights of the rows `[1 or R, N]`, of mean 1, or None where all count alike; every
metric returns one number per run `[R]`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras import ops

from ablations.training.config import MOVING, TrainingConfig
from models.config import requirement

Tensor = Any
HELD_OUT = ("val", "test")
"""Parts of the rows that a training does not learn from."""

SMALLEST_PROBABILITY = 1e-7
"""Bound that Keras keeps between a probability and 0 or 1 before its logarithm."""


def _mse(y, p, from_logits):
    return ops.mean(ops.square(p - y), axis=-1)


def _binary_crossentropy(y, p, from_logits):
    if from_logits:
        # max(z, 0) - z y + log(1 + exp(-|z|)) never overflows
        terms = ops.maximum(p, 0.0) - p * y + ops.log1p(ops.exp(-ops.abs(p)))
    else:
        p = ops.clip(p, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
        terms = -(y * ops.log(p) + (1.0 - y) * ops.log(1.0 - p))
    return ops.mean(terms, axis=-1)


def _categorical_crossentropy(y, p, from_logits):
    if from_logits:
        return -ops.sum(y * ops.log_softmax(p, axis=-1), axis=-1)
    p = p / ops.sum(p, axis=-1, keepdims=True)
    p = ops.clip(p, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    return -ops.sum(y * ops.log(p), axis=-1)


def _hinge(y, p, from_logits):
    return ops.mean(ops.maximum(1.0 - (2.0 * y - 1.0) * p, 0.0), axis=-1)


def _mae(y, p, from_logits):
    return ops.mean(ops.abs(p - y), axis=-1)


def _huber(y, p, from_logits):
    distance = ops.abs(p - y)
    near, far = 0.5 * ops.square(distance), distance - 0.5
    return ops.mean(ops.where(distance <= 1.0, near, far), axis=-1)


LOSSES: dict[str, Callable[..., Tensor]] = {
    "mse": _mse,
    "mae": _mae,
    "huber": _huber,
    "binary_crossentropy": _binary_crossentropy,
    "categorical_crossentropy": _categorical_crossentropy,
    "hinge": _hinge,
}
"""Loss of every row `[R, N]`; targets are 0 and 1, also for the hinge loss."""


def _row_losses(training, y, p):
    return LOSSES[training.loss](y, p, training.from_logits)


def mean_over_rows(values: Tensor, w: Tensor | None = None) -> Tensor:
    """Return the mean of `w * values` over the rows of every run `[R]`, as in Keras.

    That divides by the number of rows, not by the sum of their weights.
    """
    return ops.mean(values if w is None else w * values, axis=1)


def mean_loss(
    training: TrainingConfig, y: Tensor, p: Tensor, w: Tensor | None = None
) -> Tensor:
    """Return the loss of every run, the mean over its rows `[R]`."""
    return mean_over_rows(_row_losses(training, y, p), w)


def outputs_of(training: TrainingConfig, p: Tensor) -> Tensor:
    """Return what the network says: probabilities where it emits logits."""
    if not training.from_logits:
        return p
    if training.loss == "binary_crossentropy":
        return ops.sigmoid(p)
    return ops.softmax(p, axis=-1)


def _is_right(training, y, p):
    """Return 1 for every row whose class is told right, else 0 `[R, N]`."""
    # A NaN compares as false and would count as a right answer of class 0.
    known = ops.logical_not(ops.any(ops.isnan(p), axis=-1))
    if p.shape[-1] > 1:
        right = ops.equal(ops.argmax(y, axis=-1), ops.argmax(p, axis=-1))
    else:
        threshold = 0.0 if training.loss == "hinge" else 0.5
        above = outputs_of(training, p) > threshold
        right = ops.all(ops.equal(above, y > 0.5), axis=-1)
    return ops.cast(ops.logical_and(right, known), "float32")


def _accuracy(training, y, p, w=None):
    return mean_over_rows(_is_right(training, y, p), w)


def _balanced_accuracy(training, y, p, w=None):
    classes = y if y.shape[-1] > 1 else ops.concatenate([1.0 - y, y], axis=-1)
    classes = classes if w is None else classes * w[..., None]
    right = _is_right(training, y, p)[..., None]
    found = ops.sum(classes * right, axis=1)  # [R, K]
    rows = ops.sum(classes * ops.ones_like(right), axis=1)
    recall = found / ops.where(rows > 0, rows, 1.0)
    present = ops.cast(rows > 0, "float32")
    return ops.sum(recall, axis=1) / ops.sum(present, axis=1)


def _max_error(training, y, p, w=None):
    return ops.max(ops.abs(outputs_of(training, p) - y), axis=(1, 2))


def _solved(training, y, p, w=None):
    right = ops.equal(ops.round(outputs_of(training, p)), y)
    return ops.cast(ops.all(right, axis=(1, 2)), "float32")


def _crossentropy(training, y, p, w=None):
    if p.shape[-1] < 2:
        # Scaled to sum to 1, one column is always right.
        must = "must not hold 'crossentropy' for a network of one output"
        raise requirement("metrics", must, training.metrics)
    said = outputs_of(training, p)
    return mean_over_rows(_categorical_crossentropy(y, said, False), w)


def _squared_error(training, y, p, w=None):
    squares = ops.square(outputs_of(training, p) - y)
    if w is None:
        return ops.mean(squares, axis=(1, 2))
    return mean_over_rows(ops.mean(squares, axis=-1), w)


METRICS: dict[str, Callable[..., Tensor]] = {
    "loss": mean_loss,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "crossentropy": _crossentropy,
    "squared_error": _squared_error,
    "max_error": _max_error,
    "solved": _solved,
}
"""Metrics by name; `val_` before a name measures on the validation rows, `test_` on
the test rows.

`balanced_accuracy` is the mean over the classes of the share of their rows that are
told right.
`loss` is the training's own, penalties included; `crossentropy`, of probabilities of
classes that it scales to sum to 1, two or more, and `squared_error` are the same
whatever the loss.
`solved` is 1 if every rounded output equals its target, `max_error` the largest
distance of an output from its target; weights of rows change neither.
"""

OF_ROWS: dict[str, Callable[[TrainingConfig, Tensor, Tensor], Tensor]] = {
    "loss": _row_losses,
    "accuracy": _is_right,
}
"""Metrics that are a mean over rows, as the number of every row `[R, N]`."""


def rows_and_metric(name: str) -> tuple[str, str]:
    """Split the name of a curve into its rows, "", "_val" or "_test", and its metric.

    The first part is what the names of the rows in a `Data` end in.
    """
    name = name.removeprefix(MOVING)
    for rows in HELD_OUT:
        if name.startswith(f"{rows}_"):
            return f"_{rows}", name.removeprefix(f"{rows}_")
    return "", name
