"""Both printed biases are negative, so on the two equal inputs both hidden units work
below zero, where the activation's slope decides the output.
Outputs printed to four decimals therefore tell which slope produced them.
"""

from ablations.claim import Claim
from ablations.prediction import ExactCheck
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
)
