"""The output weights are a column of two; the hidden layer has a row per input.

A column of two times a matrix of four rows has unequal inner sizes; the product exists
only with the weights on the right.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, is_so

FORMULA, RIGHT = "output_formula", "is_legal_with_weights_on_the_right"

CLAIM = Claim(
    statement="The output is w max(0, XW + c) + b, with w to the left.",
    strength="always",
    rows=("A-XOR-7",),
    source=f"{SOURCE}, solution",
    core=(is_so(FORMULA, "is_legal_as_printed", "the product exists as printed"),),
    controls=(is_so(FORMULA, RIGHT, "the product exists with w to the right"),),
    answers={
        "!core is_legal_with_weights_on_the_right": (
            "No: as printed the sizes do not fit; the product exists with w to the"
            " right."
        ),
        "core is_legal_with_weights_on_the_right": (
            "Yes: the product exists with w to the left."
        ),
    },
    how="The hidden layer of the four rows was multiplied by w from either side.",
    caveats="The worked numbers below the formula put w to the right and are correct.",
)
