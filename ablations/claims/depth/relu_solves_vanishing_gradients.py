"""ReLU removes one factor of the product that vanishes, the slope of the sigmoid.

The other factor is the size of the weights, and small weights alone make gradients
vanish through any activation.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.recipes import reaches, recipe, succeeds
from ablations.rigs.readings import mostly, yes_or_no

SMALL = recipe(activation="relu", initializer=signals.SMALL)
HE = recipe(activation="relu", initializer=signals.HE)
GLOROT = recipe(activation="sigmoid", initializer=signals.GLOROT)
AXIS = "starting weights"

CLAIM = Claim(
    statement="ReLU solves the vanishing gradient problem.",
    rows=("B-VAN-4",),
    source=f"{recipes.BASICS}, vanishing gradient problem",
    reference="Glorot, Bordes and Bengio (2011); He et al. (2015)",
    axis=AXIS,
    core=(
        mostly(SMALL, reaches(), key="small", at=(AXIS, "small weights")),
        mostly(HE, reaches(), key="he", at=(AXIS, "He weights")),
    ),
    beside=(succeeds(SMALL, key="small_learns"), succeeds(HE, key="he_learns")),
    controls=recipes.CONTROLS,
    shown=(
        mostly(recipes.OLD, reaches(), key="old_reaches"),
        mostly(GLOROT, reaches(), key="glorot_reaches"),
    ),
    seeds=recipes.FRESH_SEEDS,
    answers={
        "!small he": (
            "It depends: the gradient reaches the first of twenty layers in {he}"
            " networks with He's weights, in {small} with small ones."
        ),
        **yes_or_no(
            "the gradient reaches the first of twenty ReLU layers in {small} networks"
            " with small weights and {he} with He's."
        ),
    },
    how=(
        "First gradients of {he.n} networks of twenty layers were measured at the"
        " start; then they were trained for 500 updates of plain gradient descent on"
        " 1,024 rows of ten classes."
    ),
    figure="gradient_depth",
)
