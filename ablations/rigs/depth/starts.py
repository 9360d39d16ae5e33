"""Networks before their first update: what comes through from each start.

The networks and the task are those of `ablations.rigs.depth.recipes`, 20 hidden layers
of 64 units unless a level says otherwise. All are drawn and measured, none is trained.
"""

from __future__ import annotations

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.kinds import SuccessRate, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import recipes, signals
from ablations.rigs.readings import mostly, trend

AXIS = "initial weights"
STARTS = {
    "small": recipes.SMALL,
    "glorot": signals.GLOROT,
    "he": signals.HE,
    "orthogonal": signals.ORTHOGONAL,
}
"""Initializers by key; orthogonal ones keep the length of what they are given."""

WORDS = {
    "small": "small weights",
    "glorot": "Glorot weights",
    "he": "He weights",
    "orthogonal": "orthogonal weights",
}
DEPTHS = (5, 10, 20)
TENFOLD = 1.0
"""A factor of ten between gradients, in powers of ten."""


def at_start(activation: str, weights: str, **changes: Any) -> Arm:
    """Return an untrained network of 20 layers, with weights from `STARTS`."""
    told: dict[str, Any] = {"activation": activation, "initializer": STARTS[weights]}
    return signals.start(**(told | changes))


def fades(activation: str, weights: str) -> Trend:
    """Predict a first gradient ten times as small in 20 layers as in five."""
    arms = tuple(at_start(activation, weights, depth=depth) for depth in DEPTHS)
    label = f"log10 of the first gradient, from 5 to 20 layers; {WORDS[weights]}"
    at = (AXIS, WORDS[weights])
    return trend(
        arms,
        "falls",
        signals.first_gradient(),
        TENFOLD,
        key=weights,
        label=label,
        at=at,
        quick=False,
    )


def vanishes(activation: str, weights: str) -> SuccessRate:
    """Predict that less than a thousandth of a gradient reaches the first layer."""
    arm, at = at_start(activation, weights), (AXIS, WORDS[weights])
    return mostly(arm, signals.vanished(), key=f"{weights}_vanished", at=at)


def fades_unless_linear(weights: str = "orthogonal") -> SuccessRate:
    """Require that gradients arrive where layers have no activation."""
    arm = at_start("linear", weights)
    return mostly(arm, signals.arrives(), key="linear", quick=False)


NAMES = {"elu": "ELU", "leaky_relu": "leaky ReLU"}
"""Activations that `recipes` has no words for."""


def _measured(
    probes: tuple[str, ...], activation: str, weights: str, **changes: Any
) -> Arm:
    """Return an untrained network of which these probes are recorded."""
    told: dict[str, Any] = {"activation": activation, "initializer": STARTS[weights]}
    told |= changes
    config = recipes.deep_config(num_steps=0, probes=probes, **told)
    levels = recipes.levels_of(told | {"depth": recipes.DEPTH})
    levels["activation"] = NAMES.get(activation, levels["activation"])
    return Arm(levels={**levels, "training": "untrained"}, config=config)


def shifted(activation: str, weights: str) -> Arm:
    """Return an untrained network whose mean activations are recorded."""
    return _measured(("activation_mean", "activation_variance"), activation, weights)


def shift() -> ScoreConfig:
    """Return the distance of mean activations from zero, in deviations."""
    words = "mean activation of a layer over its deviation"
    return ScoreConfig(quantity="activation_shift", better="lower", at=0, words=words)


def narrow(activation: str, weights: str, width: int, **changes: Any) -> Arm:
    """Return an untrained narrow network whose dead units are counted."""
    return _measured(("dead_share",), activation, weights, width=width, **changes)


def alive() -> ScoreConfig:
    """Return success: every layer has a unit that is on for some row."""
    words = "have a living unit in every layer"
    return ScoreConfig(
        quantity="largest_dead_share", at=0, at_most=1.0 - 1e-6, words=words
    )
