"""Each unit is there with probability p, so scaled weights give the mean sum.

A softmax of such sums is the geometric mean of the sub-networks, renormalized, since
the logarithm turns products into sums.
Behind a further nonlinearity, a mean of outputs is not the output of a mean.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import Said, at_least, equals
from ablations.rigs.regularization.dropout import DROPOUT


def _exact(key: str, quantity: str, kind: str, tolerance: float) -> ExactCheck:
    label = f"largest distance from all masks together, {kind}"
    told: Said = {"key": key, "label": label, "at": ("kind of mean", kind)}
    return equals("weight_scaling", f"deviation_of_{quantity}", 0, tolerance, **told)


UNSCALED = "deviation_of_sums_without_scaling"
WHOLE = "largest distance from all masks together, weights not scaled"
ROUNDING, SMALL = 1e-12, 0.01
"""Of sums of 256 terms; a point of probability, or of the spread of outputs."""

CLAIM = Claim(
    statement="A network with the weights out of each unit scaled by p answers as the"
    " sub-networks of training do together.",
    rows=("A-REG-34",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Baldi and Sadowski (2013); Srivastava et al. (2014), section 4",
    axis="kind of mean",
    core=(
        _exact("sums", "sums", "linear maps", ROUNDING),
        _exact(
            "geometric", "the_geometric_mean", "geometric mean of a softmax", ROUNDING
        ),
        _exact("arithmetic", "the_arithmetic_mean", "mean of a softmax", SMALL),
        _exact("relu", "relu_networks", "ReLU networks", SMALL),
    ),
    controls=(at_least("weight_scaling", UNSCALED, 0.1, key="unscaled", label=WHOLE),),
    answers={
        "sums geometric !arithmetic !relu": (
            "Only for linear maps and the geometric mean of a softmax; behind ReLU it"
            " is off by up to {relu} standard deviations."
        ),
        "core": "Yes: it answers as all masks do together, behind ReLU layers too.",
    },
    how="Weights scaled by p were compared with all 256 masks of eight units, in ten"
    " networks with random weights.",
    caveats="p is 0.5 and 0.8; deviations are relative to the spread of outputs.",
)
