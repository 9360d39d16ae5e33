"""A matrix product can be split between cores, but each split has to be waited for.

The work grows with the product of all three sizes and the waiting hardly at all, so
large products gain from a second core and small ones do not.
"""

from ablations.measures.depth.threads import BATCH_SIZES, WIDTHS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck

FASTER = 1.1
"""Speed-up from which on a second thread counts as a help."""

RISE = 0.1
"""Difference between speed-ups from which on it counts as a rise."""

CLAIM = Claim(
    statement=(
        "Neural networks are many small matrix products, and therefore run well in"
        " parallel."
    ),
    rows=("A-INT-16",),
    source="Deep learning notes, chapter 1, hardware",
    reference="Amdahl (1967), Validity of the single processor approach",
    predictions=(
        *(
            ExactCheck(
                label=f"speed-up by a second thread, width {width}, {rows} rows",
                at=("width", width),
                measurement="thread_speed_up",
                quantity=f"speed_up_{width}_wide_{rows}_rows",
                expected=FASTER,
                relation="at_least",
            )
            for rows in BATCH_SIZES
            for width in WIDTHS
        ),
        ExactCheck(
            label="what width 1,024 adds to the speed-up of width 16, 256 rows",
            measurement="thread_speed_up",
            quantity="gain_by_width",
            expected=RISE,
            relation="at_least",
        ),
        ExactCheck(
            label="what 256 rows add to the speed-up with 32, mean over widths",
            measurement="thread_speed_up",
            quantity="gain_by_batch_size",
            expected=RISE,
            relation="at_least",
        ),
    ),
    controls=(
        ExactCheck(
            label="cores that may be used",
            measurement="thread_speed_up",
            quantity="usable_cores",
            expected=2.0,
            relation="at_least",
        ),
        ExactCheck(
            label="speed-up of the largest products, where the machine is free",
            measurement="thread_speed_up",
            quantity="largest_speed_up",
            expected=1.4,
            relation="at_least",
        ),
    ),
    caveats=(
        "A training step of two square layers in NumPy with one thread and two; the"
        " numbers are of one machine and differ each time. The notes mean GPUs, of"
        " which two threads of a processor say little."
    ),
    findings={
        "conditional": (
            "A second thread speeds a training step up, with 32 and 256 rows, by"
            " factors of {0} and {4} at width 16, {1} and {5} at width 64, {2} and {6}"
            " at width 256, and {3} and {7} at width 1,024."
        )
    },
)
