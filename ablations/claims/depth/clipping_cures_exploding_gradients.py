"""Clipping keeps the direction of a gradient, or its signs, and shortens the step.

A single step then cannot throw the weights away, and many short ones can bring the
kernel back to where its powers stay small. It does nothing about gradients that point
nowhere useful, as those of saturated or chaotic units do.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth import recurrent as rig
from ablations.rigs.depth import signals
from ablations.rigs.depth.recipes import OWN_RATE, accuracy
from ablations.rigs.depth.recurrent import Ungated, echo_arm, few, stays_finite
from ablations.rigs.depth.signals import CLIPS, DEEP, exploding, finite
from ablations.rigs.readings import compare, mostly

CASES: dict[str, dict[str, Any]] = {
    "norm": {"radius": 2.0, "clip_global_norm": 1.0},
    "tight": {"radius": 2.0, "clip_global_norm": 0.1},
    "value": {"radius": 2.0, "clip_value": 0.1},
    "mild": {"radius": 1.5, "clip_global_norm": 1.0},
}
PLAIN: dict[str, Any] = {"radius": 2.0, "rates": rig.CLIPPED_RATES}


def _finite(case: str) -> SuccessRate:
    arm, at = echo_arm("linear", **CASES[case]), ("network", "recurrent networks")
    key, quick = f"finite_{case}_linear", case == "norm"
    return rig.most(arm, stays_finite(), key=key, at=at, quick=quick)


def _as_good(cell: Ungated, case: str) -> Comparison:
    """Predict a loss of at most a fifteenth of what there is to learn above chance."""
    arm, key = echo_arm(cell, **CASES[case]), f"{cell}_{case}"
    good, score, quick = rig.good_start(cell), rig.ACCURACY, key == "linear_norm"
    return compare(arm, "no_less", good, score, 0.05, key=key, quick=quick)


def _as_good_deep(kind: str) -> Comparison:
    arm, key, score = exploding(kind), f"accurate_{kind}", accuracy()
    return compare(arm, "no_less", signals.CAREFUL, score, 0.02, key=key, **DEEP)


CLAIM = Claim(
    statement="Gradient clipping solves the exploding gradient problem.",
    rows=("B-EXP-3",),
    source=rig.SOURCE,
    reference="Pascanu, Mikolov and Bengio (2013), On the difficulty of training"
    " recurrent neural networks",
    axis="network",
    core=(
        *map(_finite, ("norm", "value", "mild")),
        *(mostly(exploding(k), finite(), key=f"finite_{k}", **DEEP) for k in CLIPS),
    ),
    beside=(
        _finite("tight"),
        *(_as_good(cell, case) for cell in rig.CELLS for case in CASES),
        *map(_as_good_deep, CLIPS),
    ),
    controls=(
        few(echo_arm("linear", **PLAIN), stays_finite(), key="plain"),
        *rig.GOOD_STARTS,
        *signals.DEEP_CONTROLS,
    ),
    shown=(
        few(echo_arm("tanh", **PLAIN), rig.learns(), key="plain_tanh", quick=False),
    ),
    seeds=rig.SEEDS,
    answers={
        "core !accurate_norm": (
            "Against overflow, yes: clipped, {finite_norm} deep networks stay finite;"
            " but their accuracy stays {accurate_norm} percentage points below that"
            " from good weights."
        ),
        "core": "Yes: clipped, most recurrent and most deep networks stay finite.",
        "!core": "No: even clipped, many networks overflow.",
    },
    how="Recurrent networks that read twenty steps and networks of twenty layers on"
    " 1,024 rows of ten classes, {plain.n} for each kind of clipping, were trained for"
    " 500 updates.",
    caveats=f"{OWN_RATE} The good start is clipped too, as without it linear units only"
    " learn at rates too small for the budget. Bounded units never overflow.",
)
