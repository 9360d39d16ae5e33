"""Gradients explode when each layer multiplies them by more than one.

He's rule for ReLU, and Glorot's or orthogonal weights for tanh, bring that factor to
about one; a gain a little above it is enough to explode at twenty layers.
Glorot's rule with ReLU stays below one, and the signal fades instead.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.recipes import recipe, rescues, succeeds
from ablations.rigs.depth.signals import GLOROT, HE, ORTHOGONAL, exploded, times
from ablations.rigs.readings import Said, mostly, rarely

CAREFUL: dict[str, dict[str, Any]] = {
    "relu_he": {"activation": "relu", "initializer": HE},
    "relu_glorot": {"activation": "relu", "initializer": GLOROT},
    "relu_gain": {"activation": "relu", "initializer": times(2.0**0.5, ORTHOGONAL)},
    "tanh_glorot": {"activation": "tanh", "initializer": GLOROT},
    "tanh_orthogonal": {"activation": "tanh", "initializer": ORTHOGONAL},
}
RELU_LARGE: dict[str, Any] = {"activation": "relu", "initializer": times(2.0, HE)}
TANH_LARGE: dict[str, Any] = {"activation": "tanh", "initializer": times(8.0, GLOROT)}


def _trained(start: dict[str, Any]) -> Arm:
    return recipe(rates=recipes.TINY_RATES, **start)


def _said(key: str, words: str, end: str = "") -> Said:
    start = signals.start_of(signals.start(**CAREFUL[key]))
    return {
        "key": f"{key}{end}",
        "label": f"{words}, {start}",
        "at": ("initialization", start),
        "quick": key == "relu_he",
    }


CLAIM = Claim(
    statement="Careful initialization of weights is a solution to exploding gradients.",
    rows=("B-EXP-5",),
    source=f"{recipes.BASICS}, exploding gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2014); He et al. (2015)",
    axis="initialization",
    core=tuple(
        rarely(
            signals.start(**start),
            exploded(),
            **_said(key, "runs whose gradients explode"),
        )
        for key, start in CAREFUL.items()
    ),
    beside=(
        *(
            succeeds(_trained(start), **_said(key, "runs that learn", "_learns"))
            for key, start in CAREFUL.items()
        ),
        succeeds(
            recipe(depth=50, **CAREFUL["relu_he"]),
            key="fifty_learn",
            label="runs that learn, ReLU, He weights, 50 layers",
            quick=False,
        ),
        rescues(
            _trained(CAREFUL["relu_he"]),
            _trained(RELU_LARGE),
            key="relu_rescued",
            label="runs that He weights let learn beside twice as large ones",
        ),
        rescues(
            _trained(CAREFUL["tanh_glorot"]),
            _trained(TANH_LARGE),
            key="tanh_rescued",
            label="runs that Glorot weights let learn beside eightfold ones",
            quick=False,
        ),
    ),
    controls=(
        mostly(
            signals.start(**RELU_LARGE),
            exploded(),
            key="large",
            label="runs whose gradients explode, ReLU, twice He weights",
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
