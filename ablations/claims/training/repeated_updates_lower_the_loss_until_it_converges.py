"""A step lowers the loss if it does not jump too far over the valley.

On a valley of curvature c a rate below 2 / c comes closer with every step, and one
above moves away.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS
from ablations.rigs.readings import at_most, equals

UPDATES = "repeated_updates"


def _lowers(rate: str, key: str) -> ExactCheck:
    """Predict that every one of 100 updates lowers the loss."""
    name, at = rate.replace(".", "_"), ("rate times curvature", float(rate))
    quantity = f"share_of_updates_that_lower_it_at_{name}"
    label = f"share of updates that lower the loss, rate {rate} over the curvature"
    return equals(UPDATES, quantity, 1.0, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Repeating the updates lowers the loss until it converges.",
    strength="usually",
    rows=("B-TRN-9",),
    source=f"{BASICS}, many iterations",
    reference="Nesterov (2004), Introductory lectures on convex optimization; Cohen et"
    " al. (2021), Gradient descent on neural networks typically occurs at the edge of"
    " stability",
    axis="rate times curvature",
    core=(
        _lowers("0.5", "half"),
        _lowers("1", "one"),
        _lowers("1.9", "below_two"),
        _lowers("2.1", "above_two"),
        at_most(
            UPDATES,
            "log10_left_at_1_9",
            -3.0,
            key="converged",
            label="loss left after 100 updates, rate 1.9, in powers of ten",
            at=("rate times curvature", 1.9),
        ),
    ),
    answers={
        "half one below_two converged !above_two": (
            "It depends on the rate: on a quadratic every update lowers the loss below"
            " two over the largest curvature; above it the loss grows."
        ),
        "core": "Yes: every update lowers the loss at all four rates, until it"
        " converges.",
        "!core": "No: updates raise the loss at all four rates.",
    },
    how="One hundred updates were made on a valley whose curvatures are one and ten, at"
    " four rates.",
    caveats="A quadratic; how real losses behave near that bound is a matter of other"
    " claims.",
)
