"""Measure what AdaGrad and RMSProp make of the learning rate."""

from __future__ import annotations

from functools import partial

import numpy as np

from ablations.measures.optimizers.rules import (
    RATE,
    SEED,
    SETTINGS,
    SIZES,
    Array,
    Rule,
    adagrad,
    keras_optimizer,
    keras_trace,
    rmsprop,
    trace,
)
from ablations.measures.quantities import Quantities, by_name, in_name

NUM_FOURFOLD = 16
"""Updates with a gradient of one, whose sums are 1, 2, ... 16."""

NUM_LONG, NUM_LAST = 20_000, 1000
"""Updates of a long training, and those at its end that are read."""

KINDS = ("constant_gradients", "noisy_gradients", "a_valley", "a_slow_valley")
RATES = np.array([0.1, 0.1, 0.1, 0.001])
"""Kinds of gradients, and the learning rate of each."""

NUM_FILLED = {0.99: 1000, 0.9: 100}
"""Updates under one gradient, by rho; what is left of the start is below 1e-4."""


def fourfold_sums() -> Quantities:
    """Measure the rate of Keras's AdaGrad as its sums grow fourfold, twice.

    The rate is the update over the gradient; sums start at zero.
    """
    optimizer = keras_optimizer(**SETTINGS["adagrad"])
    updates, _ = keras_trace(optimizer, np.ones((NUM_FOURFOLD, 1)))
    rates = updates[:, 0]
    return {
        "divisor_of_the_rate": np.array([rates[0] / rates[3], rates[3] / rates[15]]),
        "share_of_updates_at_which_the_rate_falls": share_that_falls(rates),
    }


def long_training(rule: Rule, seed: int, num_updates: int) -> tuple[Array, Array]:
    """Return how far each update went, and the sums or averages r after it `[T, 4]`.

    Gradients are one throughout; normal; and those of w^2 / 2 from w = 1 at two rates.
    """
    noise = np.random.default_rng(seed).standard_normal(num_updates)
    memory, w = {}, np.ones(len(KINDS))
    updates, kept = np.zeros((2, num_updates, len(KINDS)))
    for t in range(num_updates):
        gradients = np.array([1.0, noise[t], w[2], w[3]])
        updates[t], memory = rule(memory, gradients)
        w = w - updates[t]
        kept[t] = memory["r"]
    return updates, kept


def share_that_falls(sums: Array) -> float:
    """Return the share of updates at which a number `[T, n]` is less than before."""
    return float((np.diff(sums, axis=0) < 0).mean())


def rates_in_the_long_run(seed: int = SEED, num_updates: int = NUM_LONG) -> Quantities:
    """Measure what is left of the learning rate after 20,000 updates, as printed.

    That is the mean of 1 / sqrt(r) over the last 1,000 updates, by which the rate is
    multiplied. Distances are how far a weight goes under constant gradients, and how
    far it is from the minimum of w^2 / 2 at the end.
    """
    quantities: dict[str, np.ndarray | float] = {}
    rules = {"sums": adagrad, "averages": rmsprop}
    for name, rule in rules.items():
        updates, r = long_training(partial(rule, rate=RATES), seed, num_updates)
        left = np.mean(1.0 / np.sqrt(r[-NUM_LAST:]), axis=0)
        for kind, share in zip(KINDS, left, strict=True):
            quantities[f"rate_left_by_{name}_under_{kind}"] = share
        far = np.abs(1.0 - np.cumsum(updates, axis=0)[-NUM_LAST:, 2]).mean() / RATES[2]
        quantities[f"distance_from_the_bottom_over_the_rate_with_{name}"] = far
        if name == "sums":
            quantities["share_of_updates_at_which_a_sum_falls"] = share_that_falls(r)
            far = updates[:, 0].sum() / (2.0 * RATES[0] * np.sqrt(num_updates))
            quantities["distance_over_twice_the_rate_and_the_root_of_updates"] = far
    return quantities


def constant_gradients() -> Quantities:
    """Measure RMSProp under one gradient: its average, and its updates over the rate.

    `average` is over the squared gradient, for gradients of three sizes `[3]`, as
    printed and of Keras; `update` is the last of 100, that of Keras with the small term
    which it has by default.
    """
    quantities: dict[str, np.ndarray | float] = {}
    sizes = np.array(list(SIZES.values()))
    for rho, count in NUM_FILLED.items():
        gradients = np.tile(sizes, (count, 1))
        updates, memories = trace(partial(rmsprop, rho=rho), gradients)
        quantities[f"average_at_{in_name(rho)}"] = memories[-1]["r"] / sizes**2
    by_default, kept = keras_trace(keras_optimizer("RMSprop"), gradients)
    quantities["average_of_keras"] = kept[0] / sizes**2
    for place, word in enumerate(SIZES):
        quantities[f"update_at_{word}"] = updates[-1, place] / RATE
        quantities[f"update_of_keras_at_{word}"] = by_default[-1, place] / RATE
    return {**quantities, "first_update_over_the_rate": updates[0, 0] / RATE}


MEASURES = by_name(fourfold_sums, rates_in_the_long_run, constant_gradients)
"""Measurements by name."""
