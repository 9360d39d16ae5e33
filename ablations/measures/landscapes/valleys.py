"""Measure swings across valleys: of SGD, of momentum and of RMSProp."""

from __future__ import annotations

from functools import partial

import numpy as np

from ablations.measures.landscapes.descent import (
    FLAT,
    KERAS,
    PLATEAU_UPDATES,
    PRINTED,
    Gradient,
    descend,
    noisy,
    on_a_slope,
    sgd,
    way,
)
from ablations.measures.optimizers.rules import Rule, momentum, trace
from ablations.measures.quantities import Quantities, by_name, in_name

CURVATURES = (0.5, 1.5, 2.1)
"""Rates times the steepest curvature."""

NUM_DESCENTS, NUM_UPDATES, NOISE = 1000, 100, 0.1
"""Noise is over the gradient at the start."""

SCANNED = np.arange(1, 50) / 20.0 + 0.01
"""Rates times curvature, none of them just at a bound."""

FLAT_DIRECTION = 1e-3
"""Curvature along a ravine over that across it."""

STEEP, RAVINE_RATE = 100.0, 0.019
"""Curvature across a ravine, and a rate at which SGD swings and still settles."""

EARLY, LATE = 100, 500
STEP_UPDATES = 400

RATES = (0.001, 0.01, 0.1, 1.0)
"""Rates times curvature, for momentum."""

GAMMAS = np.array([0.1, 0.5, 0.9, 0.99])
OVER_THE_BOUND = np.array([0.25, 0.5, 0.9, 1.1, 2.0, 4.0])
LONG, ROUNDING = 5000, 1e-12


def bowl(curvature: float | np.ndarray = 1.0) -> Gradient:
    """Return the gradient of curvature w^2 / 2."""
    return lambda w: curvature * w


def changes_of_side(path: np.ndarray) -> np.ndarray:
    """Return where an update goes over the minimum at zero `[updates, ...]`."""
    return np.signbit(path[1:]) != np.signbit(path[:-1])


def swing(path: np.ndarray, update: int) -> float:
    """Return the size of one step of a path `[1 + updates, ...]`, RMS if many."""
    return float(np.sqrt(np.mean((path[update] - path[update - 1]) ** 2)))


def ravine_swings() -> Quantities:
    """Measure how SGD swings across a ravine whose steepest curvature is one.

    A thousand descents with noise start at one; `last_swing` is that of update 100 over
    the first. The scan is without noise: the share of rates at which descents change
    sides from one on and grow from two on, and nowhere else.
    """
    quantities: dict[str, float] = {}
    for rate in CURVATURES:
        shaken = noisy(bowl(), NOISE)
        path = descend(sgd, shaken, np.ones(NUM_DESCENTS), NUM_UPDATES, rate)
        name, last = in_name(rate), swing(path, NUM_UPDATES)
        quantities[f"last_swing_at_{name}"] = last / swing(path, 1)
        quantities[f"changes_of_side_at_{name}"] = changes_of_side(path).mean()
    path = descend(sgd, bowl(), np.ones(SCANNED.size), NUM_UPDATES, SCANNED)
    turns, grows = changes_of_side(path).any(axis=0), np.abs(path[-1]) > 1.0
    right = (turns == (SCANNED > 1.0)) & (grows == (SCANNED > 2.0))
    along = descend(sgd, bowl(FLAT_DIRECTION), np.ones(()), LONG, 1.0)
    return {
        **quantities,
        "share_of_rates_as_the_bounds_say": right.mean(),
        "updates_along_the_ravine": np.argmax(along <= 0.01),
    }


def wasted(path: np.ndarray) -> float:
    """Return the way of one weight `[T]` beyond the distance from start to end."""
    steps = np.abs(np.diff(path))
    return float(steps.sum() - np.abs(path[-1] - path[0]))


def across(rule: Rule) -> np.ndarray:
    """Return the place across a ravine `[1 + updates]`, of a descent from one."""
    return descend(rule, bowl(STEEP), np.ones(()), LATE, RAVINE_RATE)


def signs(rule: Rule, alternate: bool) -> np.ndarray:
    """Return steps under gradients of one, all of one sign or of changing signs."""
    g = np.ones((STEP_UPDATES, 1))
    if alternate:
        g[1::2] = -1.0
    return np.abs(trace(partial(rule, rate=1.0), g)[0][:, 0])


def rmsprop_beside_momentum() -> Quantities:
    """Compare RMSProp with momentum at equal rates, on a plateau and in a ravine.

    Swings are the way across a ravine beyond the distance covered, in the first 100
    updates and in the last 100 of 500. Steps under gradients of changing signs are
    over those under equal ones.
    """
    flat, early, late = {}, {}, {}
    quantities: dict[str, float] = {}
    for name in ("momentum", "rmsprop", "rmsprop_of_keras"):
        rule = (PRINTED | KERAS)[name]
        path = across(rule)
        flat[name] = way(on_a_slope(rule, FLAT, PLATEAU_UPDATES))
        early[name] = wasted(path[: EARLY + 1])
        late[name] = wasted(path[-EARLY - 1 :])
        equal, changing = signs(rule, False), signs(rule, True)
        quantities[f"step_under_changing_signs_of_{name}"] = changing[-1] / equal[-1]
        quantities[f"last_step_over_the_first_of_{name}"] = equal[-1] / equal[0]
    for name in ("rmsprop", "rmsprop_of_keras"):
        over = f"{name}_over_momentum"
        quantities[f"plateau_of_{over}"] = flat[name] / flat["momentum"]
        quantities[f"early_swings_of_{over}"] = early[name] / early["momentum"]
        beyond = late[name] - late["momentum"]
        quantities[f"late_swings_of_{name}_beyond_momentum"] = beyond
    return quantities


def past_the_minimum(path: np.ndarray) -> np.ndarray:
    """Return how far paths from one `[T, ...]` go beyond the minimum at zero."""
    return np.maximum(0.0, -path.min(axis=0))


def momentum_overshoot() -> Quantities:
    """Measure how far momentum goes past the minimum of a bowl, over the start.

    The law: it goes past where rate times curvature is over (1 - sqrt(gamma))^2, of 24
    coefficients and rates.
    """
    start = np.ones(len(RATES))
    quantities: dict[str, float] = {}
    for rule in (momentum, sgd):
        found = past_the_minimum(descend(rule, bowl(), start, LONG, np.array(RATES)))
        for rate, past in zip(RATES, found, strict=True):
            quantities[f"{rule.__name__}_past_it_at_{in_name(rate)}"] = past
    bound = (1.0 - np.sqrt(GAMMAS[:, None])) ** 2
    rates = bound * OVER_THE_BOUND
    balls = partial(momentum, gamma=GAMMAS[:, None])
    path = descend(balls, bowl(), np.ones(rates.shape), LONG, rates)
    agree = (past_the_minimum(path) > ROUNDING) == (rates > bound)
    return {**quantities, "share_of_rates_as_the_law_says": agree.mean()}


MEASURES = by_name(ravine_swings, rmsprop_beside_momentum, momentum_overshoot)
"""Measurements by name."""
