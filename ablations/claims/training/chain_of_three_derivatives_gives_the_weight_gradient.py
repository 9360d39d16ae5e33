"""The loss changes with the output, that with the sum, and the sum with the weight.

Multiplied, and added up over the rows, that is the gradient.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import BASICS, agrees

CLAIM = Claim(
    statement="The derivative of the loss by the weights is the product of those of"
    " loss by output, output by sum and sum by weights.",
    strength="always",
    rows=("B-TRN-7",),
    source=f"{BASICS}, chain rule",
    axis="rows",
    core=(
        agrees(
            "printed_gradients",
            "deviation_of_the_chain_1",
            "rows_1",
            "deviation of the product, one row",
            ("rows", 1),
        ),
        agrees(
            "printed_gradients",
            "deviation_of_the_chain_5",
            "rows_5",
            "deviation of the product, five rows",
            ("rows", 5),
        ),
    ),
    answers={
        "core": "Yes: added up over the rows, it agrees with finite differences.",
        "!core": "No: it differs from finite differences.",
    },
    how="The product was compared with finite differences of the printed loss, for one"
    " row and for five.",
)
