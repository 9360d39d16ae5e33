"""Below zero a fraction of x is the larger of the two, above zero x itself is.

That turns around where the factor is above one.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import equals


def _agrees(slope: str) -> ExactCheck:
    """Predict that both ways to write it agree exactly."""
    name = slope.replace(".", "_")
    return equals(
        "leaky_relu_slopes",
        f"deviation_of_the_larger_with_slope_{name}",
        0.0,
        key=f"slope_{name}",
        label=f"deviation of the larger from both pieces, slope {slope}",
        at=("slope", float(slope)),
    )


CLAIM = Claim(
    statement="Leaky ReLU is the larger of alpha times x and x, with a small alpha.",
    strength="always",
    rows=("A-ACT-22",),
    source=f"{NOTES}, leaky ReLU",
    core=(_agrees("0.01"),),
    beside=(_agrees("0.5"), _agrees("1"), _agrees("2")),
    answers={
        "core slope_0_5 slope_1 !slope_2": "Yes, for every alpha up to one; with a"
        " larger one it would be"
        " the smaller of the two.",
        "core": "Yes: both ways to write it agree for a small alpha.",
        "!core": "No: both ways to write it differ.",
    },
    how="Both ways to write it were compared at all numbers of half precision below"
    " 10,000, for alpha of 0.01, 0.5, 1 and 2.",
)
