"""The first hidden unit adds up the inputs, the second finds where both are 1.

The output takes the sum and subtracts twice the second unit, which turns 0, 1, 1, 2
into 0, 1, 1, 0.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

STEPS = ("product", "preactivation", "hidden", "output")

CLAIM = Claim(
    statement="The hand-made network with two ReLU units gives every printed matrix.",
    rows=("A-XOR-6",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    predictions=(
        *(
            ExactCheck(
                label=f"largest deviation of the {step} matrix",
                measurement="hand_made_network",
                quantity=f"deviation_of_{step}",
                expected=0.0,
            )
            for step in STEPS
        ),
        ExactCheck(
            label="largest deviation of the outputs of the Keras network",
            measurement="hand_made_network",
            quantity="deviation_of_keras",
            expected=0.0,
        ),
    ),
    findings={
        "supported": (
            "Every entry of every printed matrix comes out: the outputs deviate by"
            " {3} in the arithmetic and by {4} in the Keras network."
        )
    },
)
