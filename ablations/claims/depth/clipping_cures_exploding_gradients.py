"""Clipping keeps the direction of a gradient, or its signs, and shortens the step.

A single step then cannot throw the weights away, and many short ones can bring the
kernel back to where its powers stay small.
It does nothing about gradients that point nowhere useful, as those of saturated or
chaotic units do.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recurrent import (
    CELLS,
    CLIPPED_RATES,
    RADII,
    SEEDS,
    SOURCE,
    Ungated,
    echo_arm,
    few,
    good_start,
    learns,
    most,
    reaches,
    stays_finite,
)
from ablations.rigs.depth.signals import clipping_arms, clipping_helps, deep_controls

CLIPS: dict[str, dict[str, Any]] = {
    "norm 1": {"clip_global_norm": 1.0},
    "norm 0.1": {"clip_global_norm": 0.1},
    "value 0.1": {"clip_value": 0.1},
}
CASES = (
    *((2.0, clip) for clip in CLIPS),
    *((radius, "norm 1") for radius in RADII if radius != 2.0),
)
"""Bad starts and the clips that they are trained with; the first is in `quick`."""


def name(cell: Ungated, radius: float, clip: str) -> str:
    """Return the name of a clipped arm."""
    return f"{cell}, radius {radius:g}, {clip}"


CLAIM = Claim(
    statement="Gradient clipping solves the exploding gradient problem.",
    rows=("B-EXP-3",),
    source=SOURCE,
    reference=(
        "Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent"
        " neural networks"
    ),
    arms={
        **{f"{cell}, good start": good_start(cell) for cell in CELLS},
        **{
            f"{cell}, radius 2": echo_arm(cell, radius=2.0, rates=CLIPPED_RATES)
            for cell in CELLS
        },
        **{
            name(cell, radius, clip): echo_arm(cell, radius=radius, **CLIPS[clip])
            for cell in CELLS
            for radius, clip in CASES
        },
        **clipping_arms(),
    },
    predictions=(
        *(
            most(
                f"finite: {name('linear', radius, clip)}",
                name("linear", radius, clip),
                stays_finite(),
            )
            for radius, clip in CASES
        ),
        *(
            reaches(
                f"as good as a good start: {name(cell, radius, clip)}",
                name(cell, radius, clip),
                f"{cell}, good start",
            )
            for cell in CELLS
            for radius, clip in CASES
        ),
        *clipping_helps(),
    ),
    beyond_quick=(
        *(prediction.label for prediction in clipping_helps()),
        *(f"finite: {name('linear', *case)}" for case in CASES[1:]),
        *(
            f"as good as a good start: {name(cell, *case)}"
            for cell in CELLS
            for case in CASES[1:]
        ),
        f"as good as a good start: {name('tanh', *CASES[0])}",
        "learns, tanh, good start",
        "unclipped, tanh, radius 2",
        *(control.label for control in deep_controls()),
    ),
    controls=(
        few("unclipped, linear, radius 2", "linear, radius 2", stays_finite()),
        *(
            most(f"learns, {cell}, good start", f"{cell}, good start", learns())
            for cell in CELLS
        ),
        *deep_controls(),
    ),
    shown=(few("unclipped, tanh, radius 2", "tanh, radius 2", learns()),),
    seeds=SEEDS,
    findings={
        "conditional": (
            "Clipped by norm, {0} of {0.n} linear recurrent networks and {14.brief} of"
            " 20-layer networks stay finite. Accuracy comes close to that of a good"
            " start for linear units ({4}, by value {6}) and tanh at radius 1.5 ({11}),"
            " not for tanh at radius 2 ({8}) or 20 layers from twice He's weights"
            " ({16})."
        )
    },
    caveats=(
        "Twenty steps, 500 updates of plain gradient descent, each arm at its own"
        " learning rate: the middlemost of those within two points of the best accuracy"
        " on tuning seeds, so that a small difference may be the rate's. The good start"
        " is clipped too, as without it linear units only learn at rates too small for"
        " the budget. Bounded units never overflow, so that of them only the accuracy"
        " is asked."
    ),
)
