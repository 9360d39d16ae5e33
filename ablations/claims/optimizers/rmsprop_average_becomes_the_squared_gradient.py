"""The weights of all past squares add up to one.

So the average of equal squares is that square, and a gradient over its root is one: the
update becomes the learning rate, whatever the gradient's size.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import HUNDREDTH, RMSPROP, SIZES, in_words
from ablations.rigs.readings import at_most, equals

CONSTANT = "constant_gradients"
average = partial(equals, CONSTANT, expected=1.0, tolerance=0.001)


def _is_the_rate(whose: str, words: str, size: str) -> ExactCheck:
    """Predict that the update is the learning rate, to a hundredth."""
    label, key = f"{words} over the rate, {in_words(size)}", f"{whose}_{size}"
    return equals(CONSTANT, key, 1.0, HUNDREDTH, key=key, label=label)


CLAIM = Claim(
    statement="Under one gradient RMSProp's average of squared gradients becomes the"
    " squared gradient.",
    strength="always",
    rows=("A-OPT-29",),
    source=f"{RMSPROP}, constant gradient",
    reference="Tieleman and Hinton (2012), Lecture 6.5, RMSProp",
    axis="decay rate",
    core=(
        average(
            quantity="average_at_0_9",
            key="rho_0_9",
            label="average over the squared gradient, decay rate 0.9",
            at=("decay rate", 0.9),
        ),
        average(
            quantity="average_at_0_99",
            key="rho_0_99",
            label="average over the squared gradient, decay rate 0.99",
            at=("decay rate", 0.99),
        ),
        average(
            quantity="average_of_keras",
            key="keras",
            label="average over the squared gradient, RMSProp of Keras",
            at=("decay rate", 0.9),
        ),
    ),
    beside=(
        *(_is_the_rate("update_at", "printed update", size) for size in SIZES),
        *(_is_the_rate("update_of_keras_at", "Keras's update", size) for size in SIZES),
        at_most(CONSTANT, "first_update_over_the_rate", 1.01, key="first"),
    ),
    answers={
        "core !update_of_keras_at_a_millionth": "Yes, whatever its size; but for a"
        " millionth Keras's small term leaves {update_of_keras_at_a_millionth.percent}"
        " of the update.",
        "core": "Yes: the average becomes the squared gradient, whatever its size.",
        "!core": "No: the average does not become the squared gradient.",
    },
    how="One gradient was given 100 or 1,000 times, at three sizes, to the printed rule"
    " and to Keras.",
)
