"""A step against the gradient is the steepest way down that a small step has.

How far it goes is the rate times the slope.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import (
    ANSWERS_ON_UPDATES,
    NOTES,
    OTHER_SIGN,
    UPDATED,
    UPDATES,
)

CLAIM = Claim(
    statement="Gradient descent takes the learning rate times the gradient from each"
    " weight.",
    strength="always",
    rows=("A-BP-1",),
    source=f"{NOTES}, gradient descent",
    core=(UPDATES,),
    controls=(OTHER_SIGN,),
    answers=ANSWERS_ON_UPDATES,
    how=UPDATED,
)
