"""Measure what averaging several models does to their variance, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.measures.quantities import Quantities, by_name, in_name
from ablations.measures.timing import work_ratios

CORRELATIONS = (0.0, 0.5, 0.9)
NUM_MODELS, NUM_DRAWS = 10, 200_000

SIZES = (20, 64, 64, 4)
"""Units of a member, from inputs to outputs."""

NUM_MEMBERS, BATCH_SIZE = 8, 32
WIDTHS = (16, 512)
"""Hidden units of members that are timed."""

SECONDS, FEWEST, MOST = 0.1, 5, 61
"""Seconds that timings may take beyond the fewest; fewest and most pairs."""


def variance_of_averages() -> Quantities:
    """Average ten normal numbers of variance 1 that correlate, many times.

    The mean of k has variance rho + (1 - rho) / k.
    """
    rng = np.random.default_rng(0)
    shared = rng.standard_normal((NUM_DRAWS, 1))
    own = rng.standard_normal((NUM_DRAWS, NUM_MODELS))
    found = {}
    for rho in CORRELATIONS:
        models = np.sqrt(rho) * shared + np.sqrt(1.0 - rho) * own
        ratio = models.mean(axis=1).var() / models.var(axis=0).mean()
        found[f"variance_ratio_at_{in_name(rho)}"] = ratio
    return found


def products_per_row(sizes: tuple[int, ...], *, training: bool) -> int:
    """Return the multiply-adds of a network's matrix products for one row.

    Training adds the gradient of every kernel, and those of all activations but the
    inputs.
    """
    kernels = [a * b for a, b in pairwise(sizes)]
    forward = sum(kernels)
    return forward + (forward + sum(kernels[1:]) if training else 0)


def _network(rate: float) -> Any:
    import keras

    parts = [keras.Input((SIZES[0],))]
    for units in SIZES[1:-1]:
        parts += [keras.layers.Dense(units, "relu"), keras.layers.Dropout(rate)]
    return keras.Sequential([*parts, keras.layers.Dense(SIZES[-1])])


def _counted(model: Any, *, training: bool) -> int:
    """Return the multiply-adds per row of a Keras model of dense layers."""
    kernels = [layer.kernel.shape for layer in model.layers if hasattr(layer, "kernel")]
    sizes = (kernels[0][0], *(shape[1] for shape in kernels))
    return products_per_row(sizes, training=training)


def ensemble_work() -> Quantities:
    """Count multiply-adds and weights of eight networks, and of one with dropout.

    Ratios are to one network without dropout, for equally many updates; `many_masks`
    is dropout that answers as often as there are members, each time with a mask.
    """
    one, dropped = _network(0.0), _network(0.5)
    members = [_network(0.0) for _ in range(NUM_MEMBERS)]
    counts: dict[str, Callable[[Any], int]] = {
        "training": partial(_counted, training=True),
        "inference": partial(_counted, training=False),
        "weights": lambda model: model.count_params(),
    }
    found = {}
    for name, count in counts.items():
        found[f"{name}_of_the_ensemble"] = sum(map(count, members)) / count(one)
        found[f"{name}_of_dropout"] = count(dropped) / count(one)
        if name == "inference":
            found["inference_of_many_masks"] = NUM_MEMBERS * count(dropped) / count(one)
    return found


def training_step(
    num_members: int, width: int, *, stacked: bool, rate: float = 0.0
) -> Callable[[], None]:
    """Return an update of members of two square layers, on a batch each.

    Stacked, one product serves all members; else each has its own. Dropout leaves out
    a share `rate` of the hidden units.
    """
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.standard_normal((num_members, *shape), dtype=np.float32)

    x, y = normal(BATCH_SIZE, width), normal(BATCH_SIZE, width)
    first, second = normal(width, width), normal(width, width)
    step_size = np.float32(1e-6 / (BATCH_SIZE * width))

    def update(x: np.ndarray, y: np.ndarray, w: np.ndarray, v: np.ndarray) -> None:
        hidden = np.maximum(x @ w, np.float32(0.0))
        if rate:
            kept = rng.random(hidden.shape, dtype=np.float32) >= rate
            hidden *= kept * np.float32(1.0 / (1.0 - rate))
        error = hidden @ v - y
        below = (error @ np.swapaxes(v, -1, -2)) * (hidden > 0)
        v -= step_size * (np.swapaxes(hidden, -1, -2) @ error)
        w -= step_size * (np.swapaxes(x, -1, -2) @ below)

    if stacked:
        return lambda: update(x, y, first, second)
    parts = [(x[k], y[k], first[k], second[k]) for k in range(num_members)]

    def one_after_the_other() -> None:
        for part in parts:
            update(*part)

    return one_after_the_other


def time_ratio(step: Callable[[], None], unit: Callable[[], None]) -> float:
    """Return the median ratio of seconds of a step to those of a unit."""
    times: dict[str, Any] = {"seconds": SECONDS, "fewest": FEWEST, "most": MOST}
    return float(np.median(work_ratios(step, unit, **times)))


@threadpool_limits.wrap(limits=1, user_api="blas")
def ensemble_seconds() -> Quantities:
    """Time updates of eight networks against one, apart and as one stack.

    One thread, so that ratios are of work and not of free cores.
    """
    found = {}
    for width in WIDTHS:
        unit = training_step(1, width, stacked=False)
        for name, count, stacked, rate in (
            ("apart", NUM_MEMBERS, False, 0.0),
            ("stacked", NUM_MEMBERS, True, 0.0),
            ("dropout", 1, False, 0.5),
        ):
            step = training_step(count, width, stacked=stacked, rate=rate)
            found[f"seconds_{name}_{width}_wide"] = time_ratio(step, unit)
    return found


TIMINGS = by_name(ensemble_seconds)
"""Timings by name; unlike other measurements they differ each time."""

MEASURES = by_name(variance_of_averages, ensemble_work) | TIMINGS
