"""Weights can be drawn so that a layer keeps the size of signals, on average.

Training then changes them little enough in each layer to keep the balance, where the
activation lets the two directions agree.
A sigmoid's slope of a quarter and its mean of one half leave no such rule to Glorot's
formula.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS, OLD, SEEDS, balanced, recipe
from ablations.rigs.depth.signals import DEPTHS, arrives, start_of, trained, vanished
from ablations.rigs.readings import Said, mostly, rarely

WEIGHTS = {"relu": "he_normal", "sigmoid": "glorot_uniform", "tanh": "glorot_uniform"}


def _arm(activation: str, depth: int, initializer: str = "") -> Arm:
    make = trained if depth in DEPTHS else recipe
    weights = initializer or WEIGHTS[activation]
    return make(activation=activation, initializer=weights, depth=depth)


PLACES = {
    "relu_4": _arm("relu", 4),
    "relu_8": _arm("relu", 8),
    "relu_20": _arm("relu", 20),
    "relu_50": _arm("relu", 50),
    "sigmoid_4": _arm("sigmoid", 4),
    "sigmoid_8": _arm("sigmoid", 8),
    "sigmoid_20": _arm("sigmoid", 20),
    "tanh_glorot": _arm("tanh", 20),
    "tanh_orthogonal": _arm("tanh", 20, "orthogonal"),
}
QUICK = ("relu_8", "relu_20", "sigmoid_8", "sigmoid_20")


def _said(key: str, words: str, end: str = "") -> Said:
    arm = PLACES[key]
    label = f"runs whose {words}, {start_of(arm)}, {arm.levels['depth']:g} layers"
    return {"key": f"{key}{end}", "label": label, "quick": key in QUICK}


CLAIM = Claim(
    statement=(
        "Well-chosen first weights keep gradients from vanishing and from exploding."
    ),
    strength="can",
    rows=("B-SOL-10",),
    source=f"{BASICS}, proper weight initialization",
    reference="Glorot and Bengio (2010); He et al. (2015)",
    axis="depth",
    core=tuple(
        mostly(
            arm,
            arrives(),
            headline=key == "relu_20",
            **_said(key, "first gradient starts with its usual size"),
        )
        for key, arm in PLACES.items()
    ),
    beside=tuple(
        mostly(
            arm,
            balanced(500),
            **_said(key, "gradients stay in balance in training", "_balanced"),
        )
        for key, arm in PLACES.items()
    ),
    controls=(
        mostly(
            OLD,
            vanished(),
            key="vanishing",
            label="runs whose gradients vanish from small weights",
        ),
        rarely(
            OLD,
            balanced(),
            key="unbalanced",
            label="runs whose gradients start in balance from small weights",
        ),
    ),
    seeds=SEEDS,
    answers={
        "relu_8 relu_20 relu_50 !sigmoid_8": (
            "Yes: with ReLU and He's weights gradients keep their usual size even in"
            " fifty layers; with sigmoids and Glorot's they do not in eight."
        ),
        "core": "Yes: with weights that fit the activation, gradients keep their usual"
        " size at every depth.",
        "!core": "No: even with weights that fit the activation, gradients do not keep"
        " their usual size at any depth.",
    },
    how=(
        "Twenty networks of 4 to 50 layers each were measured before training, and"
        " through 500 updates of plain gradient descent at their best rate."
    ),
    caveats=(
        "Size is that of the first layer's gradient, balance its ratio to the last"
        " hidden layer's, within a factor of ten."
    ),
    figure="gradient_depth",
)
