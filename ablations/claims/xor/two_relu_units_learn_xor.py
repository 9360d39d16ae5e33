"""A ReLU unit that is negative on all four inputs has no gradient.

It stays silent, and one silent unit of two leaves a network that cannot represent XOR.
More updates cannot wake it; but leaky units, which are never silent, still end in poor
local minima in some runs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, network, solves

BUDGETS = (100, 500, 5000)
RELU = network("ReLU")
OTHERS = {
    "leaky": network("leaky ReLU"),
    "nearly_relu": network("leaky ReLU of slope 0.01"),
    "tanh": network("tanh"),
    "elu": network("ELU"),
    "sigmoid": network("sigmoid"),
}

CLAIM = Claim(
    statement="A network with two ReLU units learns XOR.",
    rows=("A-XOR-15",),
    source=f"{SOURCE}, solution",
    reference="He, Zhang, Ren and Sun (2015), Delving deep into rectifiers",
    core=(solves("relu5000", RELU, 5000, share=0.95),),
    beside=(
        solves("relu100", RELU, 100, share=0.95),
        solves("relu500", RELU, 500, share=0.95),
    ),
    shown=tuple(
        solves(f"{key}{at}", arm, at).replace(quick=key == "leaky")
        for key, arm in OTHERS.items()
        for at in BUDGETS
    ),
    answers={
        "!core": (
            "No: two ReLU units learn it in {relu5000} of runs within five thousand"
            " updates, two leaky ones in {leaky5000}."
        ),
        "core": "Yes: two ReLU units learn XOR in {relu5000} of runs.",
    },
    how="{relu5000.n} networks per activation were trained for 5,000 updates on the"
    " four rows.",
    caveats="Learning rate, optimizer and initializer are the printed program's.",
    figure="stuck",
)
