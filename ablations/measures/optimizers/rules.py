"""The printed update rules, literally, and those of Keras on the same gradients.

A rule takes what it remembers and the gradients g of update t = 1, 2, ... `[n]`, one
for each weight, and returns what is taken from the weights, w <- w - update. Weights
start at zero, so that no digit of a small update is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

Array = np.ndarray
Memory = Mapping[str, Any]
Rule = Callable[..., tuple[Array, Memory]]

RATE = 1.0 / 128.0
"""Learning rate, which float32 holds exactly, as Keras keeps it."""

GAMMA, RHO, BETA_1, BETA_2 = 0.9, 0.9, 0.9, 0.999
DELTA = 1e-8
"""The small term, as in the example of the notes."""

NUM_UPDATES, NUM_WEIGHTS = 5, 8
SEED = 0

SIZES = {"one": 1.0, "a_thousandth": 1e-3, "a_millionth": 1e-6}
"""Sizes of gradients, by their names in quantities."""

SETTINGS: dict[str, dict[str, Any]] = {
    "momentum": {"name": "SGD", "momentum": GAMMA},
    "adagrad": {"name": "Adagrad", "initial_accumulator_value": 0.0, "epsilon": DELTA},
    "rmsprop": {"name": "RMSprop", "rho": RHO, "epsilon": DELTA},
    "adam": {"name": "Adam", "beta_1": BETA_1, "beta_2": BETA_2, "epsilon": DELTA},
}
"""Optimizers of Keras, and the printed numbers as their settings."""

DEFAULTS = {
    name: {k: v for k, v in s.items() if k in ("name", "momentum")}
    for name, s in SETTINGS.items()
}
"""The same with the defaults of Keras; momentum is off by default."""


def momentum(
    memory: Memory, g: Array, rate: Any = RATE, gamma: Any = GAMMA
) -> tuple[Array, Memory]:
    """Take v <- gamma v + eta g."""
    v = gamma * memory.get("v", 0.0) + rate * g
    return v, {"v": v}


def adagrad(
    memory: Memory,
    g: Array,
    rate: Any = RATE,
    start: float = 0.0,
    delta: float = DELTA,
    as_keras: bool = False,
) -> tuple[Array, Memory]:
    """Take eta g / (sqrt(r) + delta) with r <- r + g^2.

    Keras adds its small term to r, under the root; so it does for RMSProp.
    """
    r = memory.get("r", start) + g * g
    return rate / _root(r, delta, as_keras) * g, {"r": r}


def rmsprop(
    memory: Memory,
    g: Array,
    rate: Any = RATE,
    rho: float = RHO,
    delta: float = DELTA,
    as_keras: bool = False,
) -> tuple[Array, Memory]:
    """Take eta g / (sqrt(r) + delta) with r <- rho r + (1 - rho) g^2."""
    r = rho * memory.get("r", 0.0) + (1.0 - rho) * g * g
    return rate / _root(r, delta, as_keras) * g, {"r": r}


def _root(r: Array, delta: float, as_keras: bool) -> Array:
    return np.sqrt(r + delta) if as_keras else np.sqrt(r) + delta


def adam(
    memory: Memory,
    g: Array,
    rate: Any = RATE,
    beta_1: float = BETA_1,
    beta_2: float = BETA_2,
    delta: float = DELTA,
    corrected: bool = True,
    as_keras: bool = False,
) -> tuple[Array, Memory]:
    """Take eta m_hat / (sqrt(v_hat) + epsilon), as listed.

    Keras adds its small term to the root of v, before the correction.
    """
    t = memory.get("t", 0) + 1
    m = beta_1 * memory.get("m", 0.0) + (1.0 - beta_1) * g
    v = beta_2 * memory.get("v", 0.0) + (1.0 - beta_2) * g * g
    m_hat, v_hat = m, v
    if corrected:
        m_hat, v_hat = m / (1.0 - beta_1**t), v / (1.0 - beta_2**t)
    small = delta / np.sqrt(1.0 - beta_2**t) if as_keras else delta
    new = {"t": t, "m": m, "v": v, "m_hat": m_hat, "v_hat": v_hat}
    return rate / (np.sqrt(v_hat) + small) * m_hat, new


RULES: dict[str, Rule] = {
    "momentum": momentum,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}

AS_KERAS: dict[str, Rule] = {
    "momentum": momentum,
    "adagrad": partial(adagrad, as_keras=True),
    "rmsprop": partial(rmsprop, as_keras=True),
    "adam": partial(adam, as_keras=True),
}
"""The rules with the small term where Keras adds it."""


def _without_root(memory: Memory, g: Array) -> tuple[Array, Memory]:
    _, new = adagrad(memory, g)
    return RATE / (new["r"] + DELTA) * g, new


FAULTS: dict[str, Rule] = {
    "momentum": lambda memory, g: momentum(memory, (1.0 - GAMMA) * g),
    "adagrad": _without_root,
    "rmsprop": adagrad,
    "adam": partial(adam, corrected=False),
}
"""A gradient that is averaged, a root forgotten, a sum for a mean, no correction."""


def trace(rule: Rule, gradients: Array) -> tuple[Array, list[Memory]]:
    """Return the updates `[T, n]` for gradients `[T, n]`, and what is remembered."""
    memory: Memory = {}
    updates, memories = [], []
    for g in gradients:
        update, memory = rule(memory, g)
        updates.append(update)
        memories.append(memory)
    return np.array(updates), memories


def keras_optimizer(name: str, rate: float = RATE, **settings: Any) -> Any:
    """Return an optimizer of Keras."""
    import keras

    return getattr(keras.optimizers, name)(learning_rate=rate, **settings)


def keras_trace(optimizer: Any, gradients: Array) -> tuple[Array, list[Array]]:
    """Return the updates `[T, n]` of Keras, and what it remembers at the end.

    Numbers are float64; the first two variables count updates and hold the rate.
    """
    import keras

    weights = keras.Variable(np.zeros(gradients.shape[1:]), dtype="float64")
    places = [to_numpy(weights.value)]
    for g in gradients:
        tensor = keras.ops.convert_to_tensor(g, "float64")
        optimizer.apply([tensor], [weights])
        places.append(to_numpy(weights.value))
    kept = [to_numpy(v.value) for v in optimizer.variables[2:]]
    return -np.diff(places, axis=0), kept


def draw_gradients(seed: int, size: float = 1.0) -> Array:
    """Return gradients `[T, n]` of either sign, from one to two times a size."""
    rng = np.random.default_rng(seed)
    shape = (NUM_UPDATES, NUM_WEIGHTS)
    return size * rng.choice((-1.0, 1.0), shape) * rng.uniform(1.0, 2.0, shape)


def deviation(found: Array, expected: Array) -> float:
    """Return the largest difference, over the largest that is expected."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def how_far(updates: Array) -> float:
    """Return the length of all updates together."""
    return float(np.abs(updates).sum())


