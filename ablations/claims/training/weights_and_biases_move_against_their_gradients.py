"""Weights and biases are treated alike.

Each moves against its own gradient by the same rate.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import BASICS, agrees
from ablations.rigs.readings import at_least

CLAIM = Claim(
    statement="Gradient descent takes the learning rate times the gradient from weights"
    " and biases.",
    strength="always",
    rows=("B-TRN-8",),
    source=f"{BASICS}, update of parameters",
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
