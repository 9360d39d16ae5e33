"""Adam has a mean of gradients above, and the root of a mean of squares below.

Leave out the one and RMSProp remains; make the other constant and momentum remains,
with a rate that is smaller by what turns a sum into a mean.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import ADAM, HUNDREDTH
from ablations.rigs.readings import DIGITS, at_least, equals

PARTS = "parts_of_adam"
GROWTH = "step_after_200_equal_gradients_over_the_first"
check = partial(equals, PARTS, expected=0.0)

CLAIM = Claim(
    statement="Adam combines the adaptive learning rates of RMSProp with the"
    " acceleration of momentum.",
    strength="always",
    rows=("A-OPT-39",),
    source=f"{ADAM}, what it combines",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization,"
    " section 5",
    axis="component removed",
    core=(
        check(
            "deviation_without_momentum",
            tolerance=DIGITS,
            key="rmsprop",
            label="deviation from RMSProp, without momentum and correction",
            at=("component removed", "momentum"),
        ),
        check(
            "deviation_without_adaptive_rates",
            tolerance=DIGITS,
            key="momentum",
            label="deviation from momentum, without adaptive rates and correction",
            at=("component removed", "adaptive rates"),
        ),
        check(
            "deviation_of_keras_without_momentum",
            tolerance=HUNDREDTH,
            key="keras",
            label="deviation of Keras's Adam from RMSProp, without momentum alone",
            at=("component removed", "momentum"),
        ),
    ),
    beside=(at_least(PARTS, GROWTH, 2.0, key="growth"),),
    controls=(
        at_least(PARTS, "smallest_deviation_with_nothing_removed", 0.1, key="whole"),
    ),
    answers={
        "core !growth": "Yes: with one part removed it is the other; but its mean,"
        " unlike a sum, does not lengthen steps when gradients agree.",
        "rmsprop momentum !keras": (
            "Only in part: without bias correction Adam contains both rules, but equal"
            " gradients do not lengthen its steps, as they do under momentum."
        ),
        "core": "Yes: with one part removed it is the other.",
        "!core": "No: with one part removed it is not the other.",
    },
    how="Five updates of the printed rule without its correction, and of Keras's Adam"
    " without momentum, were compared with those of Keras's RMSProp and momentum.",
)
