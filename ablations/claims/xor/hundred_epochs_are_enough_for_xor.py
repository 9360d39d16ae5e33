"""Slow runs and stuck runs look alike after 100 updates.

A run on a plateau needs more updates to find the right kinks, and more updates help it;
a run in a local minimum is not helped by any number.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.xor import (
    PRINTED,
    PRINTED_STEPS,
    SMALLEST_EFFECT,
    SOURCE,
    shown_rate,
    solved,
)

LATER = (500, 5000)

CLAIM = Claim(
    statement="100 epochs at learning rate 0.05 are enough: more solve no more runs.",
    rows=("A-XOR-21",),
    source=f"{SOURCE}, code",
    arms={"printed program": Arm(config=PRINTED)},
    predictions=tuple(
        Comparison(
            label=f"{at:,} updates against {PRINTED_STEPS}",
            treatment="printed program",
            control="printed program",
            score=solved(at),
            control_score=solved(PRINTED_STEPS),
            margin=SMALLEST_EFFECT,
            direction="no_greater",
        )
        for at in LATER
    ),
    shown=tuple(
        shown_rate(f"after {at:,} updates", "printed program", at)
        for at in (PRINTED_STEPS, *LATER)
    ),
    figure="curves",
    findings={
        "refuted": (
            "{0.control} of runs are solved after 100 updates, {0.treatment} after"
            " 500 and {1.treatment} after 5,000: going on gains {1} over {1.n}"
            " seeds."
        )
    },
)
