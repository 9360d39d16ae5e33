"""A neuron multiplies each input by a weight, adds them and a bias, and bends the sum.

A layer does so for all of its neurons at once.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import agrees
from ablations.rigs.readings import at_least

CLAIM = Claim(
    statement="A neuron adds up its weighted inputs and a bias, and applies an"
    " activation to the sum.",
    strength="always",
    rows=("B-BAS-2",),
    source="Basics of deep learning, neurons",
    core=(
        agrees(
            "neuron_formula",
            "deviation_of_sigmoid",
            "sigmoid",
            "deviation of a dense layer of sigmoids",
        ),
        agrees(
            "neuron_formula",
            "deviation_of_tanh",
            "tanh",
            "deviation of a dense layer of tanh",
        ),
    ),
    controls=(
        at_least("neuron_formula", "deviation_without_the_bias", 0.001, key="bias"),
    ),
    answers={
        "core": "Yes: a dense layer of Keras does exactly that.",
        "!core": "No: a dense layer of Keras does something else.",
    },
    how="Outputs of Keras layers with sigmoid and tanh were compared with the formula"
    " for 100 rows.",
)
