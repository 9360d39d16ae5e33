"""Logistic regression and a sigmoid neuron compute the same function.

Maximum likelihood is minimal cross-entropy, so they minimize the same loss too.
A small penalty on the weights makes that loss strictly convex, and both have the same
single optimum.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

CLAIM = Claim(
    statement="Logistic regression is a network of one sigmoid neuron.",
    strength="always",
    rows=("A-XOR-18",),
    source=f"{SOURCE}, perceptron",
    core=(
        measured(
            "sigmoid_neuron",
            "coefficient_difference",
            0.0,
            "largest difference of a coefficient",
            tolerance=1e-3,
        ),
        measured(
            "sigmoid_neuron",
            "probability_difference",
            0.0,
            "largest difference of a probability",
            tolerance=1e-3,
        ),
    ),
    answers={
        "core": (
            "Yes: fitted to the same data, both end with the same coefficients and"
            " probabilities, to within a thousandth."
        ),
        "!coefficient_difference": (
            "No: a coefficient differs by {coefficient_difference}."
        ),
        "!probability_difference": (
            "No: a probability differs by {probability_difference}."
        ),
    },
    how="A Keras neuron and scikit-learn's model were fitted to breast-cancer data.",
    caveats=(
        "The data are standardized, with scikit-learn's C = 1, a ridge of 1/(2 · 569)"
        " on the neuron; a line separates them, so without a ridge neither has an"
        " optimum."
    ),
)
