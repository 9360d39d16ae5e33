"""The hidden layer gives both mixed inputs the same two values.

Before ReLU all points lie on one line, in the order equal, mixed, equal; ReLU silences
the second unit except on (1, 1), which pulls that point off the line, so that three
points remain that a line separates.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement="After ReLU, a line separates the XOR points in the hidden space.",
    rows=("A-XOR-8",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    predictions=(
        ExactCheck(
            label="a line separates the points after ReLU",
            measurement="hidden_space",
            quantity="is_separable_after_relu",
            expected=1.0,
        ),
        ExactCheck(
            label="a line separates the points before the hidden layer",
            measurement="hidden_space",
            quantity="is_separable_as_inputs",
            expected=0.0,
        ),
        ExactCheck(
            label="a line separates the points before ReLU",
            measurement="hidden_space",
            quantity="is_separable_before_relu",
            expected=0.0,
        ),
    ),
    figure="hidden_space",
    findings={
        "supported": (
            "Separable by a line (1 yes, 0 no): {0} after ReLU, {1} in the inputs, {2}"
            " before the activation."
        )
    },
)
