"""Time a step of training with one thread and with two."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
from threadpoolctl import ThreadpoolController

from ablations.measures.quantities import Quantities, by_name
from ablations.measures.timing import enough_repeats, ratios_in_turn, seconds_of

WIDTHS = (16, 64, 256, 1024)
BATCH_SIZES = (32, 256)

SECONDS = 0.25
"""Time that each size may take, beyond its first pairs of timings."""

FEWEST, MOST = 3, 41
"""Numbers of pairs of timings per size."""

SHORTEST = 2e-3
"""Seconds that one timing lasts at least, beside which no thread takes long to wake."""


def usable_cores() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def training_step(
    width: int, batch_size: int
) -> tuple[Callable[[], None], tuple[np.ndarray, ...]]:
    """Return a step of gradient descent on two square layers with a ReLU between.

    It is five matrix products and what stands between them, on the mean squared error
    with a learning rate of 5e-4. Inputs, hidden units and outputs are `width` each.

    Returns:
        The step, and what it works on: inputs, targets and the two kernels, which it
        changes in place.
    """
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=np.float32)

    x, y = normal(batch_size, width), normal(batch_size, width)
    scale = np.float32(np.sqrt(2.0 / width))
    first, second = scale * normal(width, width), scale * normal(width, width)
    rate = np.float32(1e-3 / (batch_size * width))

    def step() -> None:
        hidden = np.maximum(x @ first, np.float32(0.0))
        error = hidden @ second - y
        below = (error @ second.T) * (hidden > 0)
        np.subtract(second, rate * (hidden.T @ error), out=second)
        np.subtract(first, rate * (x.T @ below), out=first)

    return step, (x, y, first, second)


def speed_up(step: Callable[[], None], controller: ThreadpoolController) -> float:
    """Return the median ratio of seconds with one thread to seconds with two."""

    def timed(num_threads: int, repeats: int) -> float:
        with controller.limit(limits=num_threads, user_api="blas"):
            return seconds_of(step, repeats)

    timed(2, 1)  # the first product of a thread starts it
    repeats = enough_repeats(max(timed(num, 1) for num in (1, 2)), SHORTEST)
    ratios = ratios_in_turn(
        lambda: timed(1, repeats),
        lambda: timed(2, repeats),
        seconds=SECONDS,
        fewest=FEWEST,
        most=MOST,
    )
    return float(np.median(ratios))


def thread_speed_up() -> Quantities:
    """Time a training step with two threads against one, over width and batch size.

    On a machine with one usable core, `usable_cores` says so. The larger of the
    speed-ups of the widest networks shows whether two threads can help at all.
    """
    controller = ThreadpoolController()
    found = {
        (width, batch): speed_up(training_step(width, batch)[0], controller)
        for batch in BATCH_SIZES
        for width in WIDTHS
    }
    narrow, wide = WIDTHS[0], WIDTHS[-1]
    few, many = BATCH_SIZES
    gains = [found[width, many] - found[width, few] for width in WIDTHS]
    return {
        "usable_cores": float(usable_cores()),
        **{f"speed_up_{w}_wide_{b}_rows": ratio for (w, b), ratio in found.items()},
        "gain_by_width": found[wide, many] - found[narrow, many],
        "gain_by_batch_size": float(np.mean(gains)),
        "largest_speed_up": max(found[wide, batch] for batch in BATCH_SIZES),
    }


MEASURES = by_name(thread_speed_up)
"""Timings by name; unlike other measurements they differ each time."""
