"""A layer multiplies the size of signals by a factor that its weights decide.

Glorot's and He's rules bring that factor near one for activations of slope one.
A sigmoid's slope is at most a quarter, so that its factor stays far below one under
either rule.
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

COMPANIONS = ("ReLU", "Adam", "batch norm", "skip")

CLAIM = Claim(
    statement=(
        "Better weight initialization, Xavier's or He's, made deep networks trainable."
    ),
    rows=("A-INT-8",),
    source=NOTES,
    reference="Glorot and Bengio (2010); He et al. (2015)",
    arms=with_and_without("init", *COMPANIONS),
    predictions=rescues_beside("init", *COMPANIONS),
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
        "He's rule with ReLU, Glorot's with the sigmoid, 20 layers, 500 updates. Batch"
        " norm and skips may suffice alone; beside them a switch must do better than"
        " they do. Accuracy with batch norm is that in use, with moving averages of"
        " momentum 0.99."
    ),
    figure="rescue_matrix",
    findings={
        "conditional": (
            "With Glorot's weights and the sigmoid, {0} of {0.n} runs of 20 layers"
            " learn, {1.brief} after 2,000 updates and {3.brief} beside Adam. He's"
            " weights lift ReLU from {shown[0].brief} to {2}; beside batch norm,"
            " Glorot's add {4} to {shown[2].brief}. Skips alone reach"
            " {shown[3].brief}, which leaves nothing to add."
        )
    },
)
