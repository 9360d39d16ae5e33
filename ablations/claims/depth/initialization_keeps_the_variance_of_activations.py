"""A layer multiplies the mean square of its inputs by the weight variance times fan_in.

The activation then takes its own share, one half for ReLU and most of it for the
sigmoid, so each initializer balances one kind of activation only.
What He keeps for ReLU is the mean square; the part of it that tells inputs apart
shrinks, since their activations become more and more alike.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

SAME = 0.02
"""Change per layer that counts as none: less than half as much again in 20 layers."""

RULES = {"glorot": "Xavier", "he": "He"}
MATCHED = (
    ("linear", "glorot"),
    ("tanh", "glorot"),
    ("sigmoid", "glorot"),
    ("relu", "he"),
)

CLAIM = Claim(
    statement=(
        "Xavier and He initialization keep the variance of the activations the same"
        " across layers."
    ),
    rows=("B-SOL-11",),
    source=f"{BASICS}, proper weight initialization",
    reference=(
        "Glorot and Bengio (2010); He et al. (2015); Poole et al. (2016), Exponential"
        " expressivity in deep neural networks through transient chaos"
    ),
    predictions=(
        *(
            ExactCheck(
                label=f"variance, factor per layer, {RULES[rule]} with {name}",
                measurement="activation_variance",
                quantity=f"variance_{name}_{rule}",
                expected=1.0,
                tolerance=SAME,
            )
            for rule in RULES
            for name in ("linear", "tanh", "sigmoid", "relu")
        ),
        *(
            ExactCheck(
                label=f"variance over inputs, factor per layer, {RULES[rule]} with"
                f" {name}",
                measurement="activation_variance",
                quantity=f"input_variance_{name}_{rule}",
                expected=1.0,
                tolerance=SAME,
            )
            for name, rule in MATCHED
        ),
    ),
    controls=(
        ExactCheck(
            label="mean square, factor per layer, He with relu",
            measurement="activation_variance",
            quantity="second_moment_relu_he",
            expected=1.0,
            tolerance=SAME,
        ),
        ExactCheck(
            label="half of a 95 % interval over networks, widest of all",
            measurement="activation_variance",
            quantity="largest_half_width",
            # Half of what counts as a change.
            expected=SAME / 2,
            relation="at_most",
        ),
    ),
    caveats=(
        "From the first to the last of 20 layers of 128 units, the mean of 128 random"
        " networks before any training. That equal variances make training stable is"
        " not asked here."
    ),
    findings={
        "conditional": (
            "The variance changes per layer by a factor of {0} with Xavier and linear"
            " units and of {7} with He and ReLU, which is to keep it; but of {1} with"
            " Xavier and tanh, {2} with Xavier and the sigmoid, {3} with Xavier and"
            " ReLU, and {4} with He and linear units. The variance over inputs, which"
            " tells one input from another, changes by {11} with He and ReLU and by"
            " {10} with Xavier and the sigmoid."
        )
    },
)
