"""A matrix product can be split between cores, but each split has to be waited for.

The work grows with the product of all three sizes and the waiting hardly at all, so
large products gain from a second core and small ones do not.
"""

from typing import Any

from ablations.measures.depth.threads import BATCH_SIZES, WIDTHS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import at_least

FASTER, RISE = 1.1, 0.1
"""Speed-up, and difference between speed-ups, from which on it counts as a help."""
WIDER = "what width 1,024 adds to the speed-up of width 16, 256 rows"
MORE_ROWS = "what 256 rows add to the speed-up with 32, mean over widths"


def _timed(quantity: str, bound: float, **said: Any) -> ExactCheck:
    return at_least("thread_speed_up", quantity, bound, **said).replace(timed=True)


def _faster(width: int, rows: int) -> ExactCheck:
    label = f"speed-up by a second thread, width {width:,}, {rows} rows"
    quantity, key = f"speed_up_{width}_wide_{rows}_rows", f"w{width}_{rows}"
    at = ("width", width)
    return _timed(quantity, FASTER, key=key, label=label, at=at)


CLAIM = Claim(
    statement=(
        "Neural networks are many small matrix products, and therefore run well in"
        " parallel."
    ),
    rows=("A-INT-16",),
    source="Deep learning notes, chapter 1, hardware",
    reference="Amdahl (1967), Validity of the single processor approach",
    axis="width",
    core=tuple(_faster(width, rows) for rows in BATCH_SIZES for width in WIDTHS),
    beside=(
        _timed("gain_by_width", RISE, key="wider", label=WIDER),
        _timed("gain_by_batch_size", RISE, key="rows", label=MORE_ROWS),
    ),
    controls=(
        _timed("usable_cores", 2.0, key="cores"),
        _timed("largest_speed_up", 1.4, key="largest"),
    ),
    answers={
        "!w16_32 !w16_256 !w64_32 w64_256": (
            "Not settled: a second thread makes the largest layers {largest} times as"
            " fast, the smallest hardly faster; at width 64 the rows decide."
        ),
        "!w16_32 !w16_256 !w64_32 !w64_256 !w256_32 w256_256": (
            "Not settled: a second thread makes the largest layers {largest} times as"
            " fast, the smaller ones hardly faster; at width 256 the rows decide."
        ),
        "!w16_32 !w16_256 !w64_32 !w64_256 w256_32 w256_256 w1024_32 w1024_256": (
            "It depends on width: a second thread makes the largest layers {largest}"
            " times as fast, those of width sixteen and sixty-four hardly faster."
        ),
        "core": "Yes: a second thread speeds up layers of all widths tried, the largest"
        " {largest} times.",
    },
    how=(
        "Training steps of two layers, four widths from 16 to 1,024 on 32 and 256 rows,"
        " were timed with one thread and with two."
    ),
    caveats=(
        "Numbers differ between machines and each time. The notes mean GPUs, of which"
        " two threads of a processor say little."
    ),
)
