"""RMSProp and Adam divide each step by the size of recent gradients.

So a faint gradient moves its weight as far as a strong one. But where the signal
forward has died out as well, its direction no longer depends on the inputs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes as rig

COMPANIONS = ("ReLU", "init", "batch norm", "skip")
RMSPROP, ALONE = rig.recipe(optimizer="rmsprop", probes=()), ("companion", "none")

CLAIM = Claim(
    statement="Better optimizers such as RMSProp and Adam made deep networks"
    " trainable.",
    rows=("A-INT-9",),
    source=rig.NOTES,
    reference="Tieleman and Hinton (2012); Kingma and Ba (2015)",
    axis="companion",
    core=(
        *rig.rescues_beside("Adam", *COMPANIONS),
        rig.succeeds(RMSPROP, "rmsprop", at=ALONE, quick=False),
    ),
    controls=rig.CONTROLS,
    shown=rig.shown_alone(*COMPANIONS),
    seeds=rig.FRESH_SEEDS,
    answers={
        "!alone !relu !init !rmsprop batch_norm_alone skip_alone": (
            "No: {alone} networks learn with Adam alone, {relu} with ReLU too; with"
            " batch norm or skips most learn without it."
        ),
        "core": "Yes: Adam makes deep networks learn alone and beside all else tried.",
        "!core": "No: Adam is too little alone and adds too little to all else tried.",
    },
    how="Networks of twenty layers, {alone.n} for each case, were trained for 500"
    " updates on 1,024 rows of ten classes by Adam or RMSProp alone, and by Adam"
    " beside each other advance.",
    caveats=f"{rig.LEARNING} {rig.AT_INFERENCE}",
    figure="rescue_matrix",
)
