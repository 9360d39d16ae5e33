"""RMSProp and Adam divide each step by the size of recent gradients.

So a faint gradient moves its weight as far as a strong one, but not one far below the
constant in the denominator, as first gradients are here. And where the signal forward
has died out, a gradient no longer depends on the inputs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes as rig

COMPANIONS = ("ReLU", "init", "batch norm", "skip")
ALONE, CHANGES = ("companion", "none"), rig.Changes(optimizer="rmsprop", probes=())
RMSPROP, RMSPROP_LONG = rig.recipe(**CHANGES), rig.recipe(**CHANGES, num_steps=rig.LONG)

CLAIM = Claim(
    statement="Better optimizers such as RMSProp and Adam made deep networks"
    " trainable.",
    rows=("A-INT-9",),
    source=rig.NOTES,
    reference="Tieleman and Hinton (2012); Kingma and Ba (2015)",
    axis="companion",
    core=(
        *rig.rescues_beside("Adam", "ReLU", "init"),
        rig.succeeds(RMSPROP, "rmsprop", at=ALONE),
        rig.succeeds(RMSPROP_LONG, "rmsprop_long", at=ALONE),
    ),
    beside=rig.beside_others("Adam"),
    controls=(rig.STUCK,),
    shown=rig.shown_alone(*COMPANIONS),
    standard_only=True,
    seeds=rig.LATER_SEEDS,
    answers={
        "!long !relu_long !init_long !rmsprop_long": (
            "No: in 2,000 updates {long} networks of twenty layers learn with"
            " Adam alone, nor do most with ReLU or Glorot's weights added."
        ),
        "core": "Yes: Adam makes deep networks learn within 500 updates, alone and"
        " beside all else tried.",
        "!core": "No: Adam is too little alone and adds too little to all else tried,"
        " even in 2,000 updates.",
    },
    how="Networks of twenty layers, {alone.n} for each case, were trained for 500"
    " updates on 1,024 rows of ten classes by Adam or RMSProp alone, and by Adam"
    " beside each other advance; those without batch norm and skips for 2,000, too.",
    caveats=f"{rig.LEARNING} {rig.AT_INFERENCE}",
    figure="rescue_matrix",
)
