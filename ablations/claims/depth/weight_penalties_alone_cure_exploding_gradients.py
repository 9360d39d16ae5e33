"""A penalty on squared weights pulls the recurrent kernel towards zero at every step.

That takes many steps, while an explosion needs one: the penalty's own gradient is
nothing beside one that has grown a million times.
Where bounded units keep the gradient in range, there is time to shrink the kernel to
where it can learn, if the penalty is neither too weak nor too strong.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth import recurrent, signals
from ablations.rigs.depth.recurrent import Ungated, echo_arm, few, learns, most

STARTS: tuple[tuple[Ungated, float], ...] = (
    ("tanh", 2.0),
    ("linear", 2.0),
    ("linear", 1.5),
)


def _rescued(cell: Ungated, radius: float, penalty: float) -> SuccessRate:
    key = f"{cell}_{radius:g}_{penalty:g}".replace(".", "")
    return most(
        echo_arm(cell, radius=radius, l2=penalty),
        learns(),
        key=key,
        at=("network", f"{cell}, radius {radius:g}"),
        quick=key == "linear_2_002",
    )


MILD = signals.penalty_helps(0.001, finite_key="mild_finite", learns_key="mild_learns")
DEEP = signals.penalty_helps(0.01, finite_key="deep_finite", learns_key="deep_learns")

CLAIM = Claim(
    statement="Weight regularization solves the exploding gradient problem.",
    rows=("B-EXP-4",),
    source=recurrent.SOURCE,
    reference=(
        "Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent"
        " neural networks, section 2.3"
    ),
    axis="network",
    core=(*(_rescued(*start, 0.01) for start in STARTS), *DEEP),
    beside=(
        *(_rescued(*start, l2) for start in STARTS for l2 in (0.005, 0.02, 0.04)),
        *MILD,
    ),
    controls=(
        few(echo_arm("linear", radius=2.0), learns(), key="linear_without"),
        few(echo_arm("tanh", radius=2.0), learns(), key="tanh_without", quick=False),
        *recurrent.GOOD_STARTS,
        *signals.DEEP_CONTROLS,
    ),
    seeds=recurrent.SEEDS,
    answers={
        ("!core ?tanh_2_002"): (
            "No: with the best of the penalties tried {tanh_2_002} recurrent tanh"
            " networks learn, and {deep_learns} deep ReLU networks."
        ),
        "core": "Yes: with a penalty most recurrent and deep networks learn from a"
        " start that explodes.",
    },
    how=(
        "For each start and penalty {tanh_2_001.n} recurrent networks, which echo"
        " one of four symbols over twenty steps, or as many of twenty ReLU"
        " layers, on ten classes, were trained for 500 updates on 1,024 rows."
    ),
    caveats=(
        "Recurrent networks are penalized on the recurrent kernel alone; they learn if"
        " they name nine of ten held-out symbols. The smallest rates are a millionth,"
        " with ReLU ten times that. Starts from small weights were not tried."
    ),
)
