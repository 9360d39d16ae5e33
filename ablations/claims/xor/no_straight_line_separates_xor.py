"""The segments that join inputs of equal output cross in the middle of the square.

A line with one pair on each side would have that crossing on both sides at once.
Of the 16 Boolean functions of two inputs only XOR and its negation have this shape.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, is_so, measured

RULES = "linear_rules"
FUNCTIONS = "Boolean functions of two inputs that a line separates"

CLAIM = Claim(
    statement="No straight line separates the four points of XOR.",
    strength="always",
    rows=("A-XOR-4",),
    source=f"{SOURCE}, logistic regression",
    reference="Minsky and Papert (1969), Perceptrons",
    core=(is_so(RULES, "xor_is_separable", "a line separates XOR", False),),
    controls=(measured(RULES, "num_separable_functions", 14.0, FUNCTIONS),),
    answers={
        "core num_separable_functions": (
            "Yes: there is no such line for XOR, while there is one for"
            " {num_separable_functions} of the 16 Boolean functions of two inputs."
        ),
        "!core num_separable_functions": "No: a line separates the points of XOR.",
    },
    how="A linear program looked for a line, for each Boolean function of two inputs.",
)
