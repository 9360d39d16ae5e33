"""Where the notes speak of gradients, and what it is that a printed line is right."""

from __future__ import annotations

from ablations.rigs.readings import agrees, at_least

NOTES = "Deep learning notes, chapter 7, back propagation"
BASICS = "Basics of deep learning, training a neural network"
DEAD = "Basics of deep learning, dead neuron problem"

FAULTS = at_least(
    "corrupted_example", "smallest_deviation_of_a_fault", 0.1, key="faults"
)
"""A wrong factor and a missing term are noticed."""

COMPARED = (
    "The printed line was compared with finite differences of the loss for 1,000"
    " random networks, rows and targets."
)
"""How a printed line was put to the test."""

UPDATES = agrees(
    "printed_update",
    "deviation_from_keras",
    "keras",
    "deviation of five updates from those of Keras",
)
OTHER_SIGN = at_least(
    "printed_update", "deviation_with_the_other_sign", 0.001, key="sign"
)
ANSWERS_ON_UPDATES = {
    "core": "Yes: five updates of Keras's SGD are the printed ones, to six digits.",
    "!core": "No: updates of Keras's SGD are not the printed ones.",
}
UPDATED = (
    "Five printed updates of a kernel and a bias were compared with those of Keras, for"
    " random gradients."
)
"""How the printed updates were put to the test, and what came out."""
