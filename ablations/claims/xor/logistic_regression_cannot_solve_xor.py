"""A sigmoid neuron says 1 on one side of a line and 0 on the other.

No line has both mixed inputs on one side and both equal inputs on the other, so three
rows of four are its best.
The cross-entropy is convex, and by symmetry its minimum has zero weights and says ½
everywhere, which costs ln 2.
"""

from math import log

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.rigs.xor import NEVER, SOURCE, single_neuron, solved

CLAIM = Claim(
    statement="Logistic regression cannot solve XOR.",
    rows=("A-XOR-3",),
    source=f"{SOURCE}, logistic regression",
    reference="Minsky and Papert (1969), Perceptrons",
    arms={
        "sigmoid neuron": Arm(
            config=single_neuron("sigmoid", loss="binary_crossentropy")
        )
    },
    predictions=(
        SuccessRate(
            label="trained sigmoid neuron",
            arm="sigmoid neuron",
            score=solved(),
            bound=NEVER,
            direction="at_most",
        ),
        ExactCheck(
            label="smallest cross-entropy",
            measurement="logistic_regression",
            quantity="smallest_loss",
            expected=log(2.0),
            tolerance=1e-9,
        ),
        ExactCheck(
            label="weights at the minimum",
            measurement="logistic_regression",
            quantity="weights",
            expected=0.0,
            tolerance=1e-6,
        ),
        ExactCheck(
            label="best of 200,000 half-planes",
            measurement="linear_rules",
            quantity="best_accuracy_of_half_planes",
            expected=0.75,
            relation="at_most",
        ),
        ExactCheck(
            label="best linear rule by linear programming",
            measurement="linear_rules",
            quantity="best_accuracy",
            expected=0.75,
            relation="at_most",
        ),
    ),
    findings={
        "supported": (
            "No linear rule gets more than {4} of the rows right, the smallest"
            " cross-entropy is {1}, at zero weights, and {0} of {0.n} trained"
            " neurons solve XOR."
        )
    },
)
