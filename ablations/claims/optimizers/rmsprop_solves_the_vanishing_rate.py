"""An average stays between the least and the largest square that it is made of.

So the rate does not shrink while gradients stay of one size; where they shrink, it even
grows.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import RMSPROP
from ablations.rigs.readings import at_least, at_most

LONG = "rates_in_the_long_run"
KIND = "kind of gradient"
BOTTOM = "distance_from_the_bottom_over_the_rate_with"


def _stays(key: str, kind: str) -> ExactCheck:
    """Predict that half of the learning rate is left at least."""
    quantity = f"rate_left_by_averages_under_{kind.replace(' ', '_')}"
    label = f"rate after 20,000 updates over the learning rate, {kind}"
    return at_least(LONG, quantity, 0.5, key=key, label=label, at=(KIND, kind))


CLAIM = Claim(
    statement="RMSProp solves AdaGrad's problem of the vanishing learning rate.",
    strength="usually",
    rows=("A-OPT-31",),
    source=f"{RMSPROP}, constant gradient",
    reference="Tieleman and Hinton (2012), Lecture 6.5, RMSProp",
    axis=KIND,
    core=(
        _stays("constant", "constant gradients"),
        _stays("noisy", "noisy gradients"),
        _stays("valley", "a valley"),
    ),
    beside=(
        at_most(LONG, f"{BOTTOM}_averages", 0.1, key="settles"),
        at_most(LONG, f"{BOTTOM}_sums", 0.1, key="adagrad"),
    ),
    controls=(
        at_most(LONG, "rate_left_by_sums_under_constant_gradients", 0.01, key="sums"),
    ),
    answers={
        "core !settles adagrad": (
            "Yes; but in a valley the rate even grows, so that it never settles: it"
            " ends {settles} learning rates from the bottom, which AdaGrad reaches."
        ),
        "core": "Yes: under constant, noisy and vanishing gradients at least half of"
        " the rate is left.",
        "!core": "No: less than half of the rate is left under every kind of gradient.",
    },
    how="The printed rules took 20,000 updates under a constant gradient, under noise,"
    " and down a valley, at a rate of 0.1.",
)
