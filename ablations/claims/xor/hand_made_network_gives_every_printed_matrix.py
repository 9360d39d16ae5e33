"""The first hidden unit adds up the inputs, the second finds where both are 1.

The output takes the sum and subtracts twice the second unit, which turns 0, 1, 1, 2
into 0, 1, 1, 0.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE, measured


def deviation(of: str, label: str) -> ExactCheck:
    """Predict that no entry of a matrix deviates from the printed one."""
    quantity = f"deviation_of_{of}"
    return measured("hand_made_network", quantity, 0.0, label)


CLAIM = Claim(
    statement="The hand-made network with two ReLU units gives every printed matrix.",
    strength="always",
    rows=("A-XOR-6",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    core=(
        deviation("product", "largest deviation of inputs times weights"),
        deviation("preactivation", "largest deviation before ReLU"),
        deviation("hidden", "largest deviation after ReLU"),
        deviation("output", "largest deviation of the outputs"),
    ),
    beside=(deviation("keras", "largest deviation of the outputs in Keras"),),
    answers={
        "core": "Yes: every entry of the four printed matrices comes out exactly.",
        "!deviation_of_output": (
            "No: an output is {deviation_of_output} away from what is printed."
        ),
    },
    how="Every printed step was computed anew in NumPy, the outputs in Keras as well.",
)
