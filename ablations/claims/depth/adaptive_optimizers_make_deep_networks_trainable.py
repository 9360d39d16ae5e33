"""RMSProp and Adam divide each step by the size of recent gradients.

So a faint gradient moves its weight as far as a strong one. But where the signal
forward has died out as well, its direction no longer depends on the inputs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import (
    CONTROLS,
    NOTES,
    SEEDS,
    recipe,
    rescues_beside,
    shown_alone,
    succeeds,
    with_and_without,
)

COMPANIONS = ("ReLU", "init", "batch norm", "skip")

CLAIM = Claim(
    statement=(
        "Better optimizers such as RMSProp and Adam made deep networks trainable."
    ),
    rows=("A-INT-9",),
    source=NOTES,
    reference="Tieleman and Hinton (2012); Kingma and Ba (2015)",
    arms={
        **with_and_without("Adam", *COMPANIONS),
        "RMSProp": recipe(optimizer="rmsprop", probes=()),
    },
    predictions=(
        *rescues_beside("Adam", *COMPANIONS),
        succeeds("RMSProp alone", "RMSProp"),
    ),
    beyond_quick=(
        "alone, 2,000 updates",
        "beside ReLU",
        "beside init",
        "beside batch norm",
        "beside skip",
        "ReLU alone",
        "init alone",
        "batch norm alone",
        "skip alone",
        "RMSProp alone",
    ),
    controls=CONTROLS,
    shown=shown_alone(*COMPANIONS),
    seeds=SEEDS,
    caveats=(
        "Twenty layers, 500 updates, the best of five learning rates for each arm or"
        " more. Batch norm and skips may suffice alone; beside them a switch must do"
        " better than they do. Accuracy with batch norm is that in use, with moving"
        " averages of momentum 0.99."
    ),
    figure="rescue_matrix",
    findings={
        "inconclusive": (
            "With Adam alone, {0} of {0.n} runs of 20 layers learn, {1.brief} after"
            " 2,000 updates, {2.brief} beside ReLU and {3.brief} beside Glorot's"
            " weights; with RMSProp alone {6.brief}. Whether it adds the 20 points that"
            " count beside batch norm is undecided, {4} to {shown[2].brief}. Skips"
            " alone reach {shown[3].brief}, which leaves Adam nothing to add."
        )
    },
)
