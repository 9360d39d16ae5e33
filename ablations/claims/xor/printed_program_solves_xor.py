"""With two hidden units there is none to spare.

XOR needs both kinks in the right places, and each unit starts on a random side.
A start whose kinks lie wrong leads to a plateau or a local minimum, and 100 updates
leave little time to get away from it.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Agreement
from ablations.rigs.readings import yes_or_no
from ablations.rigs.xor import (
    PRINTED_FIT,
    PRINTED_STEPS,
    PROGRAM,
    SOURCE,
    solved,
    solves,
)

BY_FIT = Arm(
    levels={"program": "printed program by plain Keras fit"},
    config=PRINTED_FIT,
    max_seeds=100,
)

CLAIM = Claim(
    statement="The printed program trains to a solution of XOR in its 100 epochs.",
    rows=("A-XOR-13",),
    source=f"{SOURCE}, code and its output",
    core=(solves("program", PROGRAM, PRINTED_STEPS, share=0.95),),
    controls=(
        Agreement(
            key="alike",
            label="runs that end alike when trained in a stack and by plain Keras fit",
            arm=PROGRAM,
            other=BY_FIT,
            score=solved(PRINTED_STEPS),
            bound=0.9,
            quick=False,
        ),
    ),
    shown=(solves("fit", BY_FIT, PRINTED_STEPS).replace(quick=False),),
    answers=yes_or_no(
        "in its hundred epochs it solves XOR in {program} of runs.", "core alike"
    ),
    how=(
        "The printed program was run from {program.n} starts, for the first {fit.n}"
        " also one by one with plain Keras."
    ),
    figure="curves",
)
