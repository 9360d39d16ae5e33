"""A perceptron answers yes or no, by a step.

The derivative of a step is zero wherever it exists, so that no gradient passes through
it; networks that learn by gradients have units with slopes.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_least

STEPS = "step_gradients"

CLAIM = Claim(
    statement="Neural networks that learn by gradients consist of perceptrons.",
    strength="always",
    rows=("B-BAS-3",),
    source="Basics of deep learning, layers of a network",
    reference="Rosenblatt (1958), The perceptron; Rumelhart, Hinton and Williams"
    " (1986), Learning representations by back-propagating errors",
    core=(
        at_least(
            STEPS,
            "share_of_weights_reached_with_step",
            0.01,
            key="steps",
            label="share of first weights that a gradient reaches through steps",
        ),
    ),
    controls=(
        at_least(
            STEPS,
            "share_of_weights_reached_with_sigmoid",
            0.99,
            key="sigmoids",
            label="share of first weights that a gradient reaches through sigmoids",
        ),
    ),
    answers={
        "!core": "Not literally: through the steps of perceptrons no gradient reaches"
        " the lower layers, so units with slopes took their place.",
        "core": "Yes: a gradient reaches the lower layers through steps.",
    },
    how="Gradients of first-layer weights were computed for two hidden layers of steps"
    " and of sigmoids.",
    caveats="The word is often used for any neuron; here it is read as a unit with a"
    " step.",
)
