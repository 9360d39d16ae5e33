"""Measure how much faster momentum goes down a bowl, from the algebra of both rules.

Along a direction of curvature h each update of momentum multiplies (w, v) by a matrix
of two rows, whose larger eigenvalue is what is left after many updates; SGD is the case
of coefficient zero. A bowl of condition kappa has curvatures from 1 / kappa to 1.
"""

from __future__ import annotations

import numpy as np

from ablations.measures.quantities import Quantities, by_name

CONDITIONS = (10, 100, 1000)
"""Largest curvature over the smallest."""

GAMMA = 0.9
"""The coefficient of the notes."""

LAW_CONDITIONS = np.geomspace(10.0, 10_000.0, 7)
"""Conditions over which a power law is fitted."""

RATES = np.geomspace(1.0, 4.0, 601)
GAMMAS = 1.0 - np.geomspace(1.0, 1e-3, 501)
"""Rates times the largest curvature, and coefficients, of which the best is taken."""

NOISE, NOISY_CONDITION, LEFT = 3.0, 100, 0.01
"""Noise of each gradient over the gradient at the start, and share of the loss that is
to be left."""

NOISY_RATES, MOST_UPDATES = np.geomspace(1e-3, 2.0, 61), 5000


def factor(rate: np.ndarray, curvature: float, gamma: np.ndarray) -> np.ndarray:
    """Return by how much an update shrinks the distance in the long run.

    The roots of z^2 - (1 + gamma - rate h) z + gamma; where they are complex, their
    size is the root of gamma.
    """
    half = 0.5 * (1.0 + gamma - rate * curvature)
    inside = half**2 - gamma
    real = np.abs(half) + np.sqrt(np.maximum(inside, 0.0))
    return np.where(inside < 0.0, np.sqrt(gamma), real)


def slowest(rate: np.ndarray, condition: float, gamma: np.ndarray) -> np.ndarray:
    """Return the factor of the slowest direction of a bowl.

    It is that of an end: between them no direction is slower.
    """
    ends = (factor(rate, h, gamma) for h in (1.0, 1.0 / condition))
    return np.maximum(*ends)


def updates_per_digit(condition: float, gamma: np.ndarray) -> float:
    """Return the updates that divide the distance by ten, at the best rate.

    Args:
        condition: Largest curvature over the smallest.
        gamma: Coefficients of which the best is taken too `[G]`.
    """
    found = slowest(RATES[:, None], condition, np.asarray(gamma)[None])
    return float(np.log(10.0) / -np.log(found.min()))


def fitted_power(x: np.ndarray, y: np.ndarray) -> float:
    """Return the power p of a law y = c x^p, by least squares of logarithms."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def momentum_gains() -> Quantities:
    """Measure the updates of SGD over those of momentum, each at its best rate.

    The power of the gain is with the best coefficient, too, over conditions from 10 to
    10,000.
    """
    plain = np.zeros(1)
    gains, own = {}, []
    for condition in CONDITIONS:
        sgd = updates_per_digit(condition, plain)
        printed = updates_per_digit(condition, np.array([GAMMA]))
        gains[f"gain_at_{condition}"] = sgd / printed
    for condition in LAW_CONDITIONS:
        sgd = updates_per_digit(condition, plain)
        own.append(sgd / updates_per_digit(condition, GAMMAS))
    power = fitted_power(LAW_CONDITIONS, np.array(own))
    return {**gains, "power_of_the_gain": power}


def noisy_updates(
    condition: float, gamma: float, noise: float, rates: np.ndarray = NOISY_RATES
) -> float:
    """Return the fewest updates to a share of the loss in a noisy bowl.

    Of every direction the second moments of (w, v) are followed, E w^2, E w v and
    E v^2, for w <- w - v' with v' = gamma v + rate (h w + noise). Both ends of the bowl
    start at one over their curvature, so that gradients are one.
    """
    h = np.array([[1.0], [1.0 / condition]])
    pull = rates * h
    ww, wv, vv = h**-2 + 0.0 * pull, 0.0 * pull, 0.0 * pull
    start = (h * ww).sum(axis=0)
    shaken = (rates * noise) ** 2
    for update in range(1, MOST_UPDATES + 1):
        new_vv = gamma**2 * vv + 2.0 * gamma * pull * wv + pull**2 * ww + shaken
        cross = gamma * wv + pull * ww
        ww, wv, vv = ww - 2.0 * cross + new_vv, cross - new_vv, new_vv
        if ((h * ww).sum(axis=0) <= LEFT * start).any():
            return float(update)
        alive = np.isfinite(ww).all(axis=0) & (ww < 1e12).all(axis=0)
        if not alive.all():
            ww, wv, vv, pull = (each[:, alive] for each in (ww, wv, vv, pull))
            start, shaken, rates = start[alive], shaken[alive], rates[alive]
    return float("inf")


def momentum_gains_in_noise() -> Quantities:
    """Measure the gain of momentum to a hundredth of the loss, with noise and without.

    Noise is three times the gradient at the start.
    """
    found = {}
    for words, noise in (("without_noise", 0.0), ("with_noise", NOISE)):
        sgd, momentum = (
            noisy_updates(NOISY_CONDITION, gamma, noise) for gamma in (0.0, GAMMA)
        )
        found[f"gain_{words}"] = sgd / momentum
    return found


MEASURES = by_name(momentum_gains, momentum_gains_in_noise)
"""Measurements by name."""