def printed_rules(seed: int = SEED) -> Quantities:
    """Compare five printed updates with those of Keras, for gradients of three sizes.

    `deviation` is the largest difference over the largest printed update; `rest` is
    that with the small term where Keras has it; `times` is how far the printed updates
    go over how far those of Keras go. A fault is read for gradients of size one.
    """
    quantities, faults = {}, []
    for name, rule in RULES.items():
        for word, size in SIZES.items():
            gradients = draw_gradients(seed, size)
            printed, _ = trace(rule, gradients)
            keras, _ = keras_trace(keras_optimizer(**SETTINGS[name]), gradients)
            usual, _ = keras_trace(keras_optimizer(**DEFAULTS[name]), gradients)
            mended, _ = trace(AS_KERAS[name], gradients)
            at = f"{name}_at_{word}"
            quantities[f"deviation_of_{at}"] = deviation(keras, printed)
            quantities[f"rest_of_{at}"] = deviation(keras, mended)
            quantities[f"times_of_{at}"] = how_far(printed) / how_far(keras)
            quantities[f"times_of_default_{at}"] = how_far(printed) / how_far(usual)
        gradients = draw_gradients(seed)
        keras, _ = keras_trace(keras_optimizer(**SETTINGS[name]), gradients)
        faults.append(deviation(trace(FAULTS[name], gradients)[0], keras))
    return {**quantities, "smallest_deviation_of_a_fault": min(faults)}


MEASURES = by_name(printed_rules)
"""Measurements by name."""
