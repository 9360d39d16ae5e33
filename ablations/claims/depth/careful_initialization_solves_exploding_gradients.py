"""Gradients explode when each layer multiplies them by more than one.

He's rule for ReLU, and Glorot's or orthogonal weights for tanh, bring that factor to
about one; a gain a little above it is enough to explode at twenty layers.
Glorot's rule with ReLU stays below one, and the signal fades instead.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth import signals
from ablations.rigs.depth.recipes import (
    BASICS,
    SEEDS,
    TINY_RATES,
    recipe,
    rescues,
    succeeds,
)
from ablations.rigs.depth.signals import GLOROT, HE, ORTHOGONAL, times
from ablations.rigs.readings import mostly, rarely

NETWORKS: dict[str, dict[str, Any]] = {
    "relu_he": {"activation": "relu", "initializer": HE},
    "relu_glorot": {"activation": "relu", "initializer": GLOROT},
    "relu_orthogonal": {
        "activation": "relu",
        "initializer": times(2.0**0.5, ORTHOGONAL),
    },
    "tanh_glorot": {"activation": "tanh", "initializer": GLOROT},
    "tanh_orthogonal": {"activation": "tanh", "initializer": ORTHOGONAL},
}
RELU_LARGE: dict[str, Any] = {"activation": "relu", "initializer": times(2.0, HE)}
TANH_LARGE: dict[str, Any] = {"activation": "tanh", "initializer": times(8.0, GLOROT)}


def _trained(network: dict[str, Any]) -> Arm:
    return recipe(rates=TINY_RATES, **network)


def _explodes_rarely(key: str) -> SuccessRate:
    arm = signals.start(**NETWORKS[key])
    return rarely(
        arm,
        signals.exploded(),
        key=key,
        label=f"runs whose gradients explode, {signals.start_of(arm)}",
        at=("initialization", signals.start_of(arm)),
        quick=key == "relu_he",
    )


def _learns(key: str) -> SuccessRate:
    arm = _trained(NETWORKS[key])
    label = f"runs that learn, {signals.start_of(arm)}"
    return succeeds(arm, key=f"{key}_learns", label=label, quick=key == "relu_he")


CLAIM = Claim(
    statement="Careful initialization of weights is a solution to exploding gradients.",
    rows=("B-EXP-5",),
    source=f"{BASICS}, exploding gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2014); He et al. (2015)",
    axis="initialization",
    core=tuple(_explodes_rarely(key) for key in NETWORKS),
    beside=(
        *(_learns(key) for key in NETWORKS),
        succeeds(
            recipe(depth=50, **NETWORKS["relu_he"]),
            key="fifty_learn",
            label="runs that learn, ReLU, He weights, 50 layers",
            quick=False,
        ),
        rescues(
            _trained(NETWORKS["relu_he"]),
            _trained(RELU_LARGE),
            key="relu_rescued",
            label="share of learning runs that He weights add to twice as large ones",
        ),
        rescues(
            _trained(NETWORKS["tanh_glorot"]),
            _trained(TANH_LARGE),
            key="tanh_rescued",
            label="share of learning runs that Glorot weights add to eightfold ones",
            quick=False,
        ),
    ),
    controls=(
        mostly(
            signals.start(**RELU_LARGE),
            signals.exploded(),
            key="large",
            label="runs whose gradients explode from weights twice He's",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: gradients explode in {relu_he} ReLU networks from He's weights, but"
            " in {large} from weights twice as large."
        ),
        "!core": "No: gradients explode in most networks in spite of careful weights.",
    },
    how=(
        "Twenty networks of twenty layers for every start were measured before"
        " training, and trained for 500 updates of plain gradient descent."
    ),
    caveats=(
        "Each start has its own learning rate; exploded means more than a thousand"
        " times the usual gradient at the first layer. Orthogonal weights carry a gain"
        " of √2 for ReLU. Not to explode is not enough to learn."
    ),
    figure="gradient_depth",
)
