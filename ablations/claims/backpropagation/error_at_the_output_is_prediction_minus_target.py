"""Cross-entropy divides by exactly the slope that the sigmoid multiplies with.

Only the difference of prediction and target is left.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import COMPARED, FAULTS, NOTES, agrees

CLAIM = Claim(
    statement="With a sigmoid and binary cross-entropy the derivative of the loss by"
    " the logit is the prediction less the target.",
    strength="always",
    rows=("A-BP-6",),
    source=f"{NOTES}, loss by logit",
    core=(
        agrees(
            "printed_example",
            "deviation_by_logit",
            "logit",
            "deviation of the derivative by the logit",
        ),
    ),
    controls=(FAULTS,),
    answers={
        "core": "Yes: it agrees with finite differences, and needs no division.",
        "!core": "No: it differs from finite differences.",
    },
    how=COMPARED,
)
