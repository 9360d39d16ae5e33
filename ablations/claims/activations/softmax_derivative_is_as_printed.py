"""Raising one logit raises its own exponential, and the sum that divides all.

The first gives the diagonal term, the second is taken from every class.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

JACOBIAN = "softmax_jacobian"

CLAIM = Claim(
    statement="The derivative of softmax's share i by logit j is share i times one less"
    " share j where i is j, and minus the product of both elsewhere.",
    strength="always",
    rows=("A-ACT-28",),
    source=f"{NOTES}, gradient of softmax",
    core=(equals(JACOBIAN, "deviation_from_differences", 0.0, 1e-9, key="printed"),),
    beside=(
        equals(JACOBIAN, "deviation_of_row_sums_from_zero", 0.0, 1e-12, key="sums"),
        equals(JACOBIAN, "rank_less_one_fewer_than_classes", 0.0, key="rank"),
    ),
    controls=(
        at_least(JACOBIAN, "deviation_without_the_second_term", 0.01, key="second"),
    ),
    answers={
        "core": "Yes: the printed derivative agrees with finite differences to nine"
        " digits for two, three and ten classes.",
        "!core": "No: the printed derivative differs from finite differences.",
    },
    how="The printed derivative was compared with differences of softmax at random"
    " logits in double precision.",
)
