"""A bias is added to the sum of every row.

Its derivative adds up delta over the rows, so that delta itself is right for one row
and has the wrong shape for more.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS, agrees

LINES = "printed_gradients"


def _is_right(way: str, rows: int, words: str) -> ExactCheck:
    quantity, key = f"deviation_by_biases_{way}_{rows}", f"{way}_{rows}"
    return agrees(LINES, quantity, key, f"deviation {words}", ("rows", rows))


CLAIM = Claim(
    statement="The derivative of the loss by the biases is delta.",
    strength="always",
    rows=("B-TRN-5",),
    source=f"{BASICS}, backpropagation",
    axis="rows",
    core=(
        _is_right("given", 1, "of delta, one row"),
        _is_right("given", 5, "of delta, five rows (2: another shape)"),
    ),
    beside=(_is_right("summed", 5, "of delta summed over the rows, five rows"),),
    answers={
        "given_1 !given_5 summed_5": "Only for one row: for more, delta has a column"
        " per row,"
        " which must be added up.",
        "core": "Yes: it agrees with finite differences for one row and for five.",
        "!core": "No: it differs from finite differences even for one row.",
    },
    how="It was compared with finite differences of the printed loss for a layer of"
    " three inputs.",
)
