"""A layer multiplies the squared error behind it by sigma_w^2 E[phi'(z)^2].

Saturation lowers the mean square of the slope phi', but larger weights, which bring it
about, raise the first factor by more.
Small weights make every gradient vanish while no unit is saturated; units that biases
hold in saturation are what the statement describes.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import BASICS, SEEDS, SMALL
from ablations.rigs.depth.signals import (
    GLOROT,
    HE,
    arrives,
    first_gradient,
    start,
    times,
    vanished,
)
from ablations.rigs.readings import mostly
from models.config import InitializerConfig

SATURATED = ScoreConfig(
    quantity="mean_saturated_share",
    at=0,
    at_least=0.1,
    words="have at least a tenth of their units in saturation",
)

GAINS = (1.0, 2.0, 4.0)
BIASES = (0.0, 1.0, 2.0)
SIGMOID_GAINS = (1.0, 4.0, 16.0)


def _wide(activation: str, gain: float) -> str:
    return f"{activation}, weights {gain:g} times Glorot's"


def _biased(bias: float) -> str:
    return f"tanh, Glorot's weights, biases of {bias:g}" if bias else _wide("tanh", 1.0)


def _start(activation: str, initializer: InitializerConfig, bias: float = 0.0) -> Arm:
    return start(activation=activation, initializer=initializer, bias_start=bias)


VANISHING = {
    "sigmoid, small weights": _start("sigmoid", SMALL),
    _wide("sigmoid", 1.0): _start("sigmoid", GLOROT),
    "tanh, small weights": _start("tanh", SMALL),
    _biased(2.0): _start("tanh", GLOROT, 2.0),
}
OTHERS = {
    "linear, small weights": _start("linear", SMALL),
    "ReLU, small weights": _start("relu", SMALL),
    "ReLU, He's weights": _start("relu", HE),
}
ARMS = {
    **VANISHING,
    **OTHERS,
    **{_wide("tanh", g): _start("tanh", times(g, GLOROT)) for g in GAINS},
    **{_wide("sigmoid", g): _start("sigmoid", times(g, GLOROT)) for g in SIGMOID_GAINS},
    **{_biased(b): _start("tanh", GLOROT, b) for b in BIASES},
}

CLAIM = Claim(
    statement=(
        "Gradients vanish because of activations such as sigmoid and tanh, whose slope"
        " is small for large inputs."
    ),
    rows=("B-VAN-1",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Glorot and Bengio (2010); Pennington, Schoenholz and Ganguli (2017)",
    arms=ARMS,
    predictions=(
        *(
            mostly(f"saturated where gradients vanish: {name}", name, SATURATED)
            for name in VANISHING
        ),
        *(
            mostly(f"nothing vanishes without sigmoid or tanh: {name}", name, arrives())
            for name in OTHERS
        ),
        *(
            Trend(
                label=f"the gradient falls with {what}",
                arms=names,
                scores=(first_gradient(),),
                margin=0.5,
                direction="falls",
            )
            for what, names in (
                ("tanh, larger weights", tuple(_wide("tanh", g) for g in GAINS)),
                (
                    "sigmoid, larger weights",
                    tuple(_wide("sigmoid", g) for g in SIGMOID_GAINS),
                ),
                ("tanh, larger biases", tuple(_biased(b) for b in BIASES)),
            )
        ),
    ),
    beyond_quick=(
        "saturated where gradients vanish: tanh, small weights",
        f"saturated where gradients vanish: {_biased(2.0)}",
        "nothing vanishes without sigmoid or tanh: linear, small weights",
        "the gradient falls with tanh, larger weights",
        "the gradient falls with tanh, larger biases",
    ),
    controls=(
        mostly("gradients vanish: sigmoid", "sigmoid, small weights", vanished()),
        mostly(
            "weights 16 times Glorot's saturate sigmoids",
            _wide("sigmoid", 16.0),
            SATURATED,
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "It holds where biases of 2 saturate tanh units: the first gradient"
            " changes by {9} orders of magnitude over {9.n} seeds. It fails for"
            " weights: small ones make sigmoid gradients vanish although {0} of runs"
            " have a tenth of their units saturated, and leave {5} of ReLU networks a"
            " usual gradient; fourfold ones change that of tanh by {7} orders."
        )
    },
    caveats=(
        "Twenty layers of 64 units at the start, biases zero unless given; a unit is"
        " saturated on a row where its slope is below a tenth of the largest."
    ),
    figure="gradient_depth",
)
