"""Read what optimizers of Keras have by default, and count what they remember."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from ablations.measures.optimizers.rules import (
    DEFAULTS,
    RATE,
    keras_optimizer,
    keras_trace,
)
from ablations.measures.quantities import Quantities, by_name, to_numpy

ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999}
"""The printed defaults."""

WIDTHS = {"small": 10, "large": 100}
"""Inputs and units of both layers of two networks."""

RULES: dict[str, dict[str, Any]] = {"plain": {"name": "SGD"}, **DEFAULTS}
NUM_PUSHES = 10
"""Updates with a gradient of one, before one without."""


def defaults_of(name: str) -> dict[str, Any]:
    """Return the default settings of an optimizer of Keras, from its signature."""
    import keras

    parameters = inspect.signature(getattr(keras.optimizers, name).__init__).parameters
    return {k: p.default for k, p in parameters.items() if p.default is not p.empty}


def defaults_of_optimizers() -> Quantities:
    """Read the defaults of Adam and RMSProp, and of all that have both decay rates."""
    import keras

    classes = inspect.getmembers(keras.optimizers, inspect.isclass)
    every = [defaults_of(name) for name, _ in classes]
    relatives = [found for found in every if {"beta_1", "beta_2"} <= set(found)]
    same = [all(found[k] == v for k, v in ADAM.items()) for found in relatives]
    adam, rmsprop = defaults_of("Adam"), defaults_of("RMSprop")
    return {
        "default_learning_rate": adam["learning_rate"],
        "default_first_decay_rate": adam["beta_1"],
        "default_second_decay_rate": adam["beta_2"],
        "default_small_term": adam["epsilon"],
        "share_of_optimizers_with_two_decay_rates_that_have_these": np.mean(same),
        "default_decay_rate_of_squares": rmsprop["rho"],
        "default_momentum": rmsprop["momentum"],
        "whether_momentum_is_an_option": float("momentum" in rmsprop),
    }


def slots_per_weight(optimizer: Any, width: int) -> float:
    """Return the numbers that an optimizer keeps for each weight of a network."""
    import keras

    layers = [keras.layers.Dense(width), keras.layers.Dense(width)]
    model = keras.Sequential([keras.Input((width,)), *layers])
    optimizer.build(model.trainable_variables)
    # The first two count updates and hold the rate.
    kept = sum(to_numpy(v.value).size for v in optimizer.variables[2:])
    return kept / model.count_params()


def memory_of_optimizers() -> Quantities:
    """Count what optimizers of Keras keep for each weight, besides it and its gradient.

    Memory of training is all three together. A method with all second derivatives keeps
    as many numbers for each weight as there are weights, here of the large network.
    """
    kept = {
        name: slots_per_weight(keras_optimizer(**settings), WIDTHS["small"])
        for name, settings in RULES.items()
    }
    large = slots_per_weight(keras_optimizer(**RULES["adam"]), WIDTHS["large"])
    num_weights = 2 * (WIDTHS["large"] + 1) * WIDTHS["large"]
    most = max(count for name, count in kept.items() if name != "adam")
    whole = 2 + kept["adam"]
    return {
        **{f"slots_of_{name}": count for name, count in kept.items()},
        "numbers_for_each_weight_of_a_large_network_over_a_small_one": large
        / kept["adam"],
        "memory_over_that_of_all_second_derivatives": large / num_weights,
        "memory_of_training_over_that_with_momentum": whole / (2 + kept["momentum"]),
        "memory_of_training_over_that_of_plain_descent": whole / (2 + kept["plain"]),
        "numbers_for_each_weight_more_than_under_four_other_rules": kept["adam"] - most,
    }


def update_without_gradient(optimizer: Any) -> float:
    """Return the update of a gradient of zero after ten of one, over the rate."""
    gradients = np.ones((NUM_PUSHES + 1, 1))
    gradients[-1] = 0.0
    return keras_trace(optimizer, gradients)[0][-1, 0] / RATE


def updates_without_gradient() -> Quantities:
    """Measure whether weights move on when their gradient is gone."""
    return {
        f"update_of_{name}_without_gradient": update_without_gradient(
            keras_optimizer(**RULES[name])
        )
        for name in ("momentum", "rmsprop")
    }


MEASURES = by_name(
    defaults_of_optimizers, memory_of_optimizers, updates_without_gradient
)
"""Measurements by name."""
