"""A sum of squares never falls.

Whether it grows without end is up to the gradients: where they vanish fast enough, it
has a limit, and so has the rate.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import ADAGRAD
from ablations.rigs.readings import at_most, equals

LONG = "rates_in_the_long_run"
KIND = "kind of gradient"
DISTANCE = "distance_over_twice_the_rate_and_the_root_of_updates"


def _shrinks(key: str, kind: str) -> ExactCheck:
    """Predict that a hundredth of the learning rate is left at most."""
    quantity = f"rate_left_by_sums_under_{kind.replace(' ', '_')}"
    label = f"share of the rate left after 20,000 updates, {kind}"
    return at_most(LONG, quantity, 0.01, key=key, label=label, at=(KIND, kind))


CLAIM = Claim(
    statement="AdaGrad's sums of squared gradients never fall, so that its learning"
    " rate shrinks until it is infinitesimally small.",
    strength="usually",
    rows=("A-OPT-27",),
    source=f"{ADAGRAD}, limitation",
    reference="Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online"
    " learning and stochastic optimization",
    axis=KIND,
    core=(
        equals(LONG, "share_of_updates_at_which_a_sum_falls", 0.0, key="falling"),
        _shrinks("constant", "constant gradients"),
        _shrinks("noisy", "noisy gradients"),
        _shrinks("valley", "a valley"),
        _shrinks("slow_valley", "a slow valley"),
    ),
    beside=(equals(LONG, DISTANCE, 1.0, 0.01, key="distance"),),
    answers={
        "falling constant noisy !valley slow_valley": "It depends: sums never fall, but"
        " grow only while gradients last; in a quick descent {valley.percent} of the"
        " rate is left.",
        "falling constant noisy !slow_valley": "It depends: sums never fall, but in a"
        " slow valley {slow_valley.percent} of the rate is left.",
        "core": "Yes: under constant, noisy and vanishing gradients less than a"
        " hundredth of the rate is left.",
        "falling !constant !noisy !valley !slow_valley": "No: sums never fall, but"
        " after 20,000 constant gradients {constant.percent} of the rate is left.",
        "!core": "No: sums fall, and more than a hundredth of the rate is left.",
    },
    how="The printed rule took 20,000 updates under a constant gradient, under noise,"
    " and down a valley from a distance of one, at a rate of 0.1.",
    caveats="Infinitesimally small is read as less than a hundredth of the learning"
    " rate. The valley is half the square of one weight; in a slow descent"
    " the learning rate is a hundredth of that.",
)
