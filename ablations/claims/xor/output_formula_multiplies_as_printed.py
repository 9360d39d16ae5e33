"""The output weights are a column of two; the hidden layer has a row per input.

A column of two times a matrix of four rows has unequal inner sizes; the product exists
only with the weights on the right.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement="The output is w max(0, XW + c) + b, with w to the left.",
    rows=("A-XOR-7",),
    source=f"{SOURCE}, solution",
    predictions=(
        ExactCheck(
            label="the product is legal as printed",
            measurement="output_formula",
            quantity="is_legal_as_printed",
            expected=1.0,
        ),
    ),
    controls=(
        ExactCheck(
            label="the product is legal with w to the right",
            measurement="output_formula",
            quantity="is_legal_with_weights_on_the_right",
            expected=1.0,
        ),
    ),
    caveats="The worked numbers below the formula put w to the right and are correct.",
    findings={
        "refuted": (
            "Legal products (1 yes, 0 no): {0} with the 2 x 1 vector to the left of the"
            " 4 x 2 matrix, as printed, and {controls[0]} with it to the right."
        )
    },
)
