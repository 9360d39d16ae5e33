"""Glorot's rule divides two by the sum of both fans to get the variance of a weight.

Keras draws from a normal distribution cut off at two of its own deviations, and widens
it so that the deviation after the cut is the one asked for.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

CLAIM = Claim(
    statement=(
        "Xavier normal draws weights from a normal distribution with standard"
        " deviation √(2 / (fan_in + fan_out))."
    ),
    rows=("B-SOL-12",),
    source=f"{BASICS}, xavier normal",
    reference="Glorot and Bengio (2010), Understanding the difficulty, equation 12",
    predictions=(
        ExactCheck(
            label="standard deviation over the stated one",
            measurement="initial_weights",
            quantity="sd_ratio_glorot_normal",
            expected=1.0,
            # Four standard errors of a million normal draws.
            tolerance=0.003,
        ),
        ExactCheck(
            label="share beyond 2.5 deviations over that of a normal distribution",
            measurement="initial_weights",
            quantity="far_share_over_normal",
            expected=1.0,
            # Five standard errors of the 12,419 draws expected there.
            tolerance=0.05,
        ),
    ),
    controls=(
        ExactCheck(
            label="largest of a million weights, in deviations",
            measurement="initial_weights",
            quantity="largest_weight_in_sds",
            # A normal distribution cut off at two has a deviation of 0.8796.
            expected=2.2737,
            tolerance=0.001,
        ),
    ),
    caveats=(
        "A layer of 500 inputs and 2,000 units, drawn by Keras's GlorotNormal and by"
        " the stacks. The paper gives the variance and draws uniformly."
    ),
    findings={
        "conditional": (
            "The standard deviation of a million weights is {0} times the stated one,"
            " but Keras cuts the normal distribution off: beyond 2.5 deviations lie {1}"
            " times as many weights as in a normal one, and none beyond"
            " {controls[0]}."
        )
    },
)
