"""The error goes down through the upper weight and the slope of ReLU.

Then the input is the other factor of the lower weight.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import COMPARED, FAULTS, NOTES, agrees

CLAIM = Claim(
    statement="The derivative by a hidden sum is error times upper weight times the"
    " slope of ReLU, and by a lower weight that times the input.",
    strength="always",
    rows=("A-BP-9",),
    source=f"{NOTES}, loss by lower weight",
    core=(
        agrees(
            "printed_example",
            "deviation_by_hidden_sum",
            "sum",
            "deviation of the derivative by a hidden sum",
        ),
        agrees(
            "printed_example",
            "deviation_by_lower_weight",
            "weight",
            "deviation of the derivative by a lower weight",
        ),
    ),
    controls=(FAULTS,),
    answers={
        "core": "Yes: both agree with finite differences where no sum is near zero.",
        "!core": "No: both differ from finite differences.",
    },
    how=COMPARED,
)
