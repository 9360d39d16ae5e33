"""Logistic regression and a sigmoid neuron compute the same function.

Maximum likelihood is minimal cross-entropy, so they minimize the same loss too.
A small penalty on the weights makes that loss strictly convex, and both have the same
single optimum.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement="Logistic regression is a network of one sigmoid neuron.",
    rows=("A-XOR-18",),
    source=f"{SOURCE}, perceptron",
    predictions=(
        ExactCheck(
            label="largest difference of a coefficient",
            measurement="sigmoid_neuron",
            quantity="coefficient_difference",
            expected=0.0,
            tolerance=1e-3,
        ),
        ExactCheck(
            label="largest difference of a probability",
            measurement="sigmoid_neuron",
            quantity="probability_difference",
            expected=0.0,
            tolerance=1e-3,
        ),
    ),
    caveats=(
        "Measured on the standardized breast-cancer data with scikit-learn's C = 1, a"
        " ridge of 1/(2 · 569) on the neuron; a line separates these data, so without a"
        " ridge neither has an optimum."
    ),
    findings={
        "supported": (
            "A sigmoid neuron in Keras and scikit-learn's logistic regression"
            " differ by at most {0} in a coefficient and {1} in a probability."
        )
    },
)
