"""Derive scores of runs from the weights they ended with, or from probes.

The XOR networks store their weights as one row per run `[S, P]`, in the order kernel,
bias, output kernel, output bias, each row by row.
A hidden unit of such a network *cuts off* the corner of the square that lies alone on
one side of its kink, so that the unit is linear on the other three.
Cuts change neither with the order of the units nor with positive scales.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ablations.evidence.probe_scores import Score
from ablations.store.table import RunTable
from ablations.tasks import CORNERS
from models.config import requirement

MIXED = np.array([False, True, True, False])
"""Which rows of `CORNERS` have one input of each kind."""

NUM_WEIGHTS = {"linear neuron": 3, "two hidden units": 9}
"""Numbers of weights P that the scores read."""


def _check(weights: np.ndarray, network: str) -> None:
    expected = NUM_WEIGHTS[network]
    if weights.ndim != 2 or weights.shape[1] != expected:
        must = f"must hold {expected} numbers per run, those of a {network} network"
        raise requirement("weights", must, weights.shape)


def distance_from_least_squares(weights: np.ndarray) -> np.ndarray:
    """Return how far a linear neuron is from the least-squares fit of XOR `[S]`.

    That fit has weights 0 and bias ½; the distance is the largest over the three.

    Args:
        weights: Two weights and the bias of every run `[S, 3]`.

    Raises:
        ConfigError: If a run has another number of weights.
    """
    _check(weights, "linear neuron")
    return np.abs(weights - np.array([0.0, 0.0, 0.5])).max(axis=1)


def cut_corners(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which corners hidden units cut off, and which units split the edges.

    Args:
        weights: Weights of 2-2-1 networks `[S, 9]`.

    Returns:
        Whether a corner of `CORNERS` is cut off by a unit `[S, 2, 4]`, and whether the
        kink of a unit has two corners on each side `[S, 2]`. Zero, like everything
        below it, is the silent side.

    Raises:
        ConfigError: If a run has another number of weights.
    """
    _check(weights, "two hidden units")
    kernel = weights[:, :4].reshape(-1, 2, 2)  # [S, inputs, units]
    sums = CORNERS @ kernel + weights[:, None, 4:6]  # [S, corners, units]
    active = np.swapaxes(sums > 0, 1, 2)  # [S, units, corners]
    num_active = active.sum(axis=2)
    alone = np.where((num_active == 1)[..., None], active, ~active)
    return alone & np.isin(num_active, (1, 3))[..., None], num_active == 2


def _folds(weights: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Return 1 where units cut off some of `corners` and do nothing else `[S]`."""
    cuts, splits = cut_corners(weights)
    inside = cuts[:, :, corners].any(axis=(1, 2))
    outside = cuts[:, :, ~corners].any(axis=(1, 2)) | splits.any(axis=1)
    finite = np.isfinite(weights).all(axis=1)
    return (inside & ~outside & finite).astype(np.float64)


def folds_difference(weights: np.ndarray) -> np.ndarray:
    """Return 1 for networks that fold `x1 - x2`, as |x1 - x2| does, else 0 `[S]`.

    Their hidden units cut off (0, 1), (1, 0) or both, and no other corner.

    Args:
        weights: Weights of 2-2-1 networks `[S, 9]`; NaN gives 0.

    Raises:
        ConfigError: If a run has another number of weights.
    """
    return _folds(weights, MIXED)


def folds_sum(weights: np.ndarray) -> np.ndarray:
    """Return 1 for networks that fold `x1 + x2`, as the hand-made one does, else 0.

    Their hidden units cut off (0, 0), (1, 1) or both, and no other corner.

    Args:
        weights: Weights of 2-2-1 networks `[S, 9]`; NaN gives 0.

    Raises:
        ConfigError: If a run has another number of weights.
    """
    return _folds(weights, ~MIXED)


def _of_weights(score: Callable[[np.ndarray], np.ndarray]) -> Score:
    def derive(table: RunTable, at: int | None) -> np.ndarray:
        if at is not None:
            must = "must be None: weights are kept from the end of training only"
            raise requirement("at", must, at)
        return score(table.arrays["weights"])

    return derive


WEIGHT_SCORES: dict[str, Score] = {
    "distance_from_least_squares": _of_weights(distance_from_least_squares),
    "folds_difference": _of_weights(folds_difference),
    "folds_sum": _of_weights(folds_sum),
}
"""Scores of the weights that XOR networks ended with."""
