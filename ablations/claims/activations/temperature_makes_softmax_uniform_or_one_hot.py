"""Temperature divides all logits, and so their gaps.

Gaps of nearly zero give equal shares; huge gaps leave everything to the largest, or to
all that are the largest.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

WARM = "softmax_temperatures"

CLAIM = Claim(
    statement="A very high temperature makes softmax uniform, and one near zero gives"
    " the largest logit everything.",
    strength="always",
    rows=("A-ACT-27",),
    source=f"{NOTES}, temperature",
    reference="Hinton, Vinyals and Dean (2015), Distilling the knowledge in a neural"
    " network; Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural"
    " networks",
    axis="temperature",
    core=(
        equals(
            WARM,
            "deviation_from_equal_shares",
            0.0,
            1e-3,
            key="hot",
            label="deviation from equal shares at 10,000",
            at=("temperature", 10_000),
        ),
        equals(
            WARM,
            "deviation_from_one_winner",
            0.0,
            1e-6,
            key="cold",
            label="deviation from a single winner at 0.01",
            at=("temperature", 0.01),
        ),
    ),
    beside=(
        equals(
            WARM,
            "deviation_from_one_winner_in_a_tie",
            0.0,
            1e-6,
            key="tie",
            label="deviation from a single winner where two logits are equal",
        ),
    ),
    controls=(at_least(WARM, "deviation_from_equal_shares_at_one", 0.2, key="one"),),
    answers={
        "core !tie": "Yes, both; but where two logits are equally large, each gets half"
        " even at the lowest temperature.",
        "core": "Yes: shares become equal at one end and all or nothing at the other.",
        "!core": "No: shares become neither equal nor all or nothing.",
    },
    how="Keras's softmax of three logits was computed at temperatures of 10,000, one"
    " and 0.01, with and without a tie.",
)
