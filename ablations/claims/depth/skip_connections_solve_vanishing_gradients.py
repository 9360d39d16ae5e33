"""A skip connection gives the gradient a path on which nothing multiplies it.

The small weights of the old recipe then only add little to what passes by, and every
layer hears of the loss from the first update.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import (
    BASICS,
    CONTROLS,
    SEEDS,
    SWITCHES,
    reaches,
    recipe_name,
    recipes,
    rescues,
    succeeds,
)

CLAIM = Claim(
    statement="Skip connections solve the vanishing gradient problem.",
    rows=("B-VAN-5",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="He et al. (2016); Balduzzi et al. (2017)",
    arms=recipes((), ("skip",), ("ReLU", "skip"), SWITCHES),
    predictions=(
        succeeds("gradients arrive, sigmoid", "skip", reaches()),
        succeeds("gradients arrive, ReLU", "ReLU + skip", reaches()),
        rescues("learns, sigmoid", "skip", recipe_name()),
        rescues("learns, ReLU", "ReLU + skip", recipe_name()),
    ),
    beyond_quick=("gradients arrive, ReLU", "learns, ReLU"),
    controls=CONTROLS,
    seeds=SEEDS,
    findings={
        "supported": (
            "With a skip around each of 20 layers with small weights, gradients arrive"
            " at the first layer in {0} of {0.n} sigmoid runs and {1.brief} of ReLU"
            " runs. Then {2.treatment} of sigmoid and {3.treatment} of ReLU runs learn,"
            " against {2.control} of sigmoid runs without skips: {2} and {3}."
        )
    },
    caveats="One skip around every layer, small weights, plain gradient descent.",
    figure="gradient_depth",
)
