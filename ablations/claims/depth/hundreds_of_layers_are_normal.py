"""Every layer multiplies signal and gradient, and all those factors multiply.

A factor of 1.1 per layer is ten thousand over a hundred layers.
Only starts that keep the factor at one to within a percent or so, or skip connections
whose branches are scaled down, leave anything to learn from.
"""

import math
from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth.recipes import (
    MODERN,
    SEEDS,
    SWITCHES,
    learns,
    recipe,
    succeeds,
)

DEPTHS = (50, 100, 200)
RECIPES = (
    "ReLU, He's weights",
    "tanh, orthogonal weights",
    "ReLU, batch norm",
    "ReLU, batch norm, skips",
    "ReLU, scaled skips",
)


def _arm(name: str, depth: int) -> Arm:
    """Return a recipe at a depth, 32 units wide, trained by Adam for 500 updates."""
    on = {"ReLU", "init", "Adam"}
    changes: dict[str, Any] = {"depth": depth, "width": 32, "num_steps": 500}
    if "tanh" in name:
        changes |= {"activation": "tanh", "initializer": "orthogonal"}
    if "batch norm" in name:
        on.add("batch norm")
    if "skips" in name:
        on.add("skip")
    if "scaled" in name:
        changes["branch_scale"] = 1.0 / math.sqrt(depth)
    return recipe(on, **changes)


ARMS = {
    f"{name}, {depth} layers": (name, depth) for name in RECIPES for depth in DEPTHS
}

CLAIM = Claim(
    statement="Networks of hundreds of layers are normal in deep learning.",
    rows=("A-INT-20",),
    source="Deep learning notes, introduction",
    reference="He et al. (2016); Schoenholz et al. (2017); Xiao et al. (2018)",
    arms={
        **{name: _arm(*of) for name, of in ARMS.items()},
        MODERN: recipe(SWITCHES),
    },
    predictions=tuple(
        SuccessRate(
            label=name, arm=name, score=learns(), bound=0.6, at=("depth", depth)
        )
        for name, (_, depth) in ARMS.items()
    ),
    beyond_quick=tuple(
        name
        for name, (of, depth) in ARMS.items()
        if depth != 100 or of != "ReLU, scaled skips"
    ),
    controls=(succeeds("the modern recipe learns, 20 layers", MODERN),),
    standard_only=True,
    seeds=SEEDS,
    caveats=(
        "Asked is whether such networks train, not whether they are usual. Fully"
        " connected layers of 32 units, 500 updates by Adam; convolutional networks are"
        " another matter. Accuracy with batch norm is that in use, with moving averages"
        " of momentum 0.99."
    ),
    figure="depth_limits",
    findings={
        "conditional": (
            "At 200 layers, {5} of {5.n} runs learn with tanh and orthogonal"
            " weights, {14} with ReLU and scaled skips, and {11} with batch norm and"
            " skips. With ReLU and He's weights alone, {0} learn at 50 layers and"
            " {1.brief} at 100; with batch norm but no skips, {6} at 50."
        )
    },
)
