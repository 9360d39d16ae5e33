"""Every update multiplies the average by the decay rate.

A squared gradient so counts by a constant factor less with each update that follows.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import RMSPROP
from ablations.rigs.readings import DIGITS, at_least, equals

OLD = "old_gradients_in_rmsprop"
check = partial(equals, OLD, tolerance=DIGITS)

CLAIM = Claim(
    statement="With a decay rate of 0.9 RMSProp trusts its history by 90 % and the new"
    " gradient by 10 %, and older gradients count geometrically less.",
    strength="always",
    rows=("A-OPT-30",),
    source=f"{RMSPROP}, decay rate",
    reference="Tieleman and Hinton (2012), Lecture 6.5, RMSProp",
    core=(
        check("factor_of_the_average_before_an_update", 0.9, key="history"),
        check("share_of_the_newest_gradient", 0.1, key="newest"),
        check("deviation_of_50_shares_from_a_geometric_sequence", 0.0, key="powers"),
    ),
    beside=(
        check("deviation_of_50_shares_at_a_slow_rate", 0.0, key="slow"),
        equals(
            "defaults_of_optimizers",
            "default_decay_rate_of_squares",
            0.9,
            key="default",
        ),
        at_least(OLD, "share_of_the_ten_newest_gradients", 0.9, key="ten"),
    ),
    answers={
        "core !ten": "Yes, in Keras to six digits; the ten newest squared gradients"
        " together have {ten.percent} of all weight.",
        "core": "Yes: the weights of Keras's RMSProp are these, to six digits.",
        "!core": "No: the weights of Keras's RMSProp are others.",
    },
    how="Weights of single gradients in Keras's average were read for 50 updates.",
)
