"""The loss of a row is minus the logarithm of the probability of what happened.

The printed loss is the mean of that over the rows.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import BASICS, agrees

CLAIM = Claim(
    statement="Binary cross-entropy over m rows is minus the mean of y log a plus (1 -"
    " y) log (1 - a).",
    strength="always",
    rows=("B-TRN-1",),
    source=f"{BASICS}, loss",
    core=(
        agrees(
            "printed_loss",
            "deviation_of_the_loss_from_keras",
            "keras",
            "deviation of the loss from that of Keras",
        ),
    ),
    answers={
        "core": "Yes: Keras computes the same loss, to six digits.",
        "!core": "No: Keras computes another loss.",
    },
    how="Both losses were computed for 500 random outputs and targets.",
)
