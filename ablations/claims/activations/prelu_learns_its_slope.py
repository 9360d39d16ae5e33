"""The slope of a PReLU is a weight, with a gradient from every input below zero.

So it moves to where the loss is least, as all weights do; inputs above zero tell it
nothing.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import agrees, at_least, at_most

LEARNED = "learned_slopes"
NEAR = 0.001
FROM = {"zero": "zero", "quarter": "a quarter"}

CLAIM = Claim(
    statement="PReLU learns its slope for negative values.",
    strength="always",
    rows=("B-ACT-16",),
    source=f"{BASICS}, table of activations",
    reference="He, Zhang, Ren and Sun (2015), Delving deep into rectifiers",
    core=(
        *(
            at_most(
                LEARNED,
                f"distance_from_{start}",
                NEAR,
                key=start,
                label="distance of learned slopes from the true ones, started at"
                f" {words}",
            )
            for start, words in FROM.items()
        ),
        at_least("preset_slopes", "trainable_numbers_of_prelu", 1.0, key="trained"),
    ),
    beside=(
        agrees(
            LEARNED,
            "gradient_deviation",
            "gradient",
            "deviation of a slope's first gradient from the formula",
        ),
    ),
    answers={
        "core": "Yes: a unit given the outputs of another one finds its slope, be it"
        " negative, zero, small or one.",
        "!core": "No: a unit given the outputs of another one does not find its slope.",
    },
    how="A PReLU unit of Keras learned five slopes by gradient descent, from the first"
    " slope of Keras and from that of the paper.",
    caveats="One unit whose weight and bias are known. Which slopes units of a network"
    " take is not asked.",
)
