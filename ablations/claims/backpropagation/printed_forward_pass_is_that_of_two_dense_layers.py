"""The printed sums have no biases.

A dense layer without biases has one column of its kernel per unit, where the notes have
a row.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import NOTES, agrees
from ablations.rigs.readings import equals

CLAIM = Claim(
    statement="The printed forward pass is that of two dense layers without biases,"
    " ReLU below and a sigmoid above.",
    strength="always",
    rows=("A-BP-12",),
    source=f"{NOTES}, forward pass",
    core=(
        agrees(
            "forward_pass",
            "deviation_of_the_output",
            "output",
            "deviation of the output from Keras",
        ),
        equals("forward_pass", "number_of_weights", 6.0, key="weights"),
    ),
    answers={
        "core": "Yes: two dense layers of Keras without biases give the same outputs"
        " from as"
        " many weights.",
        "!core": "No: two dense layers of Keras give other outputs.",
    },
    how="Outputs of 50 random networks were compared with Keras.",
)
