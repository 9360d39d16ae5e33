"""A sigmoid multiplies every gradient that passes it by at most a quarter.

ReLU passes it whole or not at all, which leaves the weights to decide: with small ones
the signal fades all the same, with He's it keeps its size.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import (
    CONTROLS,
    NOTES,
    SEEDS,
    rescues_beside,
    shown_alone,
    with_and_without,
)

COMPANIONS = ("init", "Adam", "batch norm", "skip")

CLAIM = Claim(
    statement="Better activation functions such as ReLU made deep networks trainable.",
    rows=("A-INT-7",),
    source=NOTES,
    reference="Glorot, Bordes and Bengio (2011); He et al. (2015)",
    arms=with_and_without("ReLU", *COMPANIONS),
    predictions=rescues_beside("ReLU", *COMPANIONS),
    beyond_quick=(
        "alone, 2,000 updates",
        "beside Adam",
        "beside batch norm",
        "beside skip",
        "batch norm alone",
    ),
    controls=CONTROLS,
    shown=shown_alone(*COMPANIONS),
    seeds=SEEDS,
    caveats=(
        "Twenty layers, 500 updates. Batch norm and skips may suffice alone; beside"
        " them a switch must do better than they do. Accuracy with batch norm is that"
        " in use, with moving averages of momentum 0.99."
    ),
    figure="rescue_matrix",
    findings={
        "conditional": (
            "With ReLU alone, {0} of {0.n} runs of 20 layers learn, {1.brief} after"
            " 2,000 updates and {3.brief} beside Adam. With He's weights as well, {2}"
            " learn; beside batch norm, ReLU adds {4} to {shown[2].brief}. Skips"
            " alone reach {shown[3].brief}, which leaves ReLU nothing to add."
        )
    },
)
