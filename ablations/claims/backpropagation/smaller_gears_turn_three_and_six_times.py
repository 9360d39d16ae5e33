"""Gears that touch cover the same distance.

So a gear turns as many times more often as its radius is smaller, and ratios along a
row of gears multiply.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.backpropagation import NOTES
from ablations.rigs.readings import equals

CLAIM = Claim(
    statement="When a gear of radius six turns once, those of radius two and one that"
    " it drives turn three and six times.",
    strength="always",
    rows=("A-BP-3",),
    source=f"{NOTES}, gears",
    core=(
        equals("gear_turns", "turns_of_the_middle_gear", 3.0, 1e-9, key="middle"),
        equals("gear_turns", "turns_of_the_small_gear", 6.0, 1e-9, key="small"),
    ),
    beside=(equals("gear_turns", "product_of_both_ratios", 6.0, 1e-9, key="product"),),
    answers={
        "core": "Yes: three turns and six, and the ratio of both gears is the product"
        " of the ratios between neighbors.",
        "!core": "No: the turns are not three and six.",
    },
    how="Circumferences were divided.",
)
