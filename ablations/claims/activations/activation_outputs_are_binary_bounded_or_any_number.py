"""What an activation returns is bounded by its flat ends, if it has any.

A step has two values, a curve with two flat ends all between them, and one without flat
ends every number.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, at_most, equals

KINDS = "output_kinds"

CLAIM = Claim(
    statement="Activations can have binary outputs, outputs between zero and one, or"
    " unbounded ones.",
    strength="can",
    rows=("B-ACT-2",),
    source=f"{BASICS}, output range",
    core=(
        equals(
            KINDS,
            "values_of_step",
            2.0,
            key="binary",
            label="different outputs of a step",
        ),
        at_least(
            KINDS,
            "lowest_of_sigmoid",
            0.0,
            key="from_zero",
            label="lowest output of the sigmoid",
        ),
        at_most(
            KINDS,
            "highest_of_sigmoid",
            1.0,
            key="to_one",
            label="highest output of the sigmoid",
        ),
        at_least(
            KINDS,
            "highest_of_linear",
            65_000.0,
            key="unbounded",
            label="highest output of the linear activation, for inputs to 65,504",
        ),
        at_least(
            KINDS,
            "values_of_sigmoid",
            1000.0,
            key="many",
            label="different outputs of the sigmoid",
        ),
    ),
    beside=(
        at_least(KINDS, "lowest_of_tanh", 0.0, key="tanh", label="lowest tanh"),
        at_most(KINDS, "highest_of_relu", 1.0, key="relu", label="highest ReLU"),
    ),
    answers={
        "core !tanh !relu": "Yes, all three exist; tanh, from minus one to one, and"
        " ReLU, bounded below only, are of further kinds.",
        "core": "Yes: there are activations of all three kinds.",
        "!core": "No: there are no activations of these kinds.",
    },
    how=(
        "The outputs of activations were counted and bounded at all 63,487"
        " numbers of half precision."
    ),
)
