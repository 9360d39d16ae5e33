"""The hidden layer gives both mixed inputs the same two values.

Before ReLU all points lie on one line, in the order equal, mixed, equal; ReLU silences
the second unit except on (1, 1), which pulls that point off the line, so that three
points remain that a line separates.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE, is_so


def _separates(when: str, points: str, answer: bool) -> ExactCheck:
    words = f"a line separates the {points}"
    return is_so("hidden_space", f"is_separable_{when}", words, answer)


CLAIM = Claim(
    statement="After ReLU, a line separates the XOR points in the hidden space.",
    strength="always",
    rows=("A-XOR-8",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    core=(_separates("after_relu", "points after ReLU", True),),
    beside=(
        _separates("as_inputs", "inputs", False),
        _separates("before_relu", "points before ReLU", False),
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
