"""ReLU is zero for every negative input.

The string that the code passes to Keras names another function, which goes on with
slope 0.2 below zero, so its units always have a gradient.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement="The XOR program uses the activation that the text names, ReLU.",
    rows=("A-XOR-11",),
    source=f"{SOURCE}, solution and code",
    reference="Maas, Hannun and Ng (2013), Rectifier nonlinearities",
    predictions=(
        ExactCheck(
            label="slope of the program's activation below zero",
            measurement="printed_activation",
            quantity="slope_below_zero",
            expected=0.0,
            tolerance=1e-6,
        ),
    ),
    controls=(
        ExactCheck(
            label="slope of the program's activation above zero",
            measurement="printed_activation",
            quantity="slope_above_zero",
            expected=1.0,
            tolerance=1e-6,
        ),
    ),
    findings={
        "refuted": (
            "The text says ReLU, with slope 0 below zero; the activation in the"
            " code has slope {0}."
        )
    },
)
