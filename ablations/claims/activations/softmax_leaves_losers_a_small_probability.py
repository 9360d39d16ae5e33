"""The exponential of a real number is never zero, so every class keeps a share.

Normal numbers of float32 end at about ten to the minus 38, and smaller shares become
zero.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

LOSERS = "softmax_losers"
SMALLEST = -46.0
"""No positive float32 number has a smaller logarithm to base ten."""


def _has_some(gap: int) -> ExactCheck:
    quantity, key = f"log10_share_behind_by_{gap}", f"behind_{gap}"
    label = f"float32 share behind by {gap} logits, in powers of ten"
    return at_least(LOSERS, quantity, SMALLEST, key=key, label=label, at=("gap", gap))


CLAIM = Claim(
    statement="Under softmax the classes that do not win keep a small probability that"
    " is not zero.",
    strength="always",
    rows=("A-ACT-25",),
    source=f"{NOTES}, winner takes most",
    core=(
        equals(
            LOSERS,
            "real_shares_of_zero",
            0.0,
            key="real",
            label="gaps up to 60,000 that leave no share",
        ),
    ),
    beside=(_has_some(10), _has_some(50), _has_some(100), _has_some(200)),
    answers={
        "real !behind_200": (
            "Yes for real numbers; in float32 a class that is 200 logits behind has"
            " exactly zero, and its logarithm is minus infinity."
        ),
        "core": "Yes: every class keeps a share, however far behind it is.",
        "!core": "No: a class far behind has a share of zero.",
    },
    how="The share of the second of two classes was computed with 30 digits for gaps up"
    " to 60,000 logits, and by Keras up to 200.",
)
