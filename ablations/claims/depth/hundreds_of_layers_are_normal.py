"""A factor of 1.1 per layer makes ten thousand over a hundred layers.

A mean factor of one is not enough: in narrow ReLU networks it varies, and inputs become
alike. Orthogonal tanh layers, or skips whose branches are small beside them, as batch
norm makes them, leave something to learn from.
"""

import math
from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth import recipes as rig

MATCHED = ("ReLU", "init", "Adam")
USUAL = "skips"
"""The recipe of today's networks of many layers."""

RECIPES: dict[str, tuple[str, ...]] = {
    "he": MATCHED,
    "tanh": ("Adam",),
    "norm": (*MATCHED, "batch norm"),
    USUAL: (*MATCHED, "batch norm", "skip"),
    "scaled": (*MATCHED, "skip"),
}
OTHERS = tuple(name for name in RECIPES if name != USUAL)

SLOW = ("he", "norm")
"""Recipes that leave something to learn after 500 updates; what has learned by then has
learned in 2,000, too. More than a hundred layers take too long to train."""


def _arm(name: str, depth: int, **budget: Any) -> Arm:
    """Return a recipe at a depth, 32 units wide."""
    switches, changes = RECIPES[name], dict[str, Any](depth=depth, width=32)
    changes |= budget
    if name == "tanh":
        changes |= {"activation": "tanh", "initializer": "orthogonal"}
    if name == "scaled":
        changes |= {"branch_scale": 1.0 / math.sqrt(depth)}
        changes |= {"levels": {"skip branch": "scaled branches"}}
    return rig.recipe(switches, **changes)


def _learns(name: str, depth: int) -> SuccessRate:
    """Predict that a recipe learns at a depth."""
    return rig.succeeds(_arm(name, depth), f"{name}_{depth}")


def _learns_later(name: str, depth: int) -> SuccessRate:
    """Predict that a recipe learns in four times the updates."""
    arm = _arm(name, depth, num_steps=rig.LONG)
    return rig.succeeds(arm, f"{name}_{depth}_long")


def _moving(name: str, depth: int) -> SuccessRate:
    return rig.shown_moving(_arm(name, depth), f"{name}_{depth}")


CLAIM = Claim(
    statement="Networks of hundreds of layers are normal in deep learning.",
    rows=("A-INT-20",),
    source="Deep learning notes, introduction",
    reference="He et al. (2016); Schoenholz et al. (2017); Xiao et al. (2018)",
    axis="depth",
    core=tuple(_learns(USUAL, depth) for depth in (100, 200)),
    beside=(
        *(_learns(name, depth) for name in OTHERS for depth in (100, 200)),
        *(_learns_later(name, 100) for name in SLOW),
        *(_learns(name, 50) for name in RECIPES),
        _learns_later("he", 50),
        rig.LEARNED,
    ),
    shown=tuple(_moving(name, n) for name in ("norm", "skips") for n in (100, 200)),
    standard_only=True,
    seeds=rig.LATER_SEEDS,
    answers={
        "core !norm_200": (
            "They can be trained: with batch norm and skips {skips_200} networks of two"
            " hundred layers learn, with batch norm alone most do not."
        ),
        "core": "Yes: with batch norm and skips most networks of a hundred or two"
        " hundred layers learn in 500 updates.",
        "!core": "No: even with batch norm and skips most networks of a hundred or two"
        " hundred layers do not learn in 500 updates.",
    },
    how=(
        "{tanh_200.n} networks of 50, 100 and 200 layers of 32 units were trained"
        " for 500 updates by Adam on 1,024 rows of ten classes with each of five"
        " recipes; with ReLU and He's weights alone {he_50} of 50 layers learn"
        " then, {he_50_long} in 2,000 updates, and of 100 layers {he_100_long}."
    ),
    caveats=(
        f"How usual such networks are was not tested. {rig.LEARNING} {rig.AT_INFERENCE}"
    ),
    figure="depth_limits",
)
