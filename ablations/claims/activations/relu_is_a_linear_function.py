"""A linear function hands sums on as sums.

ReLU does so among numbers of one sign, but one and minus one add up to zero while their
outputs add up to one.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import equals

LINEARITY, ROUNDING = "relu_linearity", 1e-5

CLAIM = Claim(
    statement="ReLU is a linear function.",
    strength="always",
    rows=("B-ACT-4",),
    source=f"{BASICS}, ReLU; later called piecewise linear, and non-linear",
    core=(
        equals(
            LINEARITY,
            "deviation_of_sums",
            0.0,
            ROUNDING,
            key="sums",
            label="deviation of the output of a sum from the sum of outputs",
        ),
        equals(
            LINEARITY,
            "deviation_of_multiples",
            0.0,
            ROUNDING,
            key="multiples",
            label="deviation of the output of a multiple from the multiple",
        ),
    ),
    beside=(
        equals(LINEARITY, "deviation_of_sums_above_zero", 0.0, ROUNDING, key="above"),
        equals(
            LINEARITY, "deviation_of_positive_multiples", 0.0, ROUNDING, key="positive"
        ),
    ),
    answers={
        "!core above": "No: it is linear on either side of zero, but not across: one"
        " and minus one add up to zero, their outputs to one.",
        "core": "Yes: sums and multiples are handed on unchanged.",
        "!core": "No: sums and multiples are not handed on unchanged.",
    },
    how="Sums and multiples of 41 numbers from -10 to 10 were compared before and after"
    " Keras's ReLU.",
)
