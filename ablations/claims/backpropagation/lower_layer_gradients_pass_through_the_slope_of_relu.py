"""The error goes down through the upper weight and the slope of ReLU.

Then the input is the other factor of the lower weight.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import NOTES, agrees
from ablations.rigs.readings import at_least

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
    controls=(
        at_least(
            "corrupted_example", "smallest_deviation_of_a_fault", 0.1, key="faults"
        ),
    ),
    answers={
        "core": "Yes: both agree with finite differences where no sum is near zero.",
        "!core": "No: both differ from finite differences.",
    },
    how="The printed line was compared with finite differences of the loss for 1,000"
    " random networks, rows and targets.",
)
