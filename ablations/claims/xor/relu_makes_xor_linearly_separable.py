"""The hidden layer gives both mixed inputs the same two values.

Before ReLU all points lie on one line, in the order equal, mixed, equal; ReLU silences
the second unit except on (1, 1), which pulls that point off the line, so that three
points remain that a line separates.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

CLAIM = Claim(
    statement="After ReLU, a line separates the XOR points in the hidden space.",
    strength="always",
    rows=("A-XOR-8",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    core=(
        measured(
            "hidden_space",
            "is_separable_after_relu",
            1.0,
            "whether a line separates the points after ReLU (1 yes, 0 no)",
        ),
    ),
    beside=(
        measured(
            "hidden_space",
            "is_separable_as_inputs",
            0.0,
            "whether a line separates the inputs (1 yes, 0 no)",
        ),
        measured(
            "hidden_space",
            "is_separable_before_relu",
            0.0,
            "whether a line separates the points before ReLU (1 yes, 0 no)",
        ),
    ),
    answers={
        "core is_separable_as_inputs is_separable_before_relu": (
            "Yes: a line separates the points after ReLU, but neither just before it"
            " nor as inputs."
        ),
        "!core is_separable_as_inputs is_separable_before_relu": (
            "No: no line separates the points after ReLU either."
        ),
    },
    how="A linear program looked for a line at each step of the hand-made network.",
    figure="hidden_space",
)
