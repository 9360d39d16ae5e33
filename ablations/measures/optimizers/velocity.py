"""Measure the velocity of momentum: its sum, its limit, what cancels, and its rate."""

from __future__ import annotations

from functools import partial

import numpy as np

from ablations.measures.optimizers.rules import (
    GAMMA,
    RATE,
    SEED,
    SETTINGS,
    Array,
    Rule,
    adagrad,
    deviation,
    draw_gradients,
    keras_optimizer,
    keras_trace,
    momentum,
    trace,
)
from ablations.measures.quantities import Quantities, by_name, in_name

NUM_SUMMED = 50
"""Updates whose velocities are compared with their sums."""

COUNTED = (1, 2, 3, NUM_SUMMED)
COEFFICIENTS = (0.5, 0.9, 0.99)
NUM_CONSTANT = 2000
"""Updates under one gradient; at 0.99 all but 1e-8 of the limit is reached."""

TURNS = (1, 2, 5, 10)
"""Updates after which a gradient turns."""

NUM_TURNING, NUM_READ, NUM_RANDOM = 500, 100, 100_000
"""Updates, those at the end that are read, and updates under random signs."""

SCALES = (10, 1000)
"""What a feature, and so its gradients, is multiplied by."""

NUM_PRESENT, NUM_BETWEEN, NUM_AFTER = 10_000, 100, 500
"""Updates with gradients, those from one of a rare feature to the next, and updates
without any, in which velocities run out."""


def velocity_sum(gradients: Array, rate: float = RATE, gamma: float = GAMMA) -> Array:
    """Return the printed sums `[T, n]`: eta (gamma^(k-1) g_0 + ... + g_(k-1))."""
    ages = np.subtract.outer(np.arange(len(gradients)), np.arange(len(gradients)))
    weights = np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return rate * weights @ gradients


def velocity_sums(seed: int = SEED) -> Quantities:
    """Compare updates of Keras with momentum with the printed sums of gradients.

    A deviation is the largest difference over the largest sum, of one update or of 50.
    """
    gradients = np.random.default_rng(seed).standard_normal((NUM_SUMMED, 8))
    expected = velocity_sum(gradients)
    ahead = keras_optimizer(**SETTINGS["momentum"], nesterov=True)
    nesterov, _ = keras_trace(ahead, gradients)
    found, _ = keras_trace(keras_optimizer(**SETTINGS["momentum"]), gradients)
    plain = velocity_sum(gradients, gamma=1.0)
    return {
        **{
            f"deviation_of_velocity_{k}": deviation(found[k - 1], expected[k - 1])
            for k in COUNTED
        },
        "deviation_with_nesterovs_look_ahead": deviation(nesterov, expected),
        "deviation_of_sums_without_weights": deviation(plain, found),
    }


def terminal_velocity() -> Quantities:
    """Measure updates under one gradient, over the update of plain gradient descent.

    `reach` counts updates until 99 % of the last one; the share of longer steps is that
    up to there, with a coefficient of 0.9.
    """
    quantities = {}
    for gamma in COEFFICIENTS:
        rule = partial(momentum, gamma=gamma)
        updates = trace(rule, np.ones((NUM_CONSTANT, 1)))[0][:, 0] / RATE
        reach = int(np.argmax(updates >= 0.99 * updates[-1])) + 1
        name = in_name(gamma)
        quantities[f"times_at_{name}"] = updates[-1]
        quantities[f"updates_to_reach_it_at_{name}"] = reach
        if gamma == GAMMA:
            growing = np.diff(updates[:reach]) > 0
            quantities["share_of_steps_longer_than_the_one_before"] = growing.mean()
    return quantities


def size_of_updates(
    signs: Array, num_read: int = NUM_READ, gamma: float = GAMMA
) -> float:
    """Return the root mean square of the last updates, over plain gradient descent."""
    updates, _ = trace(partial(momentum, gamma=gamma), signs[:, None])
    return float(np.sqrt(np.mean(updates[-num_read:] ** 2)) / RATE)


def turning_gradients(seed: int = SEED) -> Quantities:
    """Measure updates under gradients that turn, as root mean squares.

    Plain steps are those of gradient descent at the same rate, straight ones those of
    momentum under a gradient that does not turn.
    """
    signs = {
        f"every_{k}": np.where(np.arange(NUM_TURNING) // k % 2, -1.0, 1.0)
        for k in TURNS
    }
    random = np.random.default_rng(seed).choice((-1.0, 1.0), NUM_RANDOM)
    quantities = {}
    for name, gradients in {**signs, "at_random": random}.items():
        num_read = NUM_READ if name in signs else NUM_RANDOM
        size = size_of_updates(gradients, num_read)
        quantities[f"steps_over_plain_ones_turning_{name}"] = size
        quantities[f"steps_over_straight_ones_turning_{name}"] = size * (1.0 - GAMMA)
    return quantities


def rare_over_frequent(rule: Rule, count: int, between: int) -> float:
    """Return how far a weight goes for each unit of its gradients, rare over frequent.

    Gradients of one come with every update, or with one of some; after them velocities
    run out.
    """
    present = np.zeros((count + NUM_AFTER, 2))
    present[:count, 0] = 1.0
    present[:count:between, 1] = 1.0
    frequent, rare = trace(rule, present)[0].sum(axis=0) / present.sum(axis=0)
    return float(rare / frequent)


def feature_rates(seed: int = SEED) -> Quantities:
    """Measure how updates follow the scale of a feature, and how often it is there.

    Growth is that of updates of Keras when gradients are multiplied `[T, n]`, with
    momentum and, for adaptive rates, with Adam. A rare feature has a gradient with one
    update of 100; its way is for each unit of gradient, over that of a frequent one,
    with momentum and with AdaGrad.
    """
    quantities: dict[str, np.ndarray | float] = {}
    gradients = draw_gradients(seed)
    for name, words in {"momentum": "", "adam": "adaptive_"}.items():
        updates, _ = keras_trace(keras_optimizer(**SETTINGS[name]), gradients)
        for scale in SCALES:
            optimizer = keras_optimizer(**SETTINGS[name])
            scaled, _ = keras_trace(optimizer, scale * gradients)
            quantities[f"growth_of_{words}updates_at_scale_{scale}"] = scaled / updates
    for words, rule in {"": momentum, "adaptive_": adagrad}.items():
        name = f"{words}distance_per_gradient_of_a_rare_feature_over_a_frequent_one"
        quantities[name] = rare_over_frequent(rule, NUM_PRESENT, NUM_BETWEEN)
    return quantities


MEASURES = by_name(velocity_sums, terminal_velocity, turning_gradients, feature_rates)
"""Measurements by name."""
