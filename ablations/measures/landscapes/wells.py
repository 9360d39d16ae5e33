"""Measure which of two valleys a descent ends in, at high rates, low ones and falling.

The loss is (x^2 - 1)^2 / 4 - tilt x, whose valley beside 1 is the deeper one. Gradients
have noise of one, and descents start in the other valley.
"""

from __future__ import annotations

import numpy as np

from ablations.measures.quantities import Quantities, by_name

TILT, NOISE = 0.1, 1.0
LOW, HIGH = 0.01, 0.3
"""Rates."""

UPDATES, NUM_DESCENTS, FARTHEST = 2000, 500, 2.0
"""A descent is kept within the farthest distance from zero."""


def loss(x: np.ndarray) -> np.ndarray:
    """Return the loss."""
    return 0.25 * (x**2 - 1.0) ** 2 - TILT * x


def slope(x: np.ndarray) -> np.ndarray:
    """Return the gradient."""
    return x**3 - x - TILT


def minima() -> tuple[float, float]:
    """Return the places of the shallow and of the deep minimum."""
    roots = np.sort(np.roots([1.0, 0.0, -1.0, -TILT]).real)
    return float(roots[0]), float(roots[-1])


def ends(rates: np.ndarray, noise: float = NOISE, seed: int = 0) -> np.ndarray:
    """Return where descents from the shallow minimum end, at a rate per update."""
    rng = np.random.default_rng(seed)
    x = np.full(NUM_DESCENTS, minima()[0])
    for rate in rates:
        gradient = slope(x) + noise * rng.standard_normal(x.size)
        x = np.clip(x - rate * gradient, -FARTHEST, FARTHEST)
    return x


def two_valleys() -> Quantities:
    """Compare a low rate, a high one, and one that falls from high to zero.

    `share` is that of descents beyond zero at the end, in the deeper valley, and `left`
    the mean loss above its minimum.
    """
    falls = HIGH * (1.0 - np.arange(UPDATES) / UPDATES)
    steady = np.ones(UPDATES)
    ways = {"low": LOW * steady, "high": HIGH * steady, "high_then_low": falls}
    found = {name: ends(rates) for name, rates in ways.items()}
    share = {name: np.mean(x > 0.0) for name, x in found.items()}
    left = {name: np.mean(loss(x) - loss(minima()[1])) for name, x in found.items()}
    return {
        **{f"share_of_{name}": value for name, value in share.items()},
        "more_by_high_then_low_than_by_low": share["high_then_low"] - share["low"],
        "left_by_high_then_low_over_high": left["high_then_low"] / left["high"],
    }


MEASURES = by_name(two_valleys)
"""Measurements by name."""
