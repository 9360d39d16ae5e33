"""A layer multiplies the size of signals by a factor that its weights decide.

Glorot's rule brings that factor near one for activations of slope one, such as tanh
near zero; He's doubles the variance for ReLU, which lets half of the signal through. A
sigmoid's slope is at most a quarter, so that its factor stays far below one under
either rule.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes

COMPANIONS = ("ReLU", "Adam", "batch norm", "skip")

CLAIM = Claim(
    statement=(
        "Better weight initialization, Xavier's or He's, made deep networks trainable."
    ),
    rows=("A-INT-8",),
    source=recipes.NOTES,
    reference="Glorot and Bengio (2010); He et al. (2015)",
    axis="companion",
    core=recipes.rescues_beside("init", "ReLU", "Adam"),
    beside=recipes.beside_others("init"),
    controls=(recipes.STUCK,),
    shown=recipes.shown_alone(*COMPANIONS),
    standard_only=True,
    seeds=recipes.LATER_SEEDS,
    answers={
        "!alone !long relu !adam !adam_long": (
            "It depends: with ReLU and He's weights {relu} networks learn in 500"
            " updates; with Glorot's and sigmoids hardly any, even with longer"
            " training."
        ),
        "core": "Yes: with matched weights most networks of twenty layers learn alone"
        " and in any company tried, within 500 updates.",
        "!core": "No: in 2,000 updates {long} networks learn with matched weights"
        " alone, and in no company tried do they help enough.",
    },
    how=(
        "{alone.n} networks of twenty layers were trained for 500 updates on 1,024 rows"
        " of ten classes with matched weights alone, and with matched weights beside"
        " each other advance; those without batch norm and skips for 2,000, too."
    ),
    caveats=(
        "He's rule with ReLU, Glorot's with the sigmoid. Batch norm and skips may"
        " suffice alone; beside them matched weights must do better than they do."
        f" {recipes.AT_INFERENCE}"
    ),
    figure="rescue_matrix",
)
