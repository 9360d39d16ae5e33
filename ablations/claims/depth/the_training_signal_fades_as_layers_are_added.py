"""Each layer multiplies the error that passes back through it by about one factor.

The factor is the slope of its activation times the size of its weights, far below one
in old recipes, so that the product falls exponentially with the number of layers.
With weights that make the factor one, depth costs nothing.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import DEPTH, NOTES, SEEDS, SMALL, gradient_ratio
from ablations.rigs.depth.signals import GLOROT, HE, first_gradient, start, trained

STARTS = {
    "sigmoid, small weights": ("sigmoid", SMALL),
    "sigmoid, Glorot's weights": ("sigmoid", GLOROT),
    "ReLU, small weights": ("relu", SMALL),
    "ReLU, He's weights": ("relu", HE),
}
OLD, NEW = "sigmoid, Glorot's weights", "ReLU, He's weights"

LATER = 500
"""Updates after which the signal is looked at again."""

PER_LAYER = ScoreConfig(
    quantity="gradient_slope",
    at=0,
    words="log10 of the gradient's growth per layer at the start",
)


def _name(kind: str, depth: int) -> str:
    return f"{kind}, {depth} layers"


def _arm(kind: str, depth: int) -> Arm:
    activation, initializer = STARTS[kind]
    make = start if depth == DEPTH else trained
    return make(activation=activation, initializer=initializer, depth=depth)


def _fades(kind: str, fewer: int, depth: int, score: ScoreConfig) -> Trend:
    after = f", after {score.at:,} updates" if score.at else ""
    return Trend(
        label=f"{kind}, {fewer} to {depth} layers{after}",
        arms=(_name(kind, fewer), _name(kind, depth)),
        scores=(score,),
        margin=0.5,
        direction="falls",
        at=("depth", depth),
        # Gradients of 20 layers are those of the start, whatever the rate.
        differs_in=("tuning",),
    )


CLAIM = Claim(
    statement=(
        "The more layers a network has, the less of the feedback it learns from is left"
        " at the first."
    ),
    rows=("A-INT-6",),
    source=NOTES,
    reference="Hochreiter (1991); Glorot and Bengio (2010)",
    arms={
        _name(kind, depth): _arm(kind, depth) for kind in STARTS for depth in (4, 8, 20)
    },
    predictions=(
        *(
            _fades(kind, fewer, depth, first_gradient())
            for kind in STARTS
            for fewer, depth in ((4, 8), (8, 20))
        ),
        *(_fades(kind, 4, 8, gradient_ratio(LATER)) for kind in (OLD, NEW)),
        Equivalence(
            label=f"{OLD}: 20 layers lose as much per layer as 8",
            treatment=_name(OLD, 20),
            control=_name(OLD, 8),
            score=PER_LAYER,
            margin=0.1,
            differs_in=("tuning",),
        ),
    ),
    beyond_quick=(
        *(f"{kind}, 8 to 20 layers" for kind in STARTS if kind not in (OLD, NEW)),
        *(f"{kind}, 4 to 8 layers" for kind in STARTS),
        *(f"{kind}, 4 to 8 layers, after {LATER} updates" for kind in (OLD, NEW)),
    ),
    headline=f"{OLD}, 8 to 20 layers",
    seeds=SEEDS,
    caveats=(
        "Gradients of the first kernel, in orders of magnitude, of which half an order"
        " is the smallest that matters; after training, its ratio to that of the last"
        " hidden layer."
    ),
    figure="gradient_depth",
    findings={
        "conditional": (
            "From 8 to 20 layers, the first layer's gradient falls by many orders of"
            " magnitude: {1} for the sigmoid with small weights, {3} with Glorot's,"
            " and {5} for ReLU with small weights, over {1.n} seeds. With ReLU and"
            " He's weights it changes by {7}, less than the half order that counts."
        )
    },
)
