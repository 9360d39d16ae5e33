"""The distance of tanh x from one is 2 / (exp(2x) + 1), which is never zero.

Float32 has no number between one and one less 6e-8, and Keras's formula of tanh
gives exactly one somewhat earlier.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

RANGE = "tanh_range"

CLAIM = Claim(
    statement="Tanh maps every real number to a number strictly between minus one and"
    " one.",
    strength="always",
    rows=("A-ACT-11",),
    source=f"{NOTES}, tanh; also the table of the other notes",
    core=(
        equals(
            RANGE,
            "real_inputs_that_give_one",
            0.0,
            key="real",
            label="real numbers tried that give one or minus one",
        ),
        equals(
            RANGE,
            "outputs_outside",
            0.0,
            key="outside",
            label="outputs that are not between minus one and one",
        ),
    ),
    beside=(
        equals(
            RANGE,
            "share_of_inputs_that_give_one",
            0.0,
            key="float32",
            label="share of half-precision numbers that give ±1 in float32",
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
        " of the numbers of half precision give exactly one or minus one.",
        "core": "Yes: no number was found that gives one or minus one.",
        "!core": "No: there are numbers that give one or minus one.",
    },
    how=(
        "The distances from both ends were computed at nearly 4,000 numbers up to"
        " 65,504, with 30 digits and exponents without bound, and all of half"
        " precision by Keras."
    ),
)
