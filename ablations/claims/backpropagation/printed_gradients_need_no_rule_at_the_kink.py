"""ReLU has two slopes at zero, one from each side.

Programs take zero. Random sums are hardly ever exactly zero; sums without bias are
where all inputs are zero.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import NOTES
from ablations.rigs.readings import equals

KINK = "slope_at_the_kink"

CLAIM = Claim(
    statement="The slope of ReLU, which the printed gradients use, is defined for every"
    " sum.",
    strength="always",
    rows=("A-BP-10",),
    source=f"{NOTES}, loss by hidden sum; that it is defined is implied",
    implied=True,
    core=(
        equals(
            KINK,
            "difference_of_both_slopes",
            0.0,
            1e-6,
            key="both",
            label="slope at zero from above less that from below",
        ),
    ),
    beside=(
        equals(
            KINK, "slope_of_keras", 0.0, key="keras", label="slope of Keras at zero"
        ),
        equals(
            KINK,
            "share_of_sums_that_are_zero",
            0.0,
            key="rare",
            label="share of a million random sums that are exactly zero",
        ),
    ),
    answers={
        "!core keras rare": "No: at exactly zero it is undefined; Keras takes zero, and"
        " none of a million random sums was there.",
        "!core": "No: at exactly zero the slopes from both sides differ.",
        "core": "Yes: at zero the slopes from both sides are the same.",
    },
    how="Slopes were taken from both sides of zero, and a million sums of two random"
    " products were counted.",
)
