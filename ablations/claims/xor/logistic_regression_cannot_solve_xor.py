"""A sigmoid neuron says 1 on one side of a line and 0 on the other.

No line has both mixed inputs on one side and both equal inputs on the other, so three
rows of four are its best.
The cross-entropy is convex, and by symmetry its minimum has zero weights and says ½
everywhere, which costs ln 2.
"""

from functools import partial
from math import log

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured, neuron, never_solves

best = partial(measured, "linear_rules", expected=0.75, relation="at_most")
HALF_PLANE = "share of the rows that the best of 200,000 half-planes gets right"
LINE = "share of the rows that the best line of a linear program gets right"
smallest = partial(measured, "logistic_regression")
LOSS, WEIGHTS = "smallest cross-entropy", "weights at the smallest cross-entropy"

CLAIM = Claim(
    statement="Logistic regression cannot solve XOR.",
    strength="always",
    rows=("A-XOR-3",),
    source=f"{SOURCE}, logistic regression",
    reference="Minsky and Papert (1969), Perceptrons",
    core=(
        never_solves("trained", neuron("sigmoid", loss="binary_crossentropy")),
        best("best_accuracy_of_half_planes", label=HALF_PLANE),
        best("best_accuracy", label=LINE),
    ),
    beside=(
        smallest("smallest_loss", log(2.0), LOSS, tolerance=1e-9),
        smallest("weights", 0.0, WEIGHTS, tolerance=1e-6),
    ),
    answers={
        "core": (
            "Yes: no line gets more than three of the four rows right, and {trained} of"
            " trained sigmoid neurons solve XOR."
        ),
        "!core": "No: a line solves XOR, and {trained} of trained neurons find it.",
    },
    how=(
        "{trained.n} sigmoid neurons were trained for 2,000 updates on the four rows,"
        " and all lines were searched."
    ),
)
