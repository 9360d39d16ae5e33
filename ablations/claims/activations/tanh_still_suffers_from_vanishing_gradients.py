"""The slope of tanh is one at zero and less everywhere else.

Signals that stay small keep gradients whole with matched weights; larger ones meet
smaller slopes, and larger weights.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.starts import (
    AXIS,
    STARTS,
    at_start,
    fades,
    fades_unless_linear,
)
from ablations.rigs.readings import mostly

CLAIM = Claim(
    statement="Tanh networks still suffer from vanishing gradients.",
    rows=("B-ACT-24",),
    source=f"{BASICS}, table of activations",
    reference="Glorot and Bengio (2010), Understanding the difficulty of training deep"
    " feedforward neural networks",
    axis=AXIS,
    core=tuple(fades("tanh", weights) for weights in STARTS),
    beside=tuple(
        mostly(at_start("tanh", w), signals.vanished(), key=f"{w}_vanished")
        for w in STARTS
    ),
    controls=(fades_unless_linear(),),
    seeds=recipes.SEEDS,
    answers={
        "small !glorot !orthogonal !he": "Only with small weights: with Xavier's,"
        " orthogonal or He's the first gradient is not ten times smaller in 20 layers"
        " than in five.",
        "small glorot !he": "It depends on the weights: with small ones and Xavier's"
        " the first gradient fades, with He's it does not.",
        "core": "Yes: from each of four starts the first layer's gradient is at least"
        " ten times smaller in 20 layers than in five.",
        "!core": "No: from none of four starts is the first layer's gradient ten times"
        " smaller in 20 layers than in five.",
    },
    how="The first layer's gradient was measured in {glorot.n} untrained networks of 5,"
    " 10 and 20 layers for each start.",
    caveats="A gradient ten times as small in 20 layers as in five counts as vanishing."
    " What that costs in training is a matter of other claims.",
    figure="gradient_depth",
)
