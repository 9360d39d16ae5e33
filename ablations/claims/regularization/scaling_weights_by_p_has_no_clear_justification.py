"""The mean of a sum is the sum of the means, and p is the mean of a mask.

That is a proof for linear maps and for the geometric mean of a softmax; behind further
nonlinear layers the rule is an approximation, and the best factor lies near p.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.readings import measured


def _missed(key: str, label: str, quantity: str, least: float = 0.01) -> ExactCheck:
    return measured("weight_scaling", key, label, quantity, least, relation="at_least")


CLAIM = Claim(
    statement="Nothing clearly justifies scaling the weights by p at inference.",
    strength="always",
    rows=("A-REG-35",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Baldi and Sadowski (2013), Understanding dropout",
    core=(
        _missed("sums", "deviation from the mean of linear maps", "deviation_of_sums"),
        _missed(
            "geometric",
            "deviation from the geometric mean of softmax outputs",
            "deviation_of_the_geometric_mean",
        ),
        _missed(
            "relu",
            "deviation from the mean of ReLU networks",
            "deviation_of_relu_networks",
        ),
    ),
    beside=(
        _missed(
            "factor",
            "distance from p of the factor that fits ReLU networks best",
            "distance_of_the_best_factor_from_p",
            0.1,  # A fifth of the smaller p.
        ),
    ),
    controls=(
        _missed(
            "unscaled",
            "deviation from the mean of linear maps without the scaling",
            "deviation_of_sums_without_scaling",
        ),
    ),
    answers={
        "!sums !geometric": (
            "No: for linear maps and for a softmax behind one layer it is exactly the"
            " mean over all masks."
        ),
        "core": "Yes: it misses the mean over all masks in every network tried.",
    },
    how="All 256 masks of eight units, with random weights, for two values of p.",
    caveats=(
        "p = 0.5 and 0.8. For deep networks in general there is no theorem, which may"
        " be what the notes mean."
    ),
)
