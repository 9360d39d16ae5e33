"""Each unit that can be dropped is there or not, which makes 2^n masks.

Masks without any hidden unit cut all inputs off as well, so that they share a function.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals
from ablations.rigs.regularization.dropout import DROPOUT

sixteen = partial(equals, "subnetworks", expected=16)

CLAIM = Claim(
    statement="A network with n inputs and hidden units has 2^n sub-networks.",
    strength="always",
    rows=("A-REG-25",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 1",
    core=(
        sixteen("masks_that_keras_draws", key="keras", label="masks that Keras draws"),
        sixteen("masks", key="counted", label="masks, counted one by one"),
    ),
    beside=(sixteen("functions", key="functions", label="functions that are left"),),
    answers={
        "core !functions": (
            "Yes: four units can be dropped in {counted} ways, though only"
            " {functions} different functions are left."
        ),
        "core": "Yes: four units can be dropped in {counted} ways, and Keras does.",
        "!core": "No: four units can be dropped in {counted} ways.",
    },
    how="All ways to drop units of a network with two inputs and two hidden units were"
    " counted, and drawn by Keras.",
    caveats="ReLU units with biases; a training meets only a few of a usual network's.",
)
