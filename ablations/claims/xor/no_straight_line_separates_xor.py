"""The segments that join inputs of equal output cross in the middle of the square.

A line with one pair on each side would have that crossing on both sides at once.
Of the 16 Boolean functions of two inputs only XOR and its negation have this shape.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement="No straight line separates the four points of XOR.",
    rows=("A-XOR-4",),
    source=f"{SOURCE}, logistic regression",
    reference="Minsky and Papert (1969), Perceptrons",
    predictions=(
        ExactCheck(
            label="a separating line exists for XOR",
            measurement="linear_rules",
            quantity="xor_is_separable",
            expected=0.0,
        ),
    ),
    controls=(
        ExactCheck(
            label="separable Boolean functions, all but XOR and its negation",
            measurement="linear_rules",
            quantity="num_separable_functions",
            expected=14.0,
        ),
    ),
    findings={
        "supported": (
            "Linear programming finds no separating line for XOR; it finds one for"
            " {controls[0]} of the 16 Boolean functions of two inputs, all but XOR"
            " and its negation."
        )
    },
)
