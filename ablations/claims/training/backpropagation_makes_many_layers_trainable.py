"""Backpropagation gives the gradient of all layers for about two forward passes.

What that gradient is worth depends on weights and activations: through twenty layers of
sigmoids with small weights next to nothing of it is left.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.backpropagation import BASICS
from ablations.rigs.depth.recipes import (
    FRESH_SEEDS,
    LONG,
    MODERN,
    NUM_STEPS,
    OLD,
    learns,
    recipe,
)
from ablations.rigs.readings import mostly, rarely

RELU = recipe(("ReLU", "init"))
OLD_LONG = recipe(num_steps=LONG)
FROZEN = recipe(("ReLU", "init"), training={"frozen_layers": 20})


def _trains(arm: Arm, recipe_of: str, **said: Any) -> SuccessRate:
    return mostly(arm, learns(), at=("recipe", recipe_of), quick=arm == RELU, **said)


CLAIM = Claim(
    statement="Backpropagation makes it possible to train networks of many layers.",
    strength="can",
    rows=("B-TRN-12",),
    source=f"{BASICS}, backpropagation",
    reference="Rumelhart, Hinton and Williams (1986), Learning representations by"
    " back-propagating errors",
    axis="recipe",
    core=(
        _trains(OLD, "old", key="old"),
        _trains(RELU, "ReLU and He's weights", key="relu"),
        _trains(MODERN, "modern", key="modern"),
        _trains(OLD_LONG, "old, 2,000 updates", key="old_long"),
    ),
    controls=(rarely(FROZEN, learns(), key="frozen", quick=False),),
    seeds=FRESH_SEEDS,
    answers={
        "!old relu modern": "Yes, but not alone: by the old recipe {old} networks of"
        " twenty layers learn, with ReLU and He's weights {relu}.",
        "core": "Yes: most networks of twenty layers learn, even by the old recipe,"
        " {old} of them.",
        "!core": "No: few networks of twenty layers learn, even by the modern recipe,"
        " {modern} of them.",
        "!old modern": "Yes, but not alone: by the old recipe {old} networks of twenty"
        " layers learn, by the modern one {modern}.",
    },
    how="{old.n} networks of twenty layers were trained by three recipes for"
    f" {NUM_STEPS} updates on 1,024 rows of ten classes, by the old one for {LONG:,},"
    " too.",
    caveats=(
        "The old recipe is sigmoids with small weights and plain gradient"
        " descent. To learn is to classify half of the training rows. No"
        " other way to train all layers was tried; networks whose hidden"
        " layers stay as they started are the control."
    ),
)
