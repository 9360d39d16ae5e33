"""A layer multiplies the mean squared gradient by two factors.

They are the summed variance of its weights and the mean squared slope; saturation
lowers the slope, but larger weights, which bring it about, raise the other factor by
more. Small weights make every gradient vanish though hardly a unit is saturated; units
that biases hold in saturation are what the statement describes.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import signals
from ablations.rigs.depth.recipes import BASICS, SEEDS, SMALL
from ablations.rigs.depth.signals import GLOROT, HE, start
from ablations.rigs.readings import mostly, trend
from models.config import InitializerConfig

AXIS = "starting weights"
SATURATED = ScoreConfig(
    quantity="mean_saturated_share",
    at=0,
    at_least=0.1,
    words="have at least a tenth of their units in saturation",
)


def _start(activation: str, weights: InitializerConfig, bias: float = 0.0) -> Arm:
    arm = start(activation=activation, initializer=weights, bias_start=bias)
    return arm.with_levels(gain=weights.gain, bias=bias)


def _wide(activation: str, gain: float) -> Arm:
    return _start(activation, signals.times(gain, GLOROT))


SIGMOID, TANH, LARGE = _start("sigmoid", SMALL), _start("tanh", SMALL), "large weights"
SIGMOIDS = tuple(_wide("sigmoid", gain) for gain in (1.0, 4.0, 16.0))
TANHS = tuple(_wide("tanh", gain) for gain in (1.0, 2.0, 4.0))
BIASED = tuple(_start("tanh", GLOROT, bias) for bias in (0.0, 1.0, 2.0))


def _saturated(key: str, arm: Arm, weights: str, quick: bool = True) -> SuccessRate:
    return mostly(arm, SATURATED, key=key, at=(AXIS, weights), quick=quick)


def _falls(key: str, arms: tuple[Arm, ...], what: str, quick: bool = False) -> Trend:
    score, at = signals.first_gradient(), (AXIS, what)
    return trend(arms, "falls", score, 0.5, key=key, at=at, quick=quick)


CLAIM = Claim(
    statement=(
        "Gradients vanish because of activations such as sigmoid and tanh, whose slope"
        " is small for large inputs."
    ),
    rows=("B-VAN-1",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Glorot and Bengio (2010); Pennington, Schoenholz and Ganguli (2017)",
    axis=AXIS,
    core=(
        _saturated("sigmoid_small", SIGMOID, "small weights"),
        _saturated("sigmoid_glorot", SIGMOIDS[0], "Glorot weights"),
        _saturated("tanh_small", TANH, "small weights", quick=False),
        _saturated("tanh_biased", BIASED[-1], "large biases", quick=False),
        _falls("tanh_wide", TANHS, LARGE),
        _falls("sigmoid_wide", SIGMOIDS, LARGE, quick=True),
        _falls("tanh_biases", BIASED, "large biases"),
    ),
    beside=(
        mostly(_start("linear", SMALL), signals.arrives(), key="linear", quick=False),
        mostly(_start("relu", SMALL), signals.arrives(), key="relu_small"),
        mostly(_start("relu", HE), signals.arrives(), key="relu_he"),
    ),
    controls=(
        mostly(SIGMOID, signals.vanished(), key="vanished"),
        mostly(SIGMOIDS[-1], SATURATED, key="saturated"),
    ),
    seeds=SEEDS,
    answers={
        "!sigmoid_small tanh_biased !tanh_wide !sigmoid_wide tanh_biases": (
            "Not settled: biases that saturate tanh shrink gradients, large"
            " weights enlarge them; and sigmoid gradients vanish with"
            " {sigmoid_small} networks saturated."
        ),
        "core": "Yes: units mostly saturate where gradients vanish, and larger weights"
        " or biases make gradients smaller.",
        "!core": "No: gradients vanish in many networks without saturation, and larger"
        " weights or biases do not make them smaller.",
    },
    how=(
        "First gradients and slopes were measured in {sigmoid_small.n} untrained"
        " networks of twenty layers for every activation and start."
    ),
    caveats=(
        "Biases are zero unless given; a unit is saturated on a row where its slope is"
        " below a tenth of the largest."
    ),
    figure="gradient_depth",
)
