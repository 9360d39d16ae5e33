"""A skip connection gives the gradient a path on which nothing multiplies it.

The small weights of the old recipe then only add little to what passes by, and every
layer hears of the loss from the first update.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes
from ablations.rigs.depth.recipes import OLD, reaches, recipe, rescues
from ablations.rigs.readings import mostly

SIGMOID, RELU = recipe(("skip",)), recipe(("ReLU", "skip"))

CLAIM = Claim(
    statement="Skip connections solve the vanishing gradient problem.",
    rows=("B-VAN-5",),
    source=f"{recipes.BASICS}, vanishing gradient problem",
    reference="He et al. (2016); Balduzzi et al. (2017)",
    axis="activation",
    core=(
        mostly(SIGMOID, reaches(), key="sigmoid", at=("activation", "sigmoid")),
        mostly(RELU, reaches(), key="relu", at=("activation", "ReLU"), quick=False),
    ),
    beside=(
        rescues(SIGMOID, OLD, key="sigmoid_learns"),
        rescues(RELU, OLD, key="relu_learns", quick=False),
    ),
    controls=recipes.CONTROLS,
    seeds=recipes.FRESH_SEEDS,
    answers={
        "core": (
            "Yes: with skips the gradient reaches the first of twenty layers in"
            " {sigmoid} sigmoid and {relu} ReLU networks."
        ),
        "!core": (
            "No: in spite of skips the gradient reaches the first of twenty layers in"
            " only {sigmoid} sigmoid and {relu} ReLU networks."
        ),
    },
    how=(
        "First gradients of {sigmoid.n} networks of twenty layers were measured at the"
        " start; then they were trained for 500 updates of plain gradient descent on"
        " 1,024 rows of ten classes."
    ),
    caveats=(
        "Only one skip around each layer and only small first weights were tried. The"
        " ReLU networks with skips are compared with sigmoids without."
    ),
    figure="gradient_depth",
)
