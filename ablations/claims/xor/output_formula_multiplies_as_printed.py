"""The output weights are a column of two; the hidden layer has a row per input.

A column of two times a matrix of four rows has unequal inner sizes; the product exists
only with the weights on the right.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

CLAIM = Claim(
    statement="The output is w max(0, XW + c) + b, with w to the left.",
    strength="always",
    rows=("A-XOR-7",),
    source=f"{SOURCE}, solution",
    core=(
        measured(
            "output_formula",
            "is_legal_as_printed",
            1.0,
            "whether the product exists as printed (1 yes, 0 no)",
        ),
    ),
    controls=(
        measured(
            "output_formula",
            "is_legal_with_weights_on_the_right",
            1.0,
            "whether the product exists with w to the right (1 yes, 0 no)",
        ),
    ),
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
