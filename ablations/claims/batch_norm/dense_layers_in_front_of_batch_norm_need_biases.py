"""A bias shifts a feature of every row alike, and its mean along with it.

Batch norm takes the mean off again, so in training no bias changes anything, and none
gets a gradient.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.batch_norm import CODE
from ablations.rigs.readings import at_least

BIASES = "batch_norm_biases"

CLAIM = Claim(
    statement="Dense layers in front of batch norm have biases to learn, as in the"
    " printed code.",
    strength="always",
    rows=("A-BN-19",),
    source=f"{CODE}, whose dense layers keep their biases; that they serve is implied",
    reference="Ioffe and Szegedy (2015), Batch normalization, section 3.2",
    implied=True,
    core=(
        at_least(
            BIASES,
            "bias_over_kernel_gradient",
            0.001,
            key="gradient",
            label="gradient of the biases over that of the kernels, both layers",
        ),
        at_least(
            BIASES,
            "change_in_training",
            0.01,
            key="training",
            label="largest change of a probability by other biases, training",
        ),
    ),
    beside=(
        at_least(
            BIASES,
            "change_at_inference",
            0.01,
            key="inference",
            label="largest change of a probability by other biases, inference",
        ),
    ),
    controls=(
        at_least(
            BIASES,
            "bias_over_kernel_gradient_without",
            0.001,
            key="plain",
            label="gradient of the biases over that of the kernels, no batch norm",
        ),
    ),
    answers={
        "!core inference": "No: in training they change nothing and get no gradient;"
        " moved by hand, they would only upset inference.",
        "!core": "No: they change nothing and get no gradient.",
        "core": "Yes: they change what the network puts out, and get gradients.",
    },
    how="Gradients of the printed network were taken on its data in float64, and its"
    " biases replaced by normal numbers.",
    caveats="Dropout is left out, which changes none of it.",
)
