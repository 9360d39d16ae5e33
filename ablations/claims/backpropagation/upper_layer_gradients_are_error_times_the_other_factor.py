"""A product changes with one factor by as much as the other is large.

The error at the logit is multiplied with it.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import COMPARED, FAULTS, NOTES, agrees

CLAIM = Claim(
    statement="The derivative by an upper weight is the error times the hidden output,"
    " and by a hidden output the error times the weight.",
    strength="always",
    rows=("A-BP-8",),
    source=f"{NOTES}, loss by upper weight",
    core=(
        agrees(
            "printed_example",
            "deviation_by_upper_weight",
            "weight",
            "deviation of the derivative by an upper weight",
        ),
        agrees(
            "printed_example",
            "deviation_by_hidden_output",
            "hidden",
            "deviation of the derivative by a hidden output",
        ),
    ),
    controls=(FAULTS,),
    answers={
        "core": "Yes: both agree with finite differences for all networks tried.",
        "!core": "No: both differ from finite differences.",
    },
    how=COMPARED,
)
