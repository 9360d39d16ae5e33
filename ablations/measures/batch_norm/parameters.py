"""Measure what the learned scale and shift of batch norm are needed for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ablations.measures.activations.slopes import sigmoid
from ablations.measures.batch_norm.layer import (
    TEXT_EPSILON,
    features,
    keras_layer,
    normalize,
    put_out,
)
from ablations.measures.quantities import Quantities, by_name

DEVIATIONS = (0.3, 1.0, 5.0)
UNDO_ROWS = 32

Function = Callable[[np.ndarray], np.ndarray]

UNITS: dict[str, Function] = {
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
}
"""Activations behind which a scale or a shift is left out."""

NUM_UNITS = 10
"""Units, each with a scale and a shift of its own, that others must stand for."""

NORMALIZED = np.linspace(-3.0, 3.0, 601)
"""What batch norm hands on, before scale and shift."""

SEARCHED = np.concatenate([-np.geomspace(20.0, 0.01, 100), np.geomspace(0.01, 20, 100)])
"""Numbers among which the one that is left is looked for."""


def missed(found: np.ndarray, x: np.ndarray) -> float:
    """Return the root mean squared distance of features over their deviation."""
    distance = np.sqrt(np.mean((found - x) ** 2, axis=0))
    return float((distance / x.std(axis=0)).max())


def undo(rows: int) -> Quantities:
    """Set gamma and beta so that one batch comes out as it went in, and use them.

    gamma = sqrt(var + epsilon) and beta = mean, of the batch or of the averages.
    """
    x = features(rows, DEVIATIONS, seed=0)
    layer = keras_layer(len(DEVIATIONS), TEXT_EPSILON)
    layer.gamma.assign(np.sqrt(x.var(axis=0) + TEXT_EPSILON))
    layer.beta.assign(x.mean(axis=0))
    others = [features(rows, DEVIATIONS, seed) for seed in range(1, 101)]
    apart = [missed(put_out(layer, other, training=True), other) for other in others]
    same = missed(put_out(layer, x, training=True), x)
    layer.moving_mean.assign(x.mean(axis=0))
    layer.moving_variance.assign(x.var(axis=0))
    asked = np.vstack(others)
    return {
        "missed_on_the_same_batch": same,
        "missed_on_other_batches": float(np.sqrt(np.mean(np.square(apart)))),
        "missed_at_inference": missed(put_out(layer, asked, training=False), asked),
    }


def learned(rows: int, num_updates: int, rate: float = 0.1) -> float:
    """Return what gradient descent on gamma and beta misses of one batch.

    From gamma = 1 and beta = 0, on the mean squared distance to what went in.
    """
    x = features(rows, DEVIATIONS, seed=0)
    normal = normalize(x, TEXT_EPSILON)
    gamma, beta = np.ones(len(DEVIATIONS)), np.zeros(len(DEVIATIONS))
    for _ in range(num_updates):
        off = gamma * normal + beta - x
        gamma = gamma - rate * 2.0 * (off * normal).mean(axis=0)
        beta = beta - rate * 2.0 * off.mean(axis=0)
    return missed(gamma * normal + beta, x)


def batch_norm_undone() -> Quantities:
    """Measure how well scale and shift undo the normalization."""
    return {
        **undo(UNDO_ROWS),
        "missed_after_learning": learned(UNDO_ROWS, 200),
    }


def left_by(units: np.ndarray, target: np.ndarray) -> float:
    """Return the share of a target's variance that the best a * unit + c leaves.

    Units are rows `[K, points]`; one that never moves leaves everything.
    """
    units = units - units.mean(axis=1, keepdims=True)
    target = target - target.mean()
    sizes = np.maximum(np.sum(units**2, axis=1), 1e-24)
    explained = (units @ target) ** 2 / (sizes * np.sum(target**2))
    return float(1.0 - explained.max())


def left_without(
    lacks: str, phi: Function, gamma: float, beta: float, x: np.ndarray
) -> float:
    """Return what is left of phi(gamma x + beta) where scale or shift is missing.

    What stands for it is a phi(s x + b) + c with the best a and c, which the layer
    behind has: without the scale s is 1 or -1, by a turned kernel in front, and b is
    looked for; without the shift b is 0, and s is looked for. The same ratio of both,
    b = beta / |gamma|, is among what is tried.
    """
    if lacks == "scale":
        shifts = np.append(SEARCHED, [0.0, beta / abs(gamma)])
        tried = phi(np.sign(gamma) * x + shifts[:, None])
    else:
        tried = phi(np.append(SEARCHED, gamma)[:, None] * x)
    return left_by(tried, phi(gamma * x + beta))


def batch_norm_needs() -> Quantities:
    """Measure what is left of units whose scale or shift is missing, on average."""
    rng = np.random.default_rng(0)
    size = NUM_UNITS
    gammas = rng.choice([-1.0, 1.0], size) * rng.uniform(0.5, 3.0, size)
    betas = rng.choice([-1.0, 1.0], size) * rng.uniform(0.3, 1.0, size)
    return {
        f"share_left_without_{lacks}_{name}": float(
            np.mean(
                [
                    left_without(lacks, phi, gamma, beta, NORMALIZED)
                    for gamma, beta in zip(gammas, betas, strict=True)
                ]
            )
        )
        for lacks in ("scale", "shift")
        for name, phi in UNITS.items()
    }


MEASURES = by_name(batch_norm_undone, batch_norm_needs)
"""Measurements by name."""
