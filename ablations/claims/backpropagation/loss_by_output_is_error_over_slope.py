"""Cross-entropy divides by the probability of what happened.

Brought over one denominator, both targets give the same expression.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import COMPARED, FAULTS, NOTES, agrees

CLAIM = Claim(
    statement="The derivative of binary cross-entropy by the output is the output less"
    " the target, over the output times one less it.",
    strength="always",
    rows=("A-BP-4",),
    source=f"{NOTES}, loss by output",
    core=(
        agrees(
            "printed_example",
            "deviation_by_output",
            "output",
            "deviation of the derivative by the output",
        ),
    ),
    controls=(FAULTS,),
    answers={
        "core": "Yes: it agrees with finite differences for all networks tried.",
        "!core": "No: it differs from finite differences.",
    },
    how=COMPARED,
)
