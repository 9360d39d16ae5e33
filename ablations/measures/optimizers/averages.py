"""Measure the running averages of RMSProp and Adam, and what corrects them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ablations.measures.optimizers.rules import (
    BETA_1,
    BETA_2,
    RATE,
    RHO,
    SEED,
    SETTINGS,
    SIZES,
    Array,
    adam,
    deviation,
    draw_gradients,
    how_far,
    keras_optimizer,
    keras_trace,
    momentum,
    rmsprop,
    trace,
)
from ablations.measures.quantities import Quantities, by_name, in_name

NUM_IMPULSES, NUM_NEWEST = 50, 10
DECAYS = (0.5, 0.9, 0.99, 0.999)
"""Decay rates of the first average."""

SECOND_DECAYS = (0.9, 0.99, 0.999, 0.9999)
NUM_EARLY, NUM_LATER = 10, 1000
NUM_DRAWS = 100_000
MEAN, DEVIATION = 1.0, 1.0
"""Of random gradients."""

HUGE = 1e9
"""A small term beside which all roots are nothing, so that the divisor is constant."""


def impulse_weights(optimizer: Any, num_updates: int = NUM_IMPULSES) -> Array:
    """Return the weight of a gradient in the first average of Keras, by its age.

    Weight k alone gets a gradient of one, at update k.
    """
    _, kept = keras_trace(optimizer, np.eye(num_updates))
    return kept[0][::-1]


def weights_of_old_gradients() -> Quantities:
    """Measure how much past gradients count in the averages of Keras.

    `history` is by what the average before an update is multiplied.
    """
    quantities: dict[str, np.ndarray | float] = {}
    ages = np.arange(NUM_IMPULSES)
    optimizers = {
        ("rmsprop", 0.9): keras_optimizer("RMSprop", rho=0.9),
        ("rmsprop", 0.99): keras_optimizer("RMSprop", rho=0.99),
        ("adam", 0.9): keras_optimizer("Adam", beta_1=0.9),
    }
    for (name, decay), optimizer in optimizers.items():
        weights = impulse_weights(optimizer)
        at = f"{name}_at_{in_name(decay)}"
        quantities[f"newest_of_{at}"] = weights[0]
        quantities[f"second_of_{at}"] = weights[1]
        quantities[f"third_of_{at}"] = weights[2]
        quantities[f"history_of_{at}"] = weights[1] / weights[0]
        expected = (1.0 - decay) * decay**ages
        quantities[f"deviation_of_{at}"] = np.abs(weights / expected - 1.0).max()
        quantities[f"ten_newest_of_{at}"] = weights[:NUM_NEWEST].sum()
    return quantities


def corrected_averages(seed: int = SEED) -> Quantities:
    """Measure both averages of Adam as printed, with correction and without.

    Under one gradient averages are over the gradient and its square, after 1 to 10
    updates `[10]`. Under random gradients of mean one and deviation one they are means
    over 100,000 weights, over the true ones, after 1 to 5 updates `[5]`.
    """
    quantities: dict[str, np.ndarray | float] = {}
    after_ten = []
    for decay in DECAYS:
        _, memories = trace(partial(adam, beta_1=decay), np.ones((NUM_EARLY, 1)))
        quantities[f"first_mean_at_{in_name(decay)}"] = float(memories[0]["m"][0])
        after_ten.append(float(memories[-1]["m"][0]))
        quantities[f"mean_after_ten_at_{in_name(decay)}"] = after_ten[-1]
    quantities["share_of_decays_that_pull_more"] = np.mean(np.diff(after_ten) < 0)
    _, memories = trace(adam, np.ones((NUM_EARLY, 1)))
    quantities["first_square"] = float(memories[0]["v"][0])
    for name in ("m_hat", "v_hat"):
        quantities[f"constant_{name}"] = np.array([float(m[name][0]) for m in memories])
    draws = np.random.default_rng(seed).normal(MEAN, DEVIATION, (5, NUM_DRAWS))
    _, memories = trace(adam, draws)
    squared = MEAN**2 + DEVIATION**2
    for name, true in (("m_hat", MEAN), ("v_hat", squared), ("m", MEAN)):
        quantities[f"random_{name}"] = np.array([m[name].mean() for m in memories])
        quantities[f"random_{name}"] /= true
    return quantities


def first_updates() -> Quantities:
    """Measure first updates of Adam over the rate, as printed and by Keras's default.

    Gradients are of three sizes.
    """
    gradients = np.array([list(SIZES.values())])
    printed, _ = trace(adam, gradients)
    keras, _ = keras_trace(keras_optimizer("Adam"), gradients)
    quantities = {}
    for place, word in enumerate(SIZES):
        quantities[f"printed_at_{word}"] = printed[0, place] / RATE
        quantities[f"keras_at_{word}"] = keras[0, place] / RATE
    return quantities


def without_over_with(beta_2: float, count: int) -> float:
    """Return how far Adam goes without bias correction, over how far with it."""
    equal = np.ones((count, 1))
    rules = (partial(adam, beta_2=beta_2, corrected=c) for c in (False, True))
    without, with_it = (how_far(trace(rule, equal)[0]) for rule in rules)
    return without / with_it


def uncorrected_updates() -> Quantities:
    """Measure how far Adam goes without its correction, over how far with it.

    Under one gradient, in the first ten updates, by the second decay rate, the first
    being 0.9; and in the first update and the first thousand with the default rates.
    """
    return {
        **{
            f"times_at_{in_name(b)}": without_over_with(b, NUM_EARLY)
            for b in SECOND_DECAYS
        },
        "times_of_the_first": without_over_with(BETA_2, 1),
        "times_of_a_thousand": without_over_with(BETA_2, NUM_LATER),
    }


def parts_of_adam(seed: int = SEED) -> Quantities:
    """Compare Adam, one part removed, with RMSProp and momentum of Keras.

    Without momentum the first decay rate is zero; without adaptive rates the divisor is
    constant; neither has a correction. `of_keras` is Keras's own Adam with a first
    decay rate of zero beside RMSProp with the second one. `growth` is the update after
    200 equal gradients over the first.
    """
    gradients = draw_gradients(seed)
    whole = partial(adam, corrected=False)
    without_momentum = partial(whole, beta_1=0.0, beta_2=RHO)
    rates = partial(whole, delta=HUGE, rate=HUGE * RATE)
    rms, _ = keras_trace(keras_optimizer(**SETTINGS["rmsprop"]), gradients)
    # A mean has 1 - beta_1 of what a sum has.
    slower = keras_optimizer("SGD", (1.0 - BETA_1) * RATE, momentum=BETA_1)
    sums, _ = keras_trace(slower, gradients)
    bare = keras_optimizer("Adam", beta_1=0.0, beta_2=BETA_2)
    slow = trace(partial(rmsprop, rho=BETA_2), gradients)[0]
    equal = np.ones((200, 1))
    return {
        "deviation_from_rmsprop": deviation(trace(without_momentum, gradients)[0], rms),
        "deviation_from_momentum": deviation(trace(rates, gradients)[0], sums),
        "deviation_of_the_whole": min(
            deviation(trace(whole, gradients)[0], other) for other in (rms, sums)
        ),
        "deviation_of_keras": deviation(keras_trace(bare, gradients)[0], slow),
        **{
            f"growth_of_{name}": updates[-1, 0] / updates[0, 0]
            for name, updates in {
                "adam": trace(adam, equal)[0],
                "momentum": trace(momentum, equal)[0],
            }.items()
        },
    }


MEASURES = by_name(
    weights_of_old_gradients,
    corrected_averages,
    first_updates,
    uncorrected_updates,
    parts_of_adam,
)
"""Measurements by name."""
