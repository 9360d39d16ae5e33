"""Batch norm gives every unit's input unit variance, whatever the weights.

It undoes the shrinking of a sigmoid network, whose gradients then reach the first
layer. In a ReLU network it multiplies the gradient's size by about 1.2 in each layer,
so that depth brings explosion where He's weights alone would keep balance; twenty such
layers learn all the same.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes as rig
from ablations.rigs.depth.recipes import OLD, evens_out, recipe
from ablations.rigs.readings import compare

NORM, LONG = recipe(("batch norm",)), recipe(("batch norm",), num_steps=rig.LONG)
RELU, RELU_NORM = ("ReLU", "init"), ("ReLU", "init", "batch norm")
DEEP, DEEP_NORM = recipe(RELU, depth=50), recipe(RELU_NORM, depth=50)
SIGMOIDS = ("network", "sigmoids with small weights")
RELUS = ("network", "ReLU with He weights")

CLAIM = Claim(
    statement="Batch normalization improves gradient propagation in deep networks.",
    rows=("A-INT-10",),
    source=rig.NOTES,
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    axis="network",
    core=(
        evens_out(NORM, OLD, "sigmoid", at=SIGMOIDS),
        evens_out(recipe(RELU_NORM), recipe(RELU), "relu", at=RELUS),
        evens_out(DEEP_NORM, DEEP, "fifty", at=RELUS),
    ),
    beside=(
        rig.rescues(NORM, OLD, "learns"),
        rig.succeeds(LONG, "learns_long"),
        compare(
            DEEP_NORM, "no_less", DEEP, rig.learns(), rig.EFFECT, key="fifty_learn"
        ),
    ),
    controls=rig.CONTROLS,
    shown=(
        rig.shown_moving(NORM, "learns"),
        rig.shown_moving(LONG, "learns_long"),
        rig.shown_moving(DEEP_NORM, "fifty_learn"),
    ),
    standard_only=True,
    seeds=rig.FRESH_SEEDS,
    answers={
        "sigmoid !relu !fifty": (
            "It depends: batch norm evens out gradients of twenty sigmoid layers"
            " with small weights, in ReLU layers with He's it widens the gap."
        ),
        "core": "Yes: batch norm evens out the gradients of sigmoid and ReLU layers.",
        "!core": "No: batch norm evens out the gradients of neither kind of layers.",
    },
    how="The gap between first and last gradient was measured in {sigmoid.n} untrained"
    " networks of 20 or 50 layers for each case, with and without batch norm; these"
    " then trained for 500 updates, and twenty sigmoid layers for 2,000, too.",
    caveats=f"{rig.LEARNING} {rig.AT_INFERENCE}",
    figure="gradient_depth",
)
