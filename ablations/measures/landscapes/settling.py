"""Measure what falling rates do to noise that is left, and how far memory reaches.

Everything is about one weight of curvature one, whose mean squared distance from its
minimum follows e' = (1 - rate)^2 e + rate^2 noise^2.
"""

from __future__ import annotations

import numpy as np

from ablations.measures.landscapes.descent import PRINTED
from ablations.measures.quantities import Quantities, by_name, in_name

RATES = (0.1, 0.01)
"""Rates of which each is the constant one and the first of a falling one."""

NOISE, UPDATES = 1.0, 2000
"""Noise of a gradient over the gradient at the start, and updates."""

DRIFT, NUM_DRIFTS, DRIFT_UPDATES = 0.01, 50, 2000
"""Deviation of the optimum's steps, number of weights, and updates."""

SEARCHED = np.geomspace(1e-3, 10.0, 33)
"""Rates among which the best is taken, for every rule the same number."""


def error_after(rates: np.ndarray, noise: float, start: float = 1.0) -> np.ndarray:
    """Return the mean squared distance after each of the updates `[T, ...]`.

    Args:
        rates: The rate of every update `[T, ...]`.
        noise: Standard deviation of what is added to gradients.
        start: Squared distance at the start.
    """
    error = np.full(np.shape(rates)[1:], start)
    found = []
    for rate in rates:
        error = (1.0 - rate) ** 2 * error + rate**2 * noise**2
        found.append(error)
    return np.array(found)


def falling(rate: float, updates: int = UPDATES) -> np.ndarray:
    """Return rates that fall linearly to zero `[T]`."""
    return rate * (1.0 - np.arange(updates) / updates)


def noise_floors() -> Quantities:
    """Measure the error that a constant rate leaves, and that of a falling one.

    `left` is the error at the end under a rate that falls over that under one that does
    not; without noise it is read after a twentieth of the updates.
    """
    quantities: dict[str, float] = {}
    floors = []
    for rate in RATES:
        steady = error_after(np.full(UPDATES, rate), NOISE)
        fallen = error_after(falling(rate), NOISE)
        quantities[f"left_at_{in_name(rate)}"] = fallen[-1] / steady[-1]
        floors.append(steady[-1])
    first = RATES[0]
    steady, fallen = (
        error_after(rates, 0.0)[UPDATES // 20]
        for rates in (np.full(UPDATES, first), falling(first))
    )
    return {
        **quantities,
        "floor_over_that_of_a_tenth": floors[0] / floors[1],
        "left_without_noise": fallen / steady,
    }


def drifting_optimum() -> Quantities:
    """Measure how well AdaGrad and RMSProp follow an optimum that walks at random.

    Gradients have noise of one. The score is the root of the mean squared distance in
    the second half, at the best of 33 rates.
    """
    rng = np.random.default_rng(0)
    steps = DRIFT * rng.standard_normal((DRIFT_UPDATES, NUM_DRIFTS))
    walk, noise = steps.cumsum(axis=0), rng.standard_normal(steps.shape)
    best = {}
    for name in ("adagrad", "rmsprop"):
        w = np.zeros((len(SEARCHED), NUM_DRIFTS))
        memory, squares = {}, 0.0
        for t in range(DRIFT_UPDATES):
            gradient = w - walk[t] + noise[t]
            update, memory = PRINTED[name](memory, gradient, SEARCHED[:, None])
            w = w - update
            if t >= DRIFT_UPDATES // 2:
                squares = squares + np.mean((w - walk[t]) ** 2, axis=1)
        best[name] = np.sqrt(np.min(squares))
    return {"adagrad_over_rmsprop": best["adagrad"] / best["rmsprop"]}


MEASURES = by_name(noise_floors, drifting_optimum)
"""Measurements by name."""
