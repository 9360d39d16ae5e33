"""The printed rate is a weighted mean of the first and of the last one.

Its weight grows by equal parts up to one; beyond that the line would go below zero, so
that it has to stop.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import DIGITS, agrees, at_most, equals

DECAY = "linear_decay"


def _is(after: int, rate: float) -> ExactCheck:
    """Predict the rate of Keras's decay after so many updates."""
    return equals(
        *(DECAY, f"rate_of_keras_after_{after}", rate, DIGITS),
        key=f"after_{after}",
        label=f"rate after {after} updates",
        at=("updates", after),
    )


CLAIM = Claim(
    statement="Linear decay lowers the rate by equal parts, from 0.1 to 0.01 in 100"
    " iterations, and leaves it constant afterwards.",
    strength="always",
    rows=("A-OPT-10",),
    source=f"{NOTES}, learning rate decay",
    axis="updates",
    core=(
        _is(0, 0.1),
        _is(50, 0.055),
        _is(100, 0.01),
        _is(150, 0.01),
        agrees(
            *(DECAY, "deviation_from_keras"),
            key="keras",
            label="deviation of 160 printed rates from those of Keras",
        ),
    ),
    beside=(
        equals(
            *(DECAY, "deviation_of_the_way_of_sgd", 0.0, 1e-5),
            key="sgd",
            label="deviation of the distance in 160 updates of SGD from the sum of the"
            " printed rates, over that sum",
        ),
    ),
    controls=(
        at_most(
            *(DECAY, "rate_after_150_without_a_stop", 0.0),
            key="no_stop",
            label="rate after 150 updates if the line goes on",
        ),
    ),
    answers={
        "core": "Yes: halfway it is {after_50}, at the end and ever after {after_100},"
        " as in Keras's polynomial decay of power one.",
        "!core": "No: none of the printed rates is that of Keras's polynomial decay.",
    },
    how="The printed rates of 160 updates were compared with Keras's polynomial decay"
    " of power one.",
)
