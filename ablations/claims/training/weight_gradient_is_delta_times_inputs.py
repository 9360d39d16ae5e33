"""A weight multiplies one input of each row.

The product with the transposed inputs adds this up over the rows, which is right if
delta has its share of one row in m.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS, agrees

LINES = "printed_gradients"


def _is_right(way: str, rows: int, words: str) -> ExactCheck:
    quantity, key = f"deviation_by_weights_{way}_{rows}", f"{way}_{rows}"
    return agrees(LINES, quantity, key, f"deviation {words}", ("rows", rows))


CLAIM = Claim(
    statement="The derivative of the loss by the weights is delta times the transposed"
    " inputs of the layer.",
    strength="always",
    rows=("B-TRN-4",),
    source=f"{BASICS}, backpropagation",
    axis="rows",
    core=(
        _is_right("given", 1, "of this line from the true delta, one row"),
        _is_right("given", 5, "of this line from the true delta, five rows"),
    ),
    beside=(
        _is_right("followed", 1, "of the printed lines from the loss on, one row"),
        _is_right("followed", 5, "of the printed lines from the loss on, five rows"),
    ),
    answers={
        "core !followed_5": (
            "Yes, if delta is right; with delta from the printed derivative of the loss"
            " it is five times too large for five rows."
        ),
        "core": "Yes: it agrees with finite differences for one row and for five.",
        "!core": "No: it differs from finite differences.",
    },
    how="It was compared with finite differences of the printed loss for a layer of"
    " three inputs.",
)
