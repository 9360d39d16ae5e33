"""A penalty on squared weights pulls the recurrent kernel towards zero at every step.

That takes many steps, while an explosion needs one: the penalty's own gradient is
nothing beside one that has grown a million times.
Where bounded units keep the gradient in range, there is time to shrink the kernel to
where it can learn, if the penalty is neither too weak nor too strong.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recurrent import (
    CELLS,
    SEEDS,
    SOURCE,
    Ungated,
    echo_arm,
    few,
    good_start,
    learns,
    most,
)
from ablations.rigs.depth.signals import deep_controls, penalties_help, penalty_arms

STRENGTHS = (0.005, 0.01, 0.02, 0.04)
"""Weights of the penalty, each twice the last."""

STARTS: tuple[tuple[Ungated, float], ...] = (
    ("tanh", 2.0),
    ("linear", 2.0),
    ("linear", 1.5),
)
IN_QUICK = 0.02

CLAIM = Claim(
    statement="Weight regularization solves the exploding gradient problem.",
    rows=("B-EXP-4",),
    source=SOURCE,
    reference=(
        "Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent"
        " neural networks, section 2.3"
    ),
    arms={
        **{f"{cell}, good start": good_start(cell) for cell in CELLS},
        **{f"{cell}, radius 2": echo_arm(cell, radius=2.0) for cell in CELLS},
        **{
            f"{cell}, radius {radius:g}, L2 {strength:g}": echo_arm(
                cell, radius=radius, l2=strength
            )
            for cell, radius in STARTS
            for strength in STRENGTHS
        },
        **penalty_arms(),
    },
    predictions=(
        *(
            most(
                f"rescued: {cell}, radius {radius:g}, L2 {strength:g}",
                f"{cell}, radius {radius:g}, L2 {strength:g}",
                learns(),
            )
            for cell, radius in STARTS
            for strength in STRENGTHS
        ),
        *penalties_help(),
    ),
    beyond_quick=(
        *(
            f"rescued: {cell}, radius {radius:g}, L2 {strength:g}"
            for cell, radius in STARTS
            for strength in STRENGTHS
            if (cell, radius, strength) != ("linear", 2.0, IN_QUICK)
        ),
        *(prediction.label for prediction in penalties_help()),
        "without, tanh, radius 2",
        "learns, tanh, good start",
        *(control.label for control in deep_controls()),
    ),
    controls=(
        *(
            few(f"without, {cell}, radius 2", f"{cell}, radius 2", learns())
            for cell in CELLS
        ),
        *(
            most(f"learns, {cell}, good start", f"{cell}, good start", learns())
            for cell in CELLS
        ),
        *deep_controls(),
    ),
    seeds=SEEDS,
    findings={
        "inconclusive": (
            "At radius 2, an L2 penalty of 0.02 rescues {2} of {2.n} tanh networks,"
            " which leaves open whether it is 65 % or more. Half that penalty rescues"
            " {1}, twice that {3}. It fails for linear units ({6} rescued at 0.02) and"
            " for 20 layers from twice He's weights ({15} learn at 0.01)."
        )
    },
    caveats=(
        "Twenty steps, 500 updates of plain gradient descent, each arm at its own"
        " learning rate, down to a millionth. The penalty is on the recurrent kernel"
        " alone. A network is rescued if it names nine of ten held-out symbols, where a"
        " good start names nearly all."
    ),
)
