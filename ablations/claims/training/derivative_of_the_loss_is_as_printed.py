"""The printed loss is a mean over m rows, and its derivative by one output has 1 / m.

The printed derivative has no m in it, so that it is that of a sum.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS, agrees
from ablations.rigs.readings import equals

LOSS = "printed_loss"


def _is_right(rows: int, words: str) -> ExactCheck:
    quantity, at = f"deviation_of_the_derivative_of_{rows}", ("rows", rows)
    label = f"deviation of the printed derivative, {words}"
    return agrees(LOSS, quantity, f"rows_{rows}", label, at)


CLAIM = Claim(
    statement="The derivative of the printed loss by the output is minus y over a, plus"
    " (1 - y) over (1 - a).",
    strength="always",
    rows=("B-TRN-2",),
    source=f"{BASICS}, backpropagation",
    axis="rows",
    core=(_is_right(1, "one row"), _is_right(5, "five rows")),
    beside=(
        equals(
            LOSS,
            "factor_of_the_derivative_of_5",
            1.0,
            1e-6,
            key="factor",
            label="printed derivative over the true one, five rows",
        ),
    ),
    answers={
        "rows_1 !rows_5 !factor": "Only for one row: of the mean over five rows the"
        " printed derivative is {factor} times too large.",
        "core": "Yes: it agrees with finite differences for one row and for five.",
        "!core": "No: it differs from finite differences even for one row.",
    },
    how="It was compared with finite differences of the printed loss, for one row and"
    " for five.",
    caveats="A factor is taken up by the learning rate; the direction is right.",
)
