"""Gradients explode when each layer multiplies them by more than one.

He's rule for ReLU, and Glorot's or orthogonal weights for tanh, bring that factor to
about one; a gain a little above it is enough to explode at twenty layers.
Glorot's rule with ReLU stays below one, and the signal fades instead.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth import recipes
from ablations.rigs.depth.recipes import recipe, rescues, succeeds
from ablations.rigs.depth.signals import (
    GLOROT,
    HE,
    ORTHOGONAL,
    exploded,
    said_of,
    start,
    times,
)
from ablations.rigs.readings import mostly, rarely

STARTS = {
    "relu_he": ("relu", HE),
    "relu_glorot": ("relu", GLOROT),
    "relu_gain": ("relu", times(2.0**0.5, ORTHOGONAL)),
    "tanh_glorot": ("tanh", GLOROT),
    "tanh_orthogonal": ("tanh", ORTHOGONAL),
    "relu_large": ("relu", times(2.0, HE)),
    "tanh_large": ("tanh", times(8.0, GLOROT)),
}
CAREFUL = [key for key in STARTS if not key.endswith("large")]
UNTRAINED = {k: start(activation=a, initializer=w) for k, (a, w) in STARTS.items()}
TRAINED = {
    key: recipe(activation=activation, initializer=weights, rates=recipes.TINY_RATES)
    for key, (activation, weights) in STARTS.items()
}
EXPLODE, LEARN = "runs whose gradients explode", "runs that learn"


def _explodes_rarely(key: str) -> SuccessRate:
    arm, quick = UNTRAINED[key], key == "relu_he"
    said = said_of(arm, key, EXPLODE, factor="start", quick=quick)
    return rarely(arm, exploded(), **said)


def _learns(key: str) -> SuccessRate:
    arm, quick = TRAINED[key], key == "relu_he"
    return succeeds(arm, **said_of(arm, f"{key}_learns", LEARN, quick=quick))


FIFTY = recipe(activation="relu", initializer=HE, depth=50)

CLAIM = Claim(
    statement="Careful initialization of weights is a solution to exploding gradients.",
    rows=("B-EXP-5",),
    source=f"{recipes.BASICS}, exploding gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2014); He et al. (2015)",
    axis="start",
    core=tuple(_explodes_rarely(key) for key in CAREFUL),
    beside=(
        *(_learns(key) for key in CAREFUL),
        succeeds(FIFTY, **said_of(FIFTY, "fifty_learn", LEARN, quick=False)),
        rescues(
            TRAINED["relu_he"],
            TRAINED["relu_large"],
            key="relu_rescued",
            label="runs that He weights let learn beside twice as large ones",
        ),
        rescues(
            TRAINED["tanh_glorot"],
            TRAINED["tanh_large"],
            key="tanh_rescued",
            label="runs that Glorot weights let learn beside eightfold ones",
            quick=False,
        ),
    ),
    controls=(
        mostly(
            UNTRAINED["relu_large"],
            exploded(),
            **said_of(UNTRAINED["relu_large"], "large", EXPLODE),
        ),
    ),
    seeds=recipes.SEEDS,
    answers={
        "core": (
            "Yes: gradients explode in {relu_he} ReLU networks from He's weights, but"
            " in {large} from weights twice as large."
        ),
        "!core": "No: gradients often explode in spite of careful weights.",
    },
    how=(
        "Networks of twenty layers, {large.n} for every start, were measured before"
        " training, and trained for 500 updates of plain gradient descent."
    ),
    caveats=(
        "Each start has its own learning rate; exploded means more than a thousand"
        " times the usual gradient at the first layer. Not to explode is not enough to"
        " learn. Orthogonal weights carry a gain of √2 for ReLU."
    ),
    figure="gradient_depth",
)
