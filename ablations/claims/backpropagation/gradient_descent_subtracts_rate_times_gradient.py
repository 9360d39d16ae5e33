"""A step against the gradient is the steepest way down that a small step has.

How far it goes is the rate times the slope.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import NOTES, agrees
from ablations.rigs.readings import at_least

CLAIM = Claim(
    statement="Gradient descent takes the learning rate times the gradient from each"
    " weight.",
    strength="always",
    rows=("A-BP-1",),
    source=f"{NOTES}, gradient descent",
    core=(
        agrees(
            "printed_update",
            "deviation_from_keras",
            "keras",
            "deviation of five updates from those of Keras",
        ),
    ),
    controls=(
        at_least("printed_update", "deviation_with_the_other_sign", 0.001, key="sign"),
    ),
    answers={
        "core": "Yes: five updates of Keras's SGD are the printed ones, to six digits.",
        "!core": "No: updates of Keras's SGD are not the printed ones.",
    },
    how="Five printed updates of a kernel and a bias were compared with those of Keras,"
    " for random gradients.",
)
