"""The slope of tanh is one at zero and less everywhere else.

Signals that stay small keep gradients whole with matched weights; larger ones meet
smaller slopes, and larger weights.
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
    statement="Tanh networks still suffer from vanishing gradients.",
    rows=("B-ACT-24",),
    source=f"{BASICS}, table of activations",
    reference="Glorot and Bengio (2010), Understanding the difficulty of training deep"
    " feedforward neural networks",
    axis=AXIS,
    core=tuple(vanishes("tanh", weights) for weights in STARTS),
    beside=tuple(fades("tanh", weights) for weights in STARTS),
    controls=(fades_unless_linear(),),
    seeds=recipes.SEEDS,
    answers={
        "small_vanished !glorot_vanished !orthogonal_vanished !he_vanished": "Only"
        " with small weights: with Xavier's, orthogonal or He's the first of 20 layers"
        " has a gradient above a thousandth.",
        "small_vanished glorot_vanished !he_vanished": "It depends on the weights: with"
        " small ones and Xavier's the first gradient vanishes in 20 layers, with He's"
        " it does not.",
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
