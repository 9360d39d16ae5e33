"""Without biases every kink goes through the origin, where the output is 0.

XOR is 0 there, and ReLU(x1 - x2) + ReLU(x2 - x1) needs no bias; its negation is 1 there
and is out of reach.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck, SuccessRate
from ablations.rigs.xor import (
    NEVER,
    PRINTED,
    RELU,
    SMALLEST_EFFECT,
    SOURCE,
    shown_rate,
    solved,
    xor_arm,
)

WITH_BIAS = {"relu": RELU, "leaky_relu": PRINTED}

CLAIM = Claim(
    statement="The network for XOR needs bias terms.",
    rows=("A-XOR-20",),
    source=f"{SOURCE}, solution and code",
    arms={
        **{f"{name} with bias": Arm(config=arm) for name, arm in WITH_BIAS.items()},
        **{
            f"{name} without bias": Arm(config=xor_arm(activation=name, use_bias=False))
            for name in WITH_BIAS
        },
        "negation without bias": Arm(config=xor_arm(task="xnor", use_bias=False)),
    },
    predictions=(
        ExactCheck(
            label="largest error of a hand-set network without bias on XOR",
            measurement="bias_free_networks",
            quantity="error_on_xor",
            expected=0.5,
            relation="at_least",
        ),
        ExactCheck(
            label="error of networks without bias on the negation of XOR",
            measurement="bias_free_networks",
            quantity="error_on_xnor_at_the_origin",
            expected=0.5,
            relation="at_least",
        ),
        SuccessRate(
            label="trained without bias on the negation of XOR",
            arm="negation without bias",
            score=solved(500),
            bound=NEVER,
            direction="at_most",
        ),
        *(
            Comparison(
                label=f"trained on XOR, {name} with against without bias",
                treatment=f"{name} with bias",
                control=f"{name} without bias",
                score=solved(500),
                margin=SMALLEST_EFFECT,
            )
            for name in WITH_BIAS
        ),
    ),
    shown=tuple(
        shown_rate(f"{name} {which} bias", f"{name} {which} bias", 500)
        for name in WITH_BIAS
        for which in ("with", "without")
    ),
    findings={
        "conditional": (
            "XOR itself needs none: two ReLU units without bias represent it"
            " exactly and learn it in {3.control} of runs, against {3.treatment}"
            " with bias. The negation of XOR does need them, {2} without; and leaky"
            " units learn XOR in {4.treatment} of runs with bias and {4.control}"
            " without."
        )
    },
)
