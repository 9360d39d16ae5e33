"""Both printed biases of the hidden layer are negative.

On the two equal inputs both units therefore work below zero, where the slope of the
activation decides the output, and four printed decimals tell which slope was used.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

SLOPES = {
    "slope_0_2": "the code as Keras runs it (slope 0.2)",
    "slope_0": "the text's ReLU (slope 0)",
    "slope_0_01": "the notes' example of a leaky ReLU (slope 0.01)",
}

CLAIM = Claim(
    statement="The printed weights give the printed raw outputs.",
    rows=("A-XOR-12",),
    source=f"{SOURCE}, output of the code",
    predictions=tuple(
        ExactCheck(
            label=f"largest deviation, {words}",
            measurement="printed_weights",
            quantity=f"deviation_at_{name}",
            expected=0.0,
            tolerance=5e-5,
        )
        for name, words in SLOPES.items()
    ),
    caveats="The tolerance is half a unit of the last printed decimal.",
    findings={
        "conditional": (
            "With the slope of 0.2 that the code has in Keras, the printed weights"
            " miss the printed outputs by at most {0}, which is rounding; with the"
            " text's ReLU they miss by {1}, and with the notes' own example of a"
            " slope, 0.01, by {2}."
        )
    },
)
