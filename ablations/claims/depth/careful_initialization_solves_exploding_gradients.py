"""Gradients explode when each layer multiplies them by more than one.

He's rule for ReLU, and Glorot's or orthogonal weights for tanh, bring that factor to
about one; a gain of two multiplies the gradient by a million over twenty layers.
Glorot's rule with ReLU stays below one, and the signal fades instead.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.recipes import recipe, rescues, succeeds
from ablations.rigs.depth.signals import GLOROT, HE, ORTHOGONAL, exploded, times
from ablations.rigs.readings import mostly, rarely

STARTS: dict[str, recipes.Changes] = {
    "relu_he": {"activation": "relu", "initializer": HE},
    "relu_glorot": {"activation": "relu", "initializer": GLOROT},
    "relu_gain": {"activation": "relu", "initializer": times(2.0**0.5, ORTHOGONAL)},
    "tanh_glorot": {"activation": "tanh", "initializer": GLOROT},
    "tanh_orthogonal": {"activation": "tanh", "initializer": ORTHOGONAL},
    "relu_large": {"activation": "relu", "initializer": times(2.0, HE)},
    "tanh_large": {"activation": "tanh", "initializer": times(8.0, GLOROT)},
}
UNTRAINED = {key: signals.start(**given) for key, given in STARTS.items()}
TRAINED = {
    key: recipe(rates=recipes.TINY_RATES, **given) for key, given in STARTS.items()
}
CAREFUL = [key for key in STARTS if not key.endswith("large")]
FIFTY = recipe(**STARTS["relu_he"], depth=50)


def _explodes_rarely(key: str) -> SuccessRate:
    arm, quick = UNTRAINED[key], key == "relu_he"
    at = ("start", signals.start_of(arm))
    return rarely(arm, exploded(), key=key, at=at, quick=quick)


def _rescues(name: str, careful: str) -> Comparison:
    good, large = TRAINED[careful], TRAINED[f"{name}_large"]
    label = f"share of runs that learn, {good.name} less larger ones"
    return rescues(good, large, f"{name}_rescued", label=label, quick=False)


CLAIM = Claim(
    statement="Careful initialization of weights is a solution to exploding gradients.",
    rows=("B-EXP-5",),
    source=f"{recipes.BASICS}, exploding gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2014); He et al. (2015)",
    axis="start",
    core=tuple(map(_explodes_rarely, CAREFUL)),
    beside=(
        *(succeeds(TRAINED[k], f"{k}_learns", quick=False) for k in CAREFUL),
        succeeds(FIFTY, "fifty_learn", quick=False),
        _rescues("relu", "relu_he"),
        _rescues("tanh", "tanh_glorot"),
    ),
    controls=(mostly(UNTRAINED["relu_large"], exploded(), key="large"),),
    seeds=recipes.SEEDS,
    answers={
        "core": "Yes: gradients explode in {relu_he} ReLU networks from He's weights,"
        " but in {large} from weights twice as large.",
        "!core": "No: gradients often explode in spite of careful weights.",
    },
    how="Networks of twenty layers, {large.n} for every start, were measured before"
    " training, and trained for 500 updates of plain gradient descent on 1,024 rows of"
    " ten classes.",
    caveats=(
        "Not to explode is not enough to learn: ReLU networks with Glorot's weights, or"
        f" of fifty layers with He's, do not. {recipes.LEARNING} Each start has its own"
        " learning rate. Orthogonal weights carry a gain of √2 for ReLU."
    ),
    figure="gradient_depth",
)
