"""Glorot's rule divides two by the sum of both fans to get the variance of a weight.

Keras draws from a normal distribution cut off at two of its own deviations, and widens
it so that the deviation after the cut is the one asked for.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import equals

DRAWN = "initial_weights"
DEVIATION = "standard deviation over the stated one"
TAILS = "share beyond 2.5 deviations over that of a normal distribution"
LARGEST = "largest of a million weights, in deviations"
CLAIM = Claim(
    statement=(
        "Xavier normal draws weights from a normal distribution with standard"
        " deviation √(2 / (fan_in + fan_out))."
    ),
    strength="always",
    rows=("B-SOL-12",),
    source=f"{BASICS}, xavier normal",
    reference="Glorot and Bengio (2010), Understanding the difficulty, equation 12",
    core=(
        # Four standard errors of a million normal draws.
        equals(DRAWN, "sd_ratio_glorot_normal", 1.0, 0.003, key="sd", label=DEVIATION),
    ),
    beside=(
        # Five standard errors of the 12,419 draws expected there.
        equals(DRAWN, "far_share_over_normal", 1.0, 0.05, key="tails", label=TAILS),
    ),
    controls=(
        # A normal distribution cut off at two has a deviation of 0.8796.
        equals(
            DRAWN, "largest_weight_in_sds", 2.2737, 0.001, key="largest", label=LARGEST
        ),
    ),
    answers={
        "sd !tails": (
            "Yes, for the standard deviation; but Keras draws from a normal"
            " distribution that is cut off at {largest} standard deviations."
        ),
        "sd": "Yes: the standard deviation is as stated.",
        "!sd": "No: the standard deviation is not the stated one.",
    },
    how=(
        "A million weights of a layer of 500 inputs and 2,000 units were drawn by Keras"
        " and by this project's own code."
    ),
    caveats="The paper gives the variance and draws uniformly.",
)
