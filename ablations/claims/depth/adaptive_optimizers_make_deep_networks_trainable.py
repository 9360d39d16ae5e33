"""RMSProp and Adam divide each step by the size of recent gradients.

So a faint gradient moves its weight as far as a strong one. But where the signal
forward has died out as well, its direction no longer depends on the inputs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import (
    AT_INFERENCE,
    CONTROLS,
    NOTES,
    SEEDS,
    recipe,
    rescues_beside,
    shown_alone,
    succeeds,
)

COMPANIONS = ("ReLU", "init", "batch norm", "skip")

CLAIM = Claim(
    statement=(
        "Better optimizers such as RMSProp and Adam made deep networks trainable."
    ),
    rows=("A-INT-9",),
    source=NOTES,
    reference="Tieleman and Hinton (2012); Kingma and Ba (2015)",
    axis="companion",
    core=(
        *rescues_beside("Adam", *COMPANIONS),
        succeeds(
            recipe(optimizer="rmsprop", probes=()),
            key="rmsprop",
            label="runs that learn with RMSProp alone",
            at=("companion", "none"),
            quick=False,
        ),
    ),
    controls=CONTROLS,
    shown=shown_alone(*COMPANIONS),
    seeds=SEEDS,
    answers={
        "!alone !relu !init !rmsprop ?batch_norm": (
            "Not settled: {alone} runs learn with Adam alone, {relu} with ReLU as well;"
            " whether Adam helps batch norm is open."
        ),
        "core": "Yes: Adam makes deep networks learn alone and beside all else tried.",
        "!core": "No: alone Adam lets too few networks learn, and adds too little to"
        " all else tried.",
    },
    how=(
        "Networks of twenty layers, {alone.n} for each case, were trained for 500"
        " updates by Adam or RMSProp alone, and by Adam beside each other advance."
    ),
    caveats=(
        "Each network has the best of five learning rates or more. Batch norm and skips"
        " may suffice alone; beside them Adam must do better than they do."
        f" {AT_INFERENCE}"
    ),
    figure="rescue_matrix",
)
