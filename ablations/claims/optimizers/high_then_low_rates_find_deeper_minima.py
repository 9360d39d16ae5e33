"""At a high rate the noise of gradients carries weights over ridges that are low.

A rate that then falls leaves them in a deep valley, which is harder to leave. Networks
may have no ridges in the way.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.landscapes import NOTES
from ablations.rigs.rate_search import ACCURACY, SEEDS, WHERE, WRONG, arm, named
from ablations.rigs.readings import at_least, at_most, compare

WELLS = "two_valleys"
PLACES = (WRONG, "MNIST-1D")


def _tells_more(optimizer: str, task: str) -> Comparison:
    """Predict a point more of test accuracy than with a steady rate."""
    falls, stays = arm(optimizer, task), arm(optimizer, task, decay=False)
    return compare(
        *(falls, "greater", stays, ACCURACY, 0.01),
        key=f"{optimizer.lower()}_{named(task)}",
        label=f"test accuracy, falling less steady rate, {optimizer}, {task}",
        quick=False,
    )


CLAIM = Claim(
    statement="High rates first let a descent escape poor local minima, and low ones"
    " later let it settle into a deeper, more stable one.",
    strength="usually",
    rows=("A-OPT-12",),
    source=f"{NOTES}, learning rate decay",
    reference="Li, Wei and Ma (2019), Towards explaining the regularization effect of"
    " initial large learning rate in training neural networks",
    axis="rival schedule",
    core=(
        at_least(
            *(WELLS, "more_by_high_then_low_than_by_low", 0.5),
            key="escapes",
            label="share of descents that end in the deeper of two valleys, high then"
            " low rate less low",
            at=("rival schedule", "low"),
        ),
        at_most(
            *(WELLS, "left_by_high_then_low_over_high", 0.5),
            key="settles",
            label="loss left in two valleys, high then low rate over high",
            at=("rival schedule", "high"),
        ),
    ),
    beside=(
        *(_tells_more(rule, task) for rule in ("SGD", "Adam") for task in PLACES),
        at_least(
            *(WELLS, "share_of_high_then_low", 0.9),
            key="deep",
            label="share of descents that end in the deeper valley, high then low rate",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core ?sgd_wrong_labels sgd_mnist1d !adam_wrong_labels ?adam_mnist1d": "Yes, on"
        " a curve with two valleys; falling rates surely make networks a point more"
        " accurate in one of four settings.",
        "core": "Yes, on a curve with two valleys: rates that are high and then low"
        " find the deeper one, and settle in it.",
        "!core": "No: on a curve with two valleys rates that are high and then low"
        " neither find the deeper one nor settle.",
        "escapes !settles": "It depends on the rival: on a curve with two valleys a low"
        " rate finds the deeper one less often; a high one settles as well.",
        "!escapes settles": "It depends on the rival: on a curve with two valleys a"
        " high rate does not settle; a low one finds the deeper as often.",
    },
    how="Five hundred descents between two valleys were computed, and networks trained"
    " at rates that fall or stay, the best of 16.",
    caveats=f"{WHERE} Test accuracy stands for the depth of a network's minimum, which"
    " was not measured.",
)
