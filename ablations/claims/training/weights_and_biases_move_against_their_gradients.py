"""Weights and biases are treated alike.

Each moves against its own gradient by the same rate.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import (
    ANSWERS_ON_UPDATES,
    BASICS,
    OTHER_SIGN,
    UPDATED,
    UPDATES,
)

CLAIM = Claim(
    statement="Gradient descent takes the learning rate times the gradient from weights"
    " and biases.",
    strength="always",
    rows=("B-TRN-8",),
    source=f"{BASICS}, update of parameters",
    core=(UPDATES,),
    controls=(OTHER_SIGN,),
    answers=ANSWERS_ON_UPDATES,
    how=UPDATED,
)
