"""With two hidden units there is none to spare.

XOR needs both kinks in the right places, and each unit starts on a random side.
A start whose kinks lie wrong leads to a plateau or a local minimum, and 100 updates
leave little time to get away from it.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Agreement, SuccessRate
from ablations.rigs.xor import (
    PRINTED,
    PRINTED_FIT,
    PRINTED_STEPS,
    SOURCE,
    shown_rate,
    solved,
)

CLAIM = Claim(
    statement="The printed program trains to a solution of XOR in its 100 epochs.",
    rows=("A-XOR-13",),
    source=f"{SOURCE}, code and its output",
    arms={
        "printed program": Arm(config=PRINTED),
        "printed program by fit": Arm(config=PRINTED_FIT, max_seeds=100),
    },
    predictions=(
        SuccessRate(
            label="printed program",
            arm="printed program",
            score=solved(PRINTED_STEPS),
            bound=0.95,
        ),
    ),
    controls=(
        Agreement(
            label="stacked runs end as runs by fit do",
            arm="printed program",
            other="printed program by fit",
            score=solved(PRINTED_STEPS),
            bound=0.9,
        ),
    ),
    shown=(shown_rate("by fit", "printed program by fit", PRINTED_STEPS),),
    figure="curves",
    findings={
        "refuted": (
            "Only {0} of {0.n} runs solve all four rows after the program's 100"
            " epochs; {shown[0].brief} of {shown[0].n} runs by plain Keras fit do,"
            " and seed by seed the two end alike in {controls[0].brief} of cases."
        )
    },
)
