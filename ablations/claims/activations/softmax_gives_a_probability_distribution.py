"""Every share is an exponential over the sum of all of them.

Exponentials are positive, and parts of a sum add up to it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

SUMS = "softmax_sums"


def _adds_up(classes: int) -> ExactCheck:
    """Predict shares that add up to one within the rounding of float32."""
    quantity, key = f"deviation_of_the_sum_of_{classes}", f"of_{classes}"
    label = f"deviation of the sum from one, {classes:,} classes"
    at = ("classes", classes)
    return equals(SUMS, quantity, 0.0, 1e-6, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Softmax turns logits into probabilities that add up to one.",
    strength="always",
    rows=("A-ACT-24",),
    source=f"{NOTES}, softmax",
    reference="Bridle (1990), Probabilistic interpretation of feedforward"
    " classification network outputs",
    axis="classes",
    core=(
        *(_adds_up(k) for k in (2, 3, 10, 1000)),
        at_least(SUMS, "smallest_share", 0.0, key="positive"),
    ),
    beside=(equals(SUMS, "deviation_from_the_formula", 0.0, 1e-6, key="formula"),),
    answers={
        "core": "Yes: shares are never negative and add up to one, to six digits, even"
        " among 1,000 classes.",
        "!core": "No: shares do not add up to one, even of two classes.",
    },
    how="Keras's softmax was computed for 1,000 rows of random logits of 2, 3, 10 and"
    " 1,000 classes.",
    caveats="That the numbers are probabilities in form; whether they are as often"
    " right as they say is a matter of calibration.",
)
