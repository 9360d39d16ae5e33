"""A sigmoid multiplies every gradient that passes it by at most a quarter.

ReLU passes it whole or not at all, which leaves the weights to decide: with small ones
the signal fades all the same, with He's it keeps its size.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes

COMPANIONS = ("init", "Adam", "batch norm", "skip")

CLAIM = Claim(
    statement="Better activation functions such as ReLU made deep networks trainable.",
    rows=("A-INT-7",),
    source=recipes.NOTES,
    reference="Glorot, Bordes and Bengio (2011); He et al. (2015)",
    axis="companion",
    core=recipes.rescues_beside("ReLU", "init", "Adam"),
    beside=recipes.beside_others("ReLU"),
    controls=(recipes.STUCK,),
    shown=recipes.shown_alone(*COMPANIONS),
    standard_only=True,
    seeds=recipes.LATER_SEEDS,
    answers={
        "!alone !long init !adam !adam_long": (
            "It depends: with He's weights {init} ReLU networks learn in 500"
            " updates; with small weights hardly any, even with Adam and longer"
            " training."
        ),
        "core": "Yes: with ReLU most networks of twenty layers learn alone and in any"
        " company tried, within 500 updates.",
        "!core": "No: in 2,000 updates {long} networks learn with ReLU alone, and in no"
        " company tried does it help enough.",
    },
    how=(
        "{alone.n} networks of twenty layers were trained for 500 updates on 1,024 rows"
        " of ten classes with ReLU alone, and with ReLU beside each other advance;"
        " those without batch norm and skips for 2,000, too."
    ),
    caveats=(
        "Batch norm and skips may suffice alone; beside them ReLU must do better than"
        f" they do. {recipes.AT_INFERENCE}"
    ),
    figure="rescue_matrix",
)
