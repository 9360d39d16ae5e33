"""A small step is stretched by the first function, and the stretched step by the next.

So stretches multiply.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import NOTES, agrees
from ablations.rigs.readings import at_least

CLAIM = Claim(
    statement="The derivative of nested functions is the product of their derivatives.",
    strength="always",
    rows=("A-BP-2",),
    source=f"{NOTES}, chain rule",
    core=(
        agrees(
            "nested_derivatives",
            "deviation_of_the_product",
            "product",
            "deviation of products from finite differences",
        ),
    ),
    controls=(at_least("nested_derivatives", "deviation_of_the_sum", 0.1, key="sum"),),
    answers={
        "core": "Yes: for all 64 chains of three functions tried, products of"
        " derivatives agree with differences.",
        "!core": "No: products of derivatives differ from finite differences.",
    },
    how="All chains of three of sine, exponential, square and tanh were compared with"
    " finite differences.",
)
