"""Time activations, their gradients and updates with them, all against ReLU.

They are computed by NumPy in float32 by one thread, as written in `FORWARD` and
`BACKWARD`. Ratios are taken in turn, so that what else runs on the machine slows both.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from ablations.measures.quantities import Quantities, by_name, in_name
from ablations.measures.timing import median_at_least, work_ratios

Function = Callable[[np.ndarray], np.ndarray]

ROWS, WIDTH = 256, 256
"""Numbers that an activation is given at a time: the outputs of a layer of a batch."""

OTHERS = ("sigmoid", "tanh", "elu")
SHARES = (0.5, 0.9, 0.99)
"""Shares of zeros among the inputs of a layer."""

SECONDS, FEWEST, MOST = 0.05, 15, 301
"""Seconds that timings may take beyond the fewest; fewest and most pairs."""

ONE = np.float32(1.0)
ZERO = np.float32(0.0)

FORWARD: dict[str, Function] = {
    "relu": lambda x: np.maximum(x, ZERO),
    "sigmoid": lambda x: ONE / (ONE + np.exp(-x)),
    "tanh": np.tanh,
    "elu": lambda x: np.where(x > ZERO, x, np.expm1(np.minimum(x, ZERO))),
}
"""What each activation makes of its inputs."""

BACKWARD: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "relu": lambda g, y: g * (y > ZERO),
    "sigmoid": lambda g, y: g * y * (ONE - y),
    "tanh": lambda g, y: g * (ONE - y * y),
    "elu": lambda g, y: g * np.where(y > ZERO, ONE, y + ONE),
}
"""What each makes of a gradient `g` by its outputs `y`, into one by its inputs."""


def _normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def training_step(name: str) -> tuple[Callable[[], None], tuple[np.ndarray, ...]]:
    """Return an update of two layers with an activation between, and its arrays.

    It is five products of matrices and what stands between them, on half the squared
    error with a learning rate of 1e-4 over the number of rows. The arrays are inputs,
    targets and the two kernels, which it changes in place.
    """
    forward, backward = FORWARD[name], BACKWARD[name]
    x, y = _normal(ROWS, WIDTH), _normal(ROWS, WIDTH, seed=1)
    scale = np.float32(WIDTH**-0.5)
    first = scale * _normal(WIDTH, WIDTH, seed=2)
    second = scale * _normal(WIDTH, WIDTH, seed=3)
    rate = np.float32(1e-4 / ROWS)

    def step() -> None:
        hidden = forward(x @ first)
        error = hidden @ second - y
        below = backward(error @ second.T, hidden)
        np.subtract(second, rate * (hidden.T @ error), out=second)
        np.subtract(first, rate * (x.T @ below), out=first)

    return step, (x, y, first, second)


def least_ratio(step: Callable[[], Any], unit: Callable[[], Any]) -> float:
    """Return how many times the seconds of a unit a step surely takes, or more.

    That is the lower end of the 95 % interval of the median ratio.
    """
    ratios = work_ratios(step, unit, seconds=SECONDS, fewest=FEWEST, most=MOST)
    return median_at_least(ratios)


@threadpool_limits.wrap(limits=1, user_api="blas")
def activation_seconds() -> Quantities:
    """Time three activations, their gradients and updates with them against ReLU.

    Least ratios are above 1 where ReLU is surely faster.
    """
    x, g = _normal(ROWS, WIDTH), _normal(ROWS, WIDTH, seed=1)

    def backward(name: str) -> Callable[[], Any]:
        return partial(BACKWARD[name], g, FORWARD[name](x))

    parts: dict[str, Callable[[str], Callable[[], Any]]] = {
        "forward": lambda name: partial(FORWARD[name], x),
        "backward": backward,
        "step": lambda name: training_step(name)[0],
    }
    return {
        f"least_{part}_of_{other}": least_ratio(of(other), of("relu"))
        for other in OTHERS
        for part, of in parts.items()
    }


def zeroed(share: float) -> np.ndarray:
    """Return inputs of a layer `[ROWS, WIDTH]`, a share of them 0, drawn at random."""
    kept = np.random.default_rng(4).random((ROWS, WIDTH)) >= share
    return _normal(ROWS, WIDTH) * kept.astype(np.float32)


@threadpool_limits.wrap(limits=1, user_api="blas")
def sparse_seconds() -> Quantities:
    """Time a layer of inputs without zeros against the same with zeros.

    `dense` multiplies zeros as it does all else, `compressed` stores and multiplies
    only what is not zero (CSR); making that form takes no part of the seconds. Least
    ratios are above 1 where zeros surely save time.
    """
    full, kernel = _normal(ROWS, WIDTH), _normal(WIDTH, WIDTH, seed=2)
    whole = partial(operator.matmul, full, kernel)
    found = {}
    for share in SHARES:
        some = zeroed(share)
        forms = {"dense": some, "compressed": sparse.csr_array(some)}
        for name, layer in forms.items():
            less = partial(operator.matmul, layer, kernel)
            found[f"least_{name}_{in_name(share)}"] = least_ratio(whole, less)
    return found


MEASURES = by_name(activation_seconds, sparse_seconds)
"""Timings by name; unlike other measurements they differ each time."""
