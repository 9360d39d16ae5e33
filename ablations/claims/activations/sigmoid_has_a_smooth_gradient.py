"""A smooth gradient changes little between inputs that are close.

The sigmoid's slope changes by at most about a tenth per unit of input; ReLU's jumps by
one at zero, however close the inputs.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, at_most, equals

SMOOTH = "smoothness"

CLAIM = Claim(
    statement="The sigmoid has a smooth gradient.",
    strength="always",
    rows=("B-ACT-20",),
    source=f"{BASICS}, table of activations",
    core=(
        at_most(
            SMOOTH,
            "largest_change_of_sigmoid",
            0.1,
            key="change",
            label="largest change of the slope per unit of input",
        ),
    ),
    beside=(
        equals(
            SMOOTH,
            "largest_change_of_sigmoid",
            0.0962,
            1e-4,
            key="value",
            label="largest change, against one over six times the root of three",
        ),
        equals(SMOOTH, "deviation_of_the_slope_of_keras", 0.0, 1e-6, key="keras"),
    ),
    controls=(at_least(SMOOTH, "jump_at_zero_of_relu", 1.0, key="relu"),),
    answers={
        "core": "Yes: its slope changes by at most a tenth per unit of input, while"
        " ReLU's jumps from zero to one.",
        "!core": "No: its slope jumps between inputs that are close.",
    },
    how="Slopes were compared at 100,000 inputs a ten-thousandth apart, and with"
    " Keras's by automatic differentiation.",
)
