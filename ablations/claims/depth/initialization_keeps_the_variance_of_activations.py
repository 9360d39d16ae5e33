"""A layer multiplies the mean square of its inputs by the weight variance times fan_in.

The activation then takes its own share, one half for ReLU and most of it for the
sigmoid, so each initializer balances one kind of activation only.
What He keeps for ReLU is the mean square; the part of it that tells inputs apart
shrinks, since their activations become more and more alike.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import at_most, equals

SAME = 0.02
"""Change per layer that counts as none: less than half as much again in 20 layers."""

RULES = {"glorot": "Xavier", "he": "He"}
NAMES = {"linear": "linear units", "tanh": "tanh", "sigmoid": "sigmoid", "relu": "ReLU"}
MATCHED = ("linear_glorot", "tanh_glorot", "sigmoid_glorot", "relu_he")
OTHERS = ("relu_glorot", "linear_he", "tanh_he", "sigmoid_he")


def _keeps(key: str, quantity: str, what: str) -> ExactCheck:
    """Predict that a layer keeps a quantity; a key is an activation and a rule."""
    name, rule = key.rsplit("_")[-2:]
    return equals(
        "activation_variance",
        f"{quantity}_{name}_{rule}",
        1.0,
        SAME,
        key=key,
        label=f"factor per layer of {what}, {RULES[rule]} with {NAMES[name]}",
        at=("activation", NAMES[name]),
    )


CLAIM = Claim(
    statement=(
        "Xavier and He initialization keep the variance of the activations the same"
        " across layers."
    ),
    strength="always",
    rows=("B-SOL-11",),
    source=f"{BASICS}, proper weight initialization",
    reference=(
        "Glorot and Bengio (2010); He et al. (2015); Poole et al. (2016), Exponential"
        " expressivity in deep neural networks through transient chaos"
    ),
    axis="activation",
    core=tuple(_keeps(key, "variance", "the variance") for key in MATCHED),
    beside=(
        *(_keeps(key, "variance", "the variance") for key in OTHERS),
        *(
            _keeps(f"inputs_{key}", "input_variance", "the variance over inputs")
            for key in MATCHED
        ),
    ),
    controls=(
        _keeps("square_relu_he", "second_moment", "the mean square"),
        at_most(
            "activation_variance",
            "largest_half_width",
            # Half of what counts as a change.
            SAME / 2,
            key="half_width",
            label="half of a 95 % interval over networks, widest of all",
        ),
    ),
    answers={
        "linear_glorot relu_he !tanh_glorot !sigmoid_glorot": (
            "No: Xavier keeps it for linear units, He for ReLU, but a tanh layer"
            " with Xavier leaves {tanh_glorot} times the variance, a sigmoid layer"
            " {sigmoid_glorot}."
        ),
        "core": "Yes: Xavier keeps it for linear units, tanh and sigmoid, and He for"
        " ReLU.",
        "!core": "No: Xavier keeps it neither for linear units nor for tanh or sigmoid,"
        " nor He for ReLU.",
    },
    how=(
        "Variances were followed from the first to the last of 20 layers of 128 units,"
        " in 128 random networks before any training."
    ),
    caveats="That equal variances make training stable is not asked here.",
)
