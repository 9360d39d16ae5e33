"""The slope of the sigmoid is at most a quarter, and every layer multiplies by it.

Weights four times as large would make up for it while inputs stay near zero.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.depth import recipes
from ablations.rigs.depth.starts import (
    AXIS,
    STARTS,
    fades,
    fades_unless_linear,
    vanishes,
)

CLAIM = Claim(
    statement="Sigmoid networks suffer from vanishing gradients.",
    rows=("B-ACT-21",),
    source=f"{BASICS}, table of activations",
    reference="Glorot and Bengio (2010), Understanding the difficulty of training deep"
    " feedforward neural networks",
    axis=AXIS,
    core=tuple(vanishes("sigmoid", weights) for weights in STARTS),
    beside=tuple(fades("sigmoid", weights) for weights in STARTS),
    controls=(fades_unless_linear(),),
    seeds=recipes.SEEDS,
    answers={
        "core": "Yes: from each of four starts the first of 20 layers has a gradient"
        " below a thousandth.",
        "!core": "No: from none of four starts has the first of 20 layers a gradient"
        " below a thousandth.",
    },
    how="The first layer's gradient was measured in {glorot_vanished.n} untrained"
    " networks of 5, 10 and 20 layers for each start.",
    caveats="A norm below a thousandth in 20 layers counts as vanished, at the start."
    " What that costs in training is a matter of other claims.",
    figure="gradient_depth",
)
