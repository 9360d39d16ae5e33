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
    Memory,
    adam,
    deviation,
    draw_gradients,
    how_far,
    keras_optimizer,
    keras_trace,
    rmsprop,
    trace,
)
from ablations.measures.quantities import Quantities, by_name, in_name

NUM_IMPULSES, NUM_NEWEST = 50, 10
GEOMETRIC = "deviation_of_50_shares_from_a_geometric_sequence"
SLOW_RHO = 0.99
DECAYS = (0.5, 0.9, 0.99, 0.999)
"""Decay rates of the first average."""

SECOND_DECAYS = (0.9, 0.99, 0.999)
NUM_EARLY, NUM_DRAWS = 10, 100_000
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


def weights_by_age(optimizer: Any, decay: float) -> Quantities:
    """Return how much past gradients count, and how far that is from a geometric sum.

    The factor is that by which an update multiplies the average before it.
    """
    weights = impulse_weights(optimizer)
    expected = (1.0 - decay) * decay ** np.arange(NUM_IMPULSES)
    return {
        "share_of_the_newest_gradient": weights[0],
        "share_of_the_gradient_before": weights[1],
        "share_of_the_gradient_before_that": weights[2],
        "factor_of_the_average_before_an_update": weights[1] / weights[0],
        GEOMETRIC: np.abs(weights / expected - 1.0).max(),
        "share_of_the_ten_newest_gradients": weights[:NUM_NEWEST].sum(),
    }


def old_gradients_in_adam() -> Quantities:
    """Measure how much past gradients count in the first average of Keras's Adam."""
    return weights_by_age(keras_optimizer("Adam", beta_1=BETA_1), BETA_1)


def old_gradients_in_rmsprop() -> Quantities:
    """Measure how much past squares count in that of RMSProp, and at a slower decay."""
    slow = weights_by_age(keras_optimizer("RMSprop", rho=SLOW_RHO), SLOW_RHO)
    return {
        **weights_by_age(keras_optimizer("RMSprop", rho=RHO), RHO),
        "deviation_of_50_shares_at_a_slow_rate": slow[GEOMETRIC],
    }


def corrected_averages(seed: int = SEED) -> Quantities:
    """Measure both averages of Adam as printed, with correction and without.

    Under one gradient averages are over the gradient and its square, after 1 to 10
    updates `[10]`. Under random gradients of mean one and deviation one they are means
    over 100,000 weights, over the true ones, after 1 to 5 updates `[5]`. A decay rate
    pulls more to zero if ten updates leave the average closer to it.
    """
    ones = np.ones((NUM_EARLY, 1))
    rules = (partial(adam, beta_1=decay) for decay in DECAYS)
    after_ten = [float(trace(rule, ones)[1][-1]["m"][0]) for rule in rules]
    _, equal = trace(adam, ones)
    draws = np.random.default_rng(seed).normal(MEAN, DEVIATION, (5, NUM_DRAWS))
    _, random = trace(adam, draws)

    def read(memories: list[Memory], name: str, true: float) -> Array:
        return np.array([m[name].mean() for m in memories]) / true

    squared = MEAN**2 + DEVIATION**2
    return {
        "uncorrected_average_after_one_update": read(equal, "m", 1.0)[0],
        "share_of_rates_that_pull_more_than_the_one_below": np.mean(
            np.diff(after_ten) < 0
        ),
        "corrected_average_of_equal_gradients": read(equal, "m_hat", 1.0),
        "corrected_average_of_equal_squares": read(equal, "v_hat", 1.0),
        "corrected_average_of_random_gradients": read(random, "m_hat", MEAN),
        "corrected_average_of_random_squares": read(random, "v_hat", squared),
        "uncorrected_average_of_random_gradients": read(random, "m", MEAN),
    }


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
        "length_of_the_first_update_over_the_corrected": without_over_with(BETA_2, 1),
        "distance_of_1000_updates_over_the_corrected": without_over_with(BETA_2, 1000),
    }


def parts_of_adam(seed: int = SEED) -> Quantities:
    """Compare Adam, one part removed, with RMSProp and momentum of Keras.

    Without momentum the first decay rate is zero; without adaptive rates the divisor is
    constant; neither has a correction. What is read of Keras is its own Adam, with a
    first decay rate of zero, beside RMSProp with the second one.
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
    of_keras, _ = keras_trace(bare, gradients)
    slow = trace(partial(rmsprop, rho=BETA_2), gradients)[0]
    equal, _ = trace(adam, np.ones((200, 1)))
    return {
        "deviation_without_momentum": deviation(
            trace(without_momentum, gradients)[0], rms
        ),
        "deviation_without_adaptive_rates": deviation(trace(rates, gradients)[0], sums),
        "smallest_deviation_with_nothing_removed": min(
            deviation(trace(whole, gradients)[0], other) for other in (rms, sums)
        ),
        "deviation_of_keras_without_momentum": deviation(of_keras, slow),
        "step_after_200_equal_gradients_over_the_first": equal[-1, 0] / equal[0, 0],
    }


MEASURES = by_name(
    old_gradients_in_adam,
    old_gradients_in_rmsprop,
    corrected_averages,
    first_updates,
    uncorrected_updates,
    parts_of_adam,
)
"""Measurements by name."""
