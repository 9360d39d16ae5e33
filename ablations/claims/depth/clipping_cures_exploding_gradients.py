"""Clipping keeps the direction of a gradient, or its signs, and shortens the step.

A single step then cannot throw the weights away, and many short ones can bring the
kernel back to where its powers stay small.
It does nothing about gradients that point nowhere useful, as those of saturated or
chaotic units do.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth import recurrent as rig
from ablations.rigs.depth.recipes import OWN_RATE
from ablations.rigs.depth.recurrent import Ungated, echo_arm, few, stays_finite
from ablations.rigs.depth.signals import (
    DEEP_CONTROLS,
    clipping_averts_overflow,
    clipping_costs_nothing,
)

CASES: dict[str, dict[str, Any]] = {
    "norm": {"radius": 2.0, "clip_global_norm": 1.0},
    "tight": {"radius": 2.0, "clip_global_norm": 0.1},
    "value": {"radius": 2.0, "clip_value": 0.1},
    "mild": {"radius": 1.5, "clip_global_norm": 1.0},
}


def _finite(case: str) -> SuccessRate:
    arm = echo_arm("linear", **CASES[case])
    return rig.most(
        arm,
        stays_finite(),
        key=f"finite_{case}_linear",
        label=f"recurrent networks that stay finite, {arm.name}",
        at=("network", "recurrent networks"),
        quick=case == "norm",
    )


def _as_good(cell: Ungated, case: str) -> Comparison:
    arm = echo_arm(cell, **CASES[case])
    return rig.reaches(
        arm,
        rig.good_start(cell),
        key=f"{cell}_{case}",
        label=f"accuracy less that from a good start, {arm.name}",
        quick=(cell, case) == ("linear", "norm"),
    )


CLAIM = Claim(
    statement="Gradient clipping solves the exploding gradient problem.",
    rows=("B-EXP-3",),
    source=rig.SOURCE,
    reference=(
        "Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent"
        " neural networks"
    ),
    axis="network",
    core=(
        *(_finite(case) for case in ("norm", "value", "mild")),
        *clipping_averts_overflow(),
    ),
    beside=(
        _finite("tight"),
        *(_as_good(cell, case) for cell in rig.CELLS for case in CASES),
        *clipping_costs_nothing(),
    ),
    controls=(
        few(
            echo_arm("linear", radius=2.0, rates=rig.CLIPPED_RATES),
            stays_finite(),
            key="plain",
            label="recurrent networks that stay finite unclipped, linear, radius 2",
        ),
        *rig.GOOD_STARTS,
        *DEEP_CONTROLS,
    ),
    shown=(
        few(
            echo_arm("tanh", radius=2.0, rates=rig.CLIPPED_RATES),
            rig.learns(),
            key="plain_tanh",
            label="recurrent networks that learn unclipped, tanh, radius 2",
            quick=False,
        ),
    ),
    seeds=rig.SEEDS,
    answers={
        "core !accurate_norm": (
            "Yes: clipped, {finite_norm_linear} recurrent networks and {finite_norm} of"
            " twenty layers stay finite, though these do worse than from good weights."
        ),
        "core": "Yes: clipped, most recurrent and most deep networks stay finite.",
        "!core": "No: even clipped, many networks overflow.",
    },
    how=(
        "Recurrent networks that read twenty steps and networks of twenty layers,"
        " {plain.n} for each kind of clipping, were trained for 500 updates."
    ),
    caveats=(
        f"{OWN_RATE} The good start is clipped too, as without it linear units only"
        " learn at rates too small for the budget. Bounded units never overflow, so"
        " that of them only the accuracy is asked."
    ),
)
