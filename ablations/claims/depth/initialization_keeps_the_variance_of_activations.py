"""A layer multiplies the mean square of its inputs by the weight variance times fan_in.

The activation then takes its own share, so each initializer balances one kind of
activation only. The variance over inputs, which tells them apart, shrinks all the same:
a sigmoid layer keeps less than a fifth of it, a ReLU layer with He's weights nine
tenths.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import at_most, equals

MEASURED, SAME = "activation_variance", 0.02
"""Change per layer that counts as none: less than half as much again in 20 layers."""

WORDS = {"glorot": "Xavier", "he": "He", "relu": "ReLU", "linear": "linear units"}
WIDEST = "half of a 95 % interval over networks, widest of all"
MATCHED = ("linear_glorot", "tanh_glorot", "sigmoid_glorot", "relu_he")
OTHERS = ("relu_glorot", "linear_he", "tanh_he", "sigmoid_he")


def _keeps(pair: str, what: str = "variance", start: str = "") -> ExactCheck:
    """Predict that a layer keeps a quantity; a pair is an activation and a rule."""
    name, rule = (WORDS.get(word, word) for word in pair.split("_"))
    label = f"factor per layer of the {what.replace('_', ' ')}, {rule} with {name}"
    said, at = f"{what}_{pair}", ("activation", name)
    return equals(MEASURED, said, 1.0, SAME, key=start + pair, label=label, at=at)


CLAIM = Claim(
    statement="Xavier and He initialization keep the variance of the activations the"
    " same across layers.",
    strength="always",
    rows=("B-SOL-11",),
    source=f"{BASICS}, proper weight initialization",
    reference="Glorot and Bengio (2010); He et al. (2015); Poole et al. (2016),"
    " Exponential expressivity in deep neural networks through transient chaos",
    axis="activation",
    core=tuple(map(_keeps, MATCHED)),
    beside=(
        *map(_keeps, OTHERS),
        *(_keeps(pair, "input_variance", "inputs_") for pair in MATCHED),
    ),
    controls=(
        _keeps("relu_he", "second_moment", "square_"),
        at_most(
            MEASURED, "largest_half_width", SAME / 2, key="half_width", label=WIDEST
        ),
    ),
    answers={
        "linear_glorot relu_he !tanh_glorot !sigmoid_glorot": "No: Xavier keeps it for"
        " linear units, He for ReLU, but a tanh layer with Xavier leaves {tanh_glorot}"
        " of the variance, a sigmoid layer {sigmoid_glorot}.",
        "core": "Yes: Xavier keeps it for linear units, tanh and sigmoid, He for ReLU.",
        "!core": "No: neither rule keeps it for any activation that it is meant for.",
    },
    how="Variances were followed from the first to the last of 20 layers of 128 units,"
    " in 128 random networks before any training.",
    caveats=(
        "Variance is over the units of a layer, input variance over inputs."
        " That equal variances make training stable is not asked here."
    ),
)
