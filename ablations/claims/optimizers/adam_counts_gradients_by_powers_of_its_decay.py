"""The first average of Adam is a mean that forgets.

Every update multiplies it by the decay rate and adds what is left to one of the new
gradient.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import ADAM
from ablations.rigs.readings import DIGITS, at_least, equals

OLD, AGE = "old_gradients_in_adam", "gradient's age"
check = partial(equals, OLD, tolerance=DIGITS)

CLAIM = Claim(
    statement="With a decay rate of 0.9 Adam's first average is 0.1 of the newest"
    " gradient, 0.09 of the one before, 0.081 of the one before that, and so on.",
    strength="always",
    rows=("A-OPT-36",),
    source=f"{ADAM}, expanded equation",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization",
    axis=AGE,
    core=(
        check("share_of_the_newest_gradient", 0.1, key="newest", at=(AGE, 0)),
        check("share_of_the_gradient_before", 0.09, key="second", at=(AGE, 1)),
        check("share_of_the_gradient_before_that", 0.081, key="third", at=(AGE, 2)),
        check("deviation_of_50_shares_from_a_geometric_sequence", 0.0, key="powers"),
    ),
    beside=(at_least(OLD, "share_of_the_ten_newest_gradients", 0.9, key="ten"),),
    answers={
        "core !ten": "Yes, in Keras to six digits; the ten newest gradients together"
        " have {ten.percent} of all weight.",
        "core": "Yes: the weights of Keras's Adam are these, to six digits.",
        "!core": "No: the weights of Keras's Adam are others.",
    },
    how="Weights of single gradients in Keras's first average were read for 50"
    " updates.",
)
