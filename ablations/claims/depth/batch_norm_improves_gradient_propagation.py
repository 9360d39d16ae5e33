"""Batch norm gives every unit's input unit variance, whatever the weights.

It undoes the shrinking of a sigmoid network, whose gradients then reach the first
layer.
In a ReLU network it multiplies the gradient's size by about 1.2 in each layer, so that
depth brings explosion where He's weights alone would keep balance.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import (
    CONTROLS,
    EFFECT,
    LONG,
    NOTES,
    OLD,
    SEEDS,
    evens_out,
    learns,
    recipe,
    rescues,
    succeeds,
)
from ablations.rigs.readings import compare

PLAIN, NORMED = ("ReLU", "init"), ("ReLU", "init", "batch norm")
RELU = ("network", "ReLU with He weights")

CLAIM = Claim(
    statement="Batch normalization improves gradient propagation in deep networks.",
    rows=("A-INT-10",),
    source=NOTES,
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    axis="network",
    core=(
        evens_out(
            recipe(("batch norm",)),
            OLD,
            key="sigmoid",
            label="gap between first and last gradient, old recipe, change by batch"
            " norm in orders of magnitude",
            at=("network", "sigmoid with small weights"),
        ),
        evens_out(
            recipe(NORMED),
            recipe(PLAIN),
            key="relu",
            label="the same with ReLU and He weights",
            at=RELU,
        ),
        evens_out(
            recipe(NORMED, depth=50),
            recipe(PLAIN, depth=50),
            key="relu_deep",
            label="the same with ReLU and He weights, 50 layers",
            at=RELU,
        ),
    ),
    beside=(
        rescues(
            recipe(("batch norm",)),
            OLD,
            key="learns",
            label="share of learning runs that batch norm adds to the old recipe",
        ),
        succeeds(
            recipe(("batch norm",), num_steps=LONG),
            key="learns_long",
            label="runs that learn by the old recipe with batch norm in 2,000 updates",
        ),
        compare(
            recipe(NORMED, depth=50),
            "no_less",
            recipe(PLAIN, depth=50),
            learns(),
            EFFECT,
            key="learns_deep",
            label="share of learning runs that batch norm adds to ReLU and He weights,"
            " 50 layers",
        ),
    ),
    controls=CONTROLS,
    standard_only=True,
    seeds=SEEDS,
    answers={
        "sigmoid !relu": (
            "It depends: batch norm evens out the gradients of sigmoid layers with"
            " small weights, but not those of ReLU layers with He's weights."
        ),
        "core": "Yes: batch norm evens out the gradients of sigmoid and of ReLU layers.",
        "!core": "No: batch norm evens out neither the gradients of sigmoid layers nor"
        " those of ReLU layers.",
    },
    how=(
        "The gap between the first and the last layer's gradient at the start was"
        " measured in {sigmoid.n} networks of 20 and 50 layers, with and without."
    ),
    caveats=(
        "Half an order of magnitude is the smallest change of the gap that matters."
        " Accuracy is at inference, with moving averages of momentum 0.99."
    ),
    figure="gradient_depth",
)
