"""Measure where Adam goes wrong: two published examples, as they were published.

References:
    Reddi, Kale and Kumar (2018), On the convergence of Adam and beyond.
    Wilson et al. (2017), The marginal value of adaptive gradient methods in machine
    learning.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from ablations.measures.landscapes.descent import sgd
from ablations.measures.optimizers.rules import Array, Memory, Rule, adam
from ablations.measures.quantities import Quantities, by_name

STEEP, PERIOD = 3.0, 3
"""Slope of every third loss; that of the others is -1, so that -1 is the best place."""

REDDI_RATE, REDDI_UPDATES, LAST = 0.1, 3000, 300
BETA_2 = 1.0 / (1.0 + STEEP**2)
"""The decay rate of squares in the example, that of gradients is zero."""

NUM_ROWS, SHARE = 50, 0.6
"""Training rows, and the share of the positive class."""

WILSON_UPDATES, WILSON_RATES = 1000, (0.001, 0.01, 0.1)


def amsgrad(
    memory: Memory, g: Array, rate: float, beta_2: float
) -> tuple[Array, Memory]:
    """Take eta g / sqrt(v_max), v_max the largest average of squares so far."""
    v = beta_2 * memory.get("v", 0.0) + (1.0 - beta_2) * g * g
    v_max = np.maximum(memory.get("v_max", 0.0), v)
    return rate * g / np.sqrt(v_max), {"v": v, "v_max": v_max}


def play(rule: Rule, steep: float = STEEP, updates: int = REDDI_UPDATES) -> np.ndarray:
    """Return all places `[T]` between -1 and 1, from 0 on, at rates eta / sqrt(t).

    The loss of update t = 1, 4, 7, ... is steep w, of the others -w.
    """
    w, memory, places = np.zeros(1), {}, []
    for t in range(1, updates + 1):
        g = np.array([steep if t % PERIOD == 1 else -1.0])
        update, memory = rule(memory, g, REDDI_RATE / np.sqrt(t))
        w = np.clip(w - update, -1.0, 1.0)
        places.append(w[0])
    return np.array(places)


def regret(places: np.ndarray, steep: float = STEEP) -> float:
    """Return the mean loss less that of the best single place, -1."""
    t = np.arange(1, len(places) + 1)
    slopes = np.where(t % PERIOD == 1, steep, -1.0)
    return float(np.mean(slopes * (places + 1.0)))


def adam_goes_astray() -> Quantities:
    """Play the example of Reddi and others; `LAST` updates are read.

    Regret is per update: two thirds at the worst place there is, zero at the best.
    """
    plain = {"beta_1": 0.0, "beta_2": BETA_2, "corrected": False, "delta": 0.0}
    players: dict[str, Rule] = {
        "adam": partial(adam, **plain),
        "adam_with_usual_settings": partial(adam),
        "sgd": sgd,
        "amsgrad": partial(amsgrad, beta_2=BETA_2),
    }
    found = {}
    for name, rule in players.items():
        found[f"regret_of_{name}"] = regret(play(rule)[-LAST:])
    return found


def wilson_rows(rng: np.random.Generator, share: float) -> tuple[Array, Array]:
    """Return inputs `[n, 3 + 5 n]` and labels of one or minus one `[n]`.

    The first input is the label, two are one; of five own ones of every row the first
    is one in a positive row, all five in a negative one.
    """
    num_positive = round(share * NUM_ROWS)
    y = rng.permutation(np.where(np.arange(NUM_ROWS) < num_positive, 1.0, -1.0))
    x = np.zeros((NUM_ROWS, 3 + 5 * NUM_ROWS))
    x[:, 0], x[:, 1:3] = y, 1.0
    for row, label in enumerate(y):
        own = 3 + 5 * row
        x[row, own : own + (1 if label > 0 else 5)] = 1.0
    return x, y


def errors(w: Array, x: Array, y: Array, share: float) -> tuple[float, float]:
    """Return the shares of training rows, and of new ones, that are told wrong.

    A new row's own inputs have met no weight; the first three decide.
    """
    wrong = {label: label * (w[0] * label + w[1] + w[2]) <= 0 for label in (1, -1)}
    new = share * wrong[1] + (1.0 - share) * wrong[-1]
    return float(np.mean(y * (x @ w) <= 0)), float(new)


def fit(rule: Rule, rate: float, x: Array, y: Array) -> Array:
    """Return the weights after full updates on half the mean squared error."""
    w, memory = np.zeros(x.shape[1]), {}
    for _ in range(WILSON_UPDATES):
        update, memory = rule(memory, x.T @ (x @ w - y) / len(y), rate)
        w = w - update
    return w


def adam_generalizes_worse() -> Quantities:
    """Train on the example of Wilson and others, six of ten rows positive.

    Errors are those of the rate with which Adam is best on new rows; SGD has the
    largest rate at which it is stable.
    """
    x, y = wilson_rows(np.random.default_rng(0), SHARE)
    stable = 1.0 / np.linalg.eigvalsh(x @ x.T / len(y)).max()
    found = {"sgd": [errors(fit(sgd, stable, x, y), x, y, SHARE)]}
    found["adam"] = [errors(fit(adam, r, x, y), x, y, SHARE) for r in WILSON_RATES]
    best = {
        name: min(pairs, key=lambda pair: pair[::-1]) for name, pairs in found.items()
    }
    return {
        **{f"training_error_of_{name}": pair[0] for name, pair in best.items()},
        **{f"test_error_of_{name}": pair[1] for name, pair in best.items()},
        "excess_of_adam": best["adam"][1] - best["sgd"][1],
    }


MEASURES = by_name(adam_goes_astray, adam_generalizes_worse)
"""Measurements by name."""
