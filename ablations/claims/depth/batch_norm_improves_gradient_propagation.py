"""Batch norm gives every unit's input unit variance, whatever the weights.

It undoes the shrinking of a sigmoid network, whose gradients then reach the first
layer.
In a ReLU network it multiplies the gradient's size by about 1.2 in each layer, so that
depth brings explosion where He's weights alone would keep balance.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes
from ablations.rigs.depth.recipes import OLD, evens_out, learns, recipe
from ablations.rigs.readings import compare

NORM, RELU = recipe(("batch norm",)), recipe(("ReLU", "init"))
RELU_NORM = recipe(("ReLU", "init", "batch norm"))
DEEP = recipe(("ReLU", "init"), depth=50)
DEEP_NORM = recipe(("ReLU", "init", "batch norm"), depth=50)
SIGMOIDS = ("network", "sigmoids with small weights")
RELUS = ("network", "ReLU with He weights")
GAP = "change of the gap between first and last gradient (log10)"

CLAIM = Claim(
    statement="Batch normalization improves gradient propagation in deep networks.",
    rows=("A-INT-10",),
    source=recipes.NOTES,
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    axis="network",
    core=(
        evens_out(NORM, OLD, key="sigmoid", label=f"{GAP}, old recipe", at=SIGMOIDS),
        evens_out(RELU_NORM, RELU, key="relu", label=f"{GAP}, ReLU", at=RELUS),
        evens_out(
            DEEP_NORM, DEEP, key="fifty", label=f"{GAP}, ReLU, 50 layers", at=RELUS
        ),
    ),
    beside=(
        recipes.rescues(
            NORM, OLD, key="learns", label="runs that batch norm lets learn, old recipe"
        ),
        recipes.succeeds(
            recipe(("batch norm",), num_steps=recipes.LONG),
            key="learns_long",
            label="runs that learn with batch norm, old recipe, 2,000 updates",
        ),
        compare(
            DEEP_NORM,
            "no_less",
            DEEP,
            learns(),
            recipes.EFFECT,
            key="fifty_learn",
            label="runs that batch norm lets learn, ReLU, 50 layers",
        ),
    ),
    controls=recipes.CONTROLS,
    standard_only=True,
    seeds=recipes.SEEDS,
    answers={
        "sigmoid !relu ?fifty": (
            "It depends: batch norm evens out the gradients of sigmoid layers with"
            " small weights, but not those of ReLU layers with He's weights."
        ),
        "core": "Yes: batch norm evens out the gradients of sigmoid and ReLU layers.",
        "!core": "No: batch norm evens out the gradients of neither kind of layers.",
    },
    how=(
        "The gap between first and last gradient was measured in {sigmoid.n} untrained"
        " networks of 20 or 50 layers for each case, with and without batch norm."
    ),
    caveats=f"Half an order of magnitude is what matters. {recipes.AT_INFERENCE}",
    figure="gradient_depth",
)
