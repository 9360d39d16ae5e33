"""The first kernel has a row per feature, and the last a column per output.

Layers between may have any number of nodes.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals

CLAIM = Claim(
    statement="The input layer has one node per feature and the output layer as many as"
    " are needed, with any number of layers between.",
    strength="always",
    rows=("B-BAS-1",),
    source="Basics of deep learning, layers of a network",
    core=(
        equals("network_shapes", "deviation_of_nodes_at_both_ends", 0.0, key="nodes"),
    ),
    beside=(
        equals("network_shapes", "deviation_of_trainable_numbers", 0.0, key="numbers"),
    ),
    answers={
        "core numbers": "Yes: four networks of one to five layers have these nodes, and"
        " the"
        " weights that follow from them.",
        "core": "Yes: four networks of one to five layers have these nodes.",
        "!core": "No: networks of Keras have other numbers of nodes and weights.",
    },
    how="Kernels and trainable numbers of four Keras networks were counted.",
)
