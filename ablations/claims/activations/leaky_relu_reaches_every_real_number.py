"""Above zero it returns its input, below zero a fixed share of it.

So every number is returned for some input: itself, or itself over the share.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, equals

RANGE = "leaky_relu_range"


def _reaches(slope: str) -> ExactCheck:
    """Predict that no number is missed."""
    name = slope.replace(".", "_")
    quantity, at = f"share_missed_with_slope_{name}", ("slope", float(slope))
    label = f"share of numbers never returned, slope {slope}"
    return equals(RANGE, quantity, 0.0, key=f"slope_{name}", label=label, at=at)


CLAIM = Claim(
    statement="Leaky ReLU is x above zero and alpha x below, and returns every real"
    " number for some input.",
    strength="always",
    rows=("B-ACT-12",),
    source=f"{BASICS}, table of activations",
    axis="slope",
    core=(_reaches("0.01"), _reaches("0.3")),
    controls=(
        at_least(
            RANGE,
            "share_missed_with_slope_0",
            0.4,
            key="relu",
            label="share of numbers that ReLU never returns",
        ),
    ),
    answers={
        "core": "Yes: every number tried, from minus to plus 10,000, is the output of"
        " some input.",
        "!core": "No: some numbers are never returned.",
    },
    how="For 2,001 numbers the input that should give each was sent through Keras's"
    " leaky ReLU.",
)
