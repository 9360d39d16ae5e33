"""Slow runs and stuck runs look alike after 100 updates.

A run on a plateau needs more updates to find the right kinks, and more updates help it;
a run in a local minimum is not helped by any number.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import yes_or_no
from ablations.rigs.xor import (
    PRINTED_STEPS,
    PROGRAM,
    SOURCE,
    solved,
    solves,
    solves_more,
)


def gains_nothing(key: str, updates: int) -> Comparison:
    """Predict that no more runs are solved after more updates than printed."""
    return solves_more(
        key,
        f"share of runs solved after {updates:,} minus after {PRINTED_STEPS} updates",
        PROGRAM,
        PROGRAM,
        updates,
        control_score=solved(PRINTED_STEPS),
        direction="no_greater",
        at=("updates", updates),
    )


CLAIM = Claim(
    statement="100 epochs at learning rate 0.05 are enough: more solve no more runs.",
    rows=("A-XOR-21",),
    source=f"{SOURCE}, code",
    axis="updates",
    core=(gains_nothing("by500", 500), gains_nothing("by5000", 5000)),
    shown=(
        solves("after100", PROGRAM, PRINTED_STEPS),
        solves("after500", PROGRAM, 500),
        solves("after5000", PROGRAM, 5000),
    ),
    answers=yes_or_no(
        "after a hundred epochs {by5000.control} of runs solve XOR, after five thousand"
        " {by5000.treatment}."
    ),
    how="The printed program was run from {by500.n} starts and carried on to 5,000"
    " updates.",
    figure="curves",
)
