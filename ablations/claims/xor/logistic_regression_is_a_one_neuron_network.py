"""Logistic regression and a sigmoid neuron compute the same function.

Maximum likelihood is minimal cross-entropy, so they minimize the same loss too.
A small penalty on the weights makes that loss strictly convex, and both have the same
single optimum.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

alike = partial(measured, "sigmoid_neuron", expected=0.0, tolerance=1e-3)

CLAIM = Claim(
    statement="Logistic regression is a network of one sigmoid neuron.",
    strength="always",
    rows=("A-XOR-18",),
    source=f"{SOURCE}, perceptron",
    core=(
        alike("coefficient_difference", label="largest difference of a coefficient"),
        alike("probability_difference", label="largest difference of a probability"),
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
