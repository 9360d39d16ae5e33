"""The exponential of a real number is never zero, so neither is the sigmoid.

Numbers of a computer end: float32 has none between one and one less 6e-8, and
none but zero below about ten to the minus 38.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

RANGE = "sigmoid_range"

CLAIM = Claim(
    statement="The sigmoid maps every real number to a number strictly between zero and"
    " one.",
    strength="always",
    rows=("A-ACT-7",),
    source=f"{NOTES}, sigmoid; also the table of the other notes",
    core=(
        equals(
            RANGE,
            "real_inputs_that_give_zero_or_one",
            0.0,
            key="real",
            label="real numbers tried that give zero or one",
        ),
        equals(
            RANGE,
            "outputs_outside",
            0.0,
            key="outside",
            label="outputs that are not between zero and one",
        ),
    ),
    beside=(
        equals(
            RANGE,
            "share_of_inputs_that_give_zero_or_one",
            0.0,
            key="float32",
            label="share of half-precision numbers that give zero or one in float32",
        ),
        at_least(
            RANGE,
            "smallest_input_that_gives_one",
            100.0,
            key="one",
            label="smallest number that gives one in float32",
        ),
    ),
    answers={
        "core !float32": "Yes for real numbers; computed in float32, {float32.percent}"
        " of the numbers of half precision give exactly zero or one.",
        "core": "Yes: no number was found that gives zero or one.",
        "!core": "No: there are numbers that give zero or one.",
    },
    how=(
        "The distances from both ends were computed at nearly 4,000 numbers up to"
        " 65,504, with 30 digits and exponents without bound, and all of half"
        " precision by Keras."
    ),
)
