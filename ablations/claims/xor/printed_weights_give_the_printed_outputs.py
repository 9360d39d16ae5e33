"""Both printed biases of the hidden layer are negative.

As the two weights of each unit nearly cancel, on the two equal inputs both units work
below zero, where the slope of the activation decides the output, and four printed
decimals tell which slope was used.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE, measured


def deviation(slope: str, label: str) -> ExactCheck:
    """Predict that with a slope below zero the outputs are the printed ones."""
    quantity, label = f"deviation_at_{slope}", f"largest deviation of an output {label}"
    return measured("printed_weights", quantity, 0.0, label, tolerance=5e-5)


CLAIM = Claim(
    statement="The printed weights give the printed raw outputs.",
    strength="always",
    rows=("A-XOR-12",),
    source=f"{SOURCE}, output of the code",
    core=(deviation("slope_0_2", "with slope 0.2, as Keras runs the code"),),
    beside=(
        deviation("slope_0", "with slope 0, the text's ReLU"),
        deviation("slope_0_01", "with slope 0.01, the notes' example of a leaky ReLU"),
    ),
    answers={
        "core !deviation_at_slope_0": (
            "Yes, to the last printed decimal, with the leaky ReLU of the code; with"
            " the ReLU of the text an output is {deviation_at_slope_0} off."
        ),
        "core": "Yes, to the last printed decimal.",
        "!core": (
            "No: with the code's activation an output is {deviation_at_slope_0_2} off."
        ),
    },
    how="A Keras network with the printed weights was evaluated on the four rows.",
    caveats="The tolerance is half a unit of the last printed decimal.",
)
