"""The slope of the sigmoid is a quarter at most, and every layer multiplies by one.

Weights four times as large would make up for it while inputs stay near zero.
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
    statement="Sigmoid networks suffer from vanishing gradients.",
    rows=("B-ACT-21",),
    source=f"{BASICS}, table of activations",
    reference="Glorot and Bengio (2010), Understanding the difficulty of training deep"
    " feedforward neural networks",
    axis=AXIS,
    core=tuple(fades("sigmoid", weights) for weights in STARTS),
    beside=tuple(
        mostly(at_start("sigmoid", w), signals.vanished(), key=f"{w}_vanished")
        for w in STARTS
    ),
    controls=(fades_unless_linear(),),
    seeds=recipes.SEEDS,
    answers={
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
