"""Layers that do not learn hand on random features of the inputs.

Layers above them can still learn from those, so that idle early layers alone cost
little; a deep sigmoid network fails since hardly anything of the inputs passes through
its early layers at all.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import BASICS, SEEDS, accuracy, succeeds
from ablations.rigs.depth.signals import DEPTHS, GLOROT, HE, STEPS, trained

COST = 0.05
"""Test accuracy that counts as poor performance when it is lost."""


def _healthy(depth: int) -> str:
    return f"balanced, {depth} layers"


def _frozen(depth: int) -> str:
    return f"balanced, first half frozen, {depth} layers"


def _vanishing(depth: int) -> str:
    return f"vanishing, {depth} layers"


def _arms(depth: int) -> dict[str, Arm]:
    still = {"log_steps": STEPS, "frozen_layers": depth // 2}
    balanced: dict[str, Any] = {"activation": "relu", "initializer": HE, "depth": depth}
    return {
        _healthy(depth): trained(**balanced),
        _frozen(depth): trained(**balanced, training=still),
        _vanishing(depth): trained(initializer=GLOROT, depth=depth),
    }


def _predictions(depth: int) -> tuple[Comparison, ...]:
    here = ("layers", depth)
    return (
        Comparison(
            label=f"vanishing gradients cost accuracy, {depth} layers",
            treatment=_vanishing(depth),
            control=_healthy(depth),
            score=accuracy(),
            margin=COST,
            direction="less",
            at=here,
        ),
        Comparison(
            label=f"idle early layers cost accuracy, {depth} layers",
            treatment=_frozen(depth),
            control=_healthy(depth),
            score=accuracy(),
            margin=COST,
            direction="less",
            at=here,
        ),
        Comparison(
            label=f"idle early layers cost as much, {depth} layers",
            treatment=_frozen(depth),
            control=_vanishing(depth),
            score=accuracy(),
            margin=COST,
            direction="no_greater",
            at=here,
        ),
    )


CLAIM = Claim(
    statement=(
        "A network performs poorly because vanishing gradients leave its early layers"
        " idle."
    ),
    rows=("B-VAN-3",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2011)",
    arms={name: arm for depth in DEPTHS for name, arm in _arms(depth).items()},
    predictions=tuple(p for depth in DEPTHS for p in _predictions(depth)),
    beyond_quick=tuple(p.label for p in _predictions(4)),
    headline="vanishing gradients cost accuracy, 8 layers",
    controls=(succeeds("balanced networks learn, 8 layers", _healthy(8)),),
    standard_only=True,
    seeds=SEEDS,
    findings={
        "conditional": (
            "At 8 layers vanishing gradients change test accuracy by {3}, early layers"
            " frozen in a balanced network only by {4}; at 4 layers by {0} and {1}"
            " ({0.n} seeds). So idle early layers cost the 0.05 that counts at 8 layers"
            " but not at 4, and at neither depth as much as vanishing gradients do."
        )
    },
    caveats=(
        "Balanced is ReLU with He's weights, vanishing sigmoid with Glorot's; frozen"
        " layers keep the weights they started with. Plain gradient descent, test"
        " accuracy after 500 updates. Each arm has its own learning rate, the"
        " middlemost of those within two points of the best validation accuracy on two"
        " tuning seeds; an arm at chance thus trains at the middle of its grid."
    ),
    figure="effects",
)
