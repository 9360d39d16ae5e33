"""The exponential in the denominator comes out again when it is differentiated.

What is left are the sigmoid and its distance from one.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import FAULTS, NOTES, agrees

CLAIM = Claim(
    statement="The slope of the sigmoid is the sigmoid times one less the sigmoid.",
    strength="always",
    rows=("A-BP-5",),
    source=f"{NOTES}, loss by logit",
    core=(
        agrees(
            "printed_example",
            "deviation_by_slope",
            "slope",
            "deviation of the slope of the sigmoid",
        ),
    ),
    controls=(FAULTS,),
    answers={
        "core": ("Yes: it agrees with finite differences of the sigmoid from -8 to 8."),
        "!core": "No: it differs from finite differences.",
    },
    how="The printed slope was compared with finite differences of the sigmoid itself.",
)
