"""Clipping keeps the direction of a gradient, or its signs, and shortens the step.

A single step then cannot throw the weights away, and many short ones can bring the
kernel back to where its powers stay small.
It does nothing about gradients that point nowhere useful, as those of saturated or
chaotic units do.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth import recurrent, signals
from ablations.rigs.depth.recurrent import (
    CELLS,
    CLIPPED_RATES,
    Ungated,
    echo_arm,
    few,
    most,
    stays_finite,
)

CASES: dict[str, dict[str, Any]] = {
    "norm": {"radius": 2.0, "clip_global_norm": 1.0},
    "tight": {"radius": 2.0, "clip_global_norm": 0.1},
    "value": {"radius": 2.0, "clip_value": 0.1},
    "mild": {"radius": 1.5, "clip_global_norm": 1.0},
}


def _finite(case: str) -> SuccessRate:
    arm = echo_arm("linear", **CASES[case])
    return most(
        arm,
        stays_finite(),
        key=f"finite_{case}_linear",
        label=f"recurrent networks that stay finite, {arm.name}",
        at=("network", "recurrent networks"),
        quick=case == "norm",
    )


def _as_good(cell: Ungated, case: str) -> Comparison:
    arm = echo_arm(cell, **CASES[case])
    return recurrent.reaches(
        arm,
        recurrent.good_start(cell),
        key=f"{cell}_{case}",
        label=f"accuracy less that from a good start, {arm.name}",
        quick=(cell, case) == ("linear", "norm"),
    )


CLAIM = Claim(
    statement="Gradient clipping solves the exploding gradient problem.",
    rows=("B-EXP-3",),
    source=recurrent.SOURCE,
    reference=(
        "Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent"
        " neural networks"
    ),
    axis="network",
    core=(
        *(_finite(case) for case in ("norm", "value", "mild")),
        *signals.clipping_averts_overflow(),
    ),
    beside=(
        _finite("tight"),
        *(_as_good(cell, case) for cell in CELLS for case in CASES),
        *signals.clipping_costs_nothing(),
    ),
    controls=(
        few(
            echo_arm("linear", radius=2.0, rates=CLIPPED_RATES),
            stays_finite(),
            key="unclipped",
            label="recurrent networks that stay finite unclipped, linear, radius 2",
        ),
        *recurrent.GOOD_STARTS,
        *signals.DEEP_CONTROLS,
    ),
    shown=(
        few(
            echo_arm("tanh", radius=2.0, rates=CLIPPED_RATES),
            recurrent.learns(),
            key="unclipped_tanh",
            label="recurrent networks that learn unclipped, tanh, radius 2",
            quick=False,
        ),
    ),
    seeds=recurrent.SEEDS,
    answers={
        "core !accurate_norm": (
            "Yes: clipped, {finite_norm_linear} recurrent networks and {finite_norm} of"
            " twenty layers stay finite, though these learn less than from good"
            " weights."
        ),
        "core": "Yes: clipped, most recurrent networks and networks of twenty layers"
        " stay finite.",
        "!core": "No: clipped or not, most networks overflow.",
    },
    how=(
        "Twenty recurrent networks that read twenty steps, and as many networks of"
        " twenty layers, were trained for 500 updates with every kind of clipping."
    ),
    caveats=(
        "Each network has its own learning rate, the middlemost of those within two"
        " points of the best accuracy on tuning seeds, so that a small difference may"
        " be the rate's. The good start is clipped too, as without it linear units only"
        " learn at rates too small for the budget. Bounded units never overflow, so"
        " that of them only the accuracy is asked."
    ),
)
