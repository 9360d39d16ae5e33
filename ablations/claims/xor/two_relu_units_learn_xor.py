"""A ReLU unit that is negative on all four inputs has no gradient.

It stays silent, and one silent unit of two leaves a network that cannot represent XOR.
More updates cannot wake it, while an activation with a slope below zero can move on.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import PRINTED, RELU, SOURCE, long_arm, shown_rate, solved

BUDGETS = (100, 500, 5000)
OTHERS = {
    "leaky 0.2": PRINTED,
    "leaky 0.01": long_arm(activation={"name": "leaky_relu", "slope": 0.01}),
    "tanh": long_arm(activation="tanh"),
    "ELU": long_arm(activation="elu"),
    "sigmoid": long_arm(activation="sigmoid"),
}

CLAIM = Claim(
    statement="A network with two ReLU units learns XOR.",
    rows=("A-XOR-15",),
    source=f"{SOURCE}, solution",
    reference="He, Zhang, Ren and Sun (2015), Delving deep into rectifiers",
    arms={name: Arm(config=arm) for name, arm in {"ReLU": RELU, **OTHERS}.items()},
    predictions=tuple(
        SuccessRate(
            label=f"ReLU after {at:,} updates", arm="ReLU", score=solved(at), bound=0.95
        )
        for at in BUDGETS
    ),
    shown=tuple(
        shown_rate(f"{name} after {at:,} updates", name, at)
        for name in OTHERS
        for at in BUDGETS
    ),
    caveats="Learning rate, optimizer and initializer are the printed program's.",
    figure="stuck",
    findings={
        "refuted": (
            "Two ReLU units learn XOR in {0} of {0.n} runs after 100 updates and"
            " still only in {2.brief} after 5,000; leaky ReLU of slope 0.2 gets to"
            " {shown[2].brief} and ELU to {shown[11].brief}."
        )
    },
)
