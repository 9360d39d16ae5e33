"""Each layer multiplies the error that passes back through it by about one factor.

The factor is the slope of its activation times the size of its weights, far below one
in old recipes, so that the product falls exponentially with the number of layers.
With weights that make the factor one, depth costs nothing.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import recipes, signals
from ablations.rigs.depth.signals import start, trained
from ablations.rigs.readings import Said, alike, trend

STARTS = {
    "sigmoid_small": ("sigmoid", recipes.SMALL),
    "sigmoid_glorot": ("sigmoid", signals.GLOROT),
    "relu_small": ("relu", recipes.SMALL),
    "relu_he": ("relu", signals.HE),
}
OLD, NEW = "sigmoid_glorot", "relu_he"
NOW, LATER = signals.first_gradient(), recipes.gradient_ratio(500)
PER_LAYER = ScoreConfig(
    quantity="gradient_slope",
    at=0,
    words="log10 of the gradient's growth per layer at the start",
)


def _arm(kind: str, depth: int) -> Arm:
    activation, initializer = STARTS[kind]
    make = start if depth == 20 else trained
    return make(activation=activation, initializer=initializer, depth=depth)


def _fades(kind: str, to: int, score: ScoreConfig = NOW) -> Trend:
    few = 4 if to == 8 else 8
    fewer, more = _arm(kind, few), _arm(kind, to)
    key = f"{kind}_{'later' if score == LATER else to}"
    start_words = signals.start_of(more)
    said = Said(key=key, at=("starting weights", start_words))
    said["label"] = f"{score.words}, from {few} to {to} layers; {start_words}"
    said["quick"] = key in (f"{OLD}_20", f"{NEW}_20")
    said["headline"] = key == f"{OLD}_20"
    # Gradients of 20 layers are those of the start, whatever the rate.
    said["differs_in"] = ("tuning",)
    return trend((fewer, more), "falls", score, 0.5, **said)


PAIR = _arm(OLD, 20), _arm(OLD, 8)

CLAIM = Claim(
    statement=(
        "The more layers a network has, the less of the feedback it learns from is left"
        " at the first."
    ),
    rows=("A-INT-6",),
    source=recipes.NOTES,
    reference="Hochreiter (1991); Glorot and Bengio (2010)",
    axis="starting weights",
    core=(
        *(_fades(kind, to) for kind in STARTS for to in (8, 20)),
        _fades(OLD, 8, LATER),
        _fades(NEW, 8, LATER),
    ),
    beside=(alike(*PAIR, PER_LAYER, 0.1, key="per_layer", differs_in=("tuning",)),),
    seeds=recipes.SEEDS,
    answers={
        "sigmoid_small_8 sigmoid_small_20 sigmoid_glorot_8 sigmoid_glorot_20"
        " relu_small_8 relu_small_20 sigmoid_glorot_later !relu_he_8 !relu_he_20"
        " !relu_he_later": (
            "It depends: with sigmoids or small weights the first layer's gradient"
            " fades as layers are added; with ReLU and He's weights it hardly does."
        ),
        "core": "Yes: with each activation and start, the more layers, the smaller the"
        " gradient at the first.",
        "!core": "No: with no activation and start does the gradient at the first of"
        " more layers get clearly smaller.",
    },
    how=(
        "The first layer's gradient was measured in {sigmoid_glorot_20.n}"
        " networks of four, eight and twenty layers for two activations with two"
        " starts each, before training; those of four and eight also after 500"
        " updates on 1,024 rows of ten classes."
    ),
    caveats=(
        "A fall by half an order of magnitude is the smallest that counts; after 500"
        " updates it is that of the gradient's ratio to the last hidden layer's."
    ),
    figure="gradient_depth",
)
