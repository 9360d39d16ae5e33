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
from ablations.rigs.depth.recipes import MODERN, SEEDS, recipe, succeeds

MATCHED = ("ReLU", "init", "Adam")
RECIPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "he": ("ReLU, He weights", MATCHED),
    "tanh": ("tanh, orthogonal weights", ("Adam",)),
    "norm": ("ReLU, batch norm", (*MATCHED, "batch norm")),
    "skips": ("ReLU, batch norm, skips", (*MATCHED, "batch norm", "skip")),
    "scaled": ("ReLU, scaled skips", (*MATCHED, "skip")),
}


def _arm(name: str, depth: int) -> Arm:
    """Return a recipe at a depth, 32 units wide, trained by Adam for 500 updates."""
    changes: dict[str, Any] = {"depth": depth, "width": 32}
    if name == "tanh":
        changes |= {"activation": "tanh", "initializer": "orthogonal"}
    if name == "scaled":
        changes |= {
            "branch_scale": 1.0 / math.sqrt(depth),
            "levels": {"skip branch": "scaled skips"},
        }
    return recipe(RECIPES[name][1], **changes)


def _learns(name: str, depth: int) -> SuccessRate:
    words = RECIPES[name][0]
    return succeeds(
        _arm(name, depth),
        key=f"{name}_{depth}",
        label=f"runs of {depth} layers that learn, {words}",
        at=("recipe", words),
    )


CLAIM = Claim(
    statement="Networks of hundreds of layers are normal in deep learning.",
    rows=("A-INT-20",),
    source="Deep learning notes, introduction",
    reference="He et al. (2016); Schoenholz et al. (2017); Xiao et al. (2018)",
    axis="recipe",
    core=tuple(_learns(name, depth) for name in RECIPES for depth in (100, 200)),
    beside=tuple(_learns(name, 50) for name in RECIPES),
    controls=(
        succeeds(MODERN, key="modern", label="runs of 20 layers that learn, modern"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "!he_100 !he_200 tanh_200 !norm_100 !norm_200 skips_200 scaled_200": (
            "It depends: with scaled skips {scaled_200} networks of two hundred layers"
            " learn, with orthogonal weights most, with batch norm alone {norm_200}."
        ),
        "core": "Yes: with all five recipes most networks of 100 and of 200 layers"
        " learn.",
        "!core": "No: with none of five recipes do most networks of 100 or 200 layers"
        " learn.",
    },
    how=(
        "{tanh_200.n} networks of 50, 100 and 200 layers of 32 units were trained for"
        " 500 updates by Adam with each of five recipes."
    ),
    caveats=(
        "Asked is whether such networks train, not whether they are usual. Fully"
        " connected layers; convolutional networks are another matter. Accuracy with"
        " batch norm is at inference, with moving averages of momentum 0.99."
    ),
    figure="depth_limits",
)
