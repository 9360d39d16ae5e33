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

RULES: dict[str, dict[str, Any]] = {"sgd": {"name": "SGD"}, **DEFAULTS}
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
        **{f"{name}_of_adam": adam[name] for name in (*ADAM, "epsilon")},
        "relatives": len(relatives),
        "share_of_relatives_alike": np.mean(same),
        "rho_of_rmsprop": rmsprop["rho"],
        "momentum_of_rmsprop": rmsprop["momentum"],
        "rmsprop_has_an_option": float("momentum" in rmsprop),
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

    `training` is all three together over that of another optimizer; `curvature` is over
    the square of the number of weights, which second-order methods keep. `growth` is
    what the large network keeps for each weight over what the small one does.
    """
    kept = {
        name: slots_per_weight(keras_optimizer(**settings), WIDTHS["small"])
        for name, settings in RULES.items()
    }
    large = slots_per_weight(keras_optimizer(**RULES["adam"]), WIDTHS["large"])
    num_weights = 2 * (WIDTHS["small"] + 1) * WIDTHS["small"]
    others = [count for name, count in kept.items() if name != "adam"]
    return {
        **{f"slots_of_{name}": count for name, count in kept.items()},
        "growth_of_adam": large / kept["adam"],
        "curvature_of_adam": kept["adam"] / num_weights,
        "training_over_momentum": (2 + kept["adam"]) / (2 + kept["momentum"]),
        "training_over_sgd": (2 + kept["adam"]) / (2 + kept["sgd"]),
        "slots_more_than_the_others": kept["adam"] - max(others),
    }


def update_without_gradient(optimizer: Any) -> float:
    """Return the update of a gradient of zero after ten of one, over the rate."""
    gradients = np.ones((NUM_PUSHES + 1, 1))
    gradients[-1] = 0.0
    return keras_trace(optimizer, gradients)[0][-1, 0] / RATE


def updates_without_gradient() -> Quantities:
    """Measure whether weights move on when their gradient is gone."""
    return {
        f"update_of_{name}": update_without_gradient(keras_optimizer(**settings))
        for name, settings in RULES.items()
    }


MEASURES = by_name(
    defaults_of_optimizers, memory_of_optimizers, updates_without_gradient
)
"""Measurements by name."""
