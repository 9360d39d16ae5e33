"""ReLU removes one factor of the product that vanishes, the slope of the sigmoid.

The other factor is the size of the weights, and small weights alone make gradients
vanish through any activation.
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
    succeeds,
)

CLAIM = Claim(
    statement="ReLU solves the vanishing gradient problem.",
    rows=("B-VAN-4",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Glorot, Bordes and Bengio (2011); He et al. (2015)",
    arms=recipes((), ("ReLU",), ("init",), ("ReLU", "init"), SWITCHES),
    predictions=(
        succeeds("gradients arrive, small weights", "ReLU", reaches()),
        succeeds("gradients arrive, He's weights", "ReLU + init", reaches()),
        succeeds("learns, small weights", "ReLU"),
        succeeds("learns, He's weights", "ReLU + init"),
    ),
    controls=CONTROLS,
    shown=tuple(
        succeeds(f"gradients arrive, {name}", name, reaches())
        for name in (recipe_name(), "init")
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "ReLU alone does not solve it, ReLU with fitting weights does. With He's"
            " weights the gradient arrives at the first of 20 ReLU layers in {1} of"
            " {1.n} runs and {3} learn; with small weights it arrives in {0} and {2}"
            " learn."
        )
    },
    caveats="Twenty layers of 64 units, plain gradient descent.",
    figure="gradient_depth",
)
