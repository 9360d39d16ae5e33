"""The mean of a sum is the sum of the means, and p is the mean of a mask.

That is a proof for linear maps and for the geometric mean of a softmax; behind further
nonlinear layers the rule is an approximation, and the best factor lies near p.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_least
from ablations.rigs.regularization.dropout import DROPOUT

FAR = "largest distance from all masks together"
missed = partial(at_least, "weight_scaling", bound=0.01)
# A tenth is a fifth of the smaller p.
far = partial(missed, "distance_of_the_best_factor_from_p", bound=0.1)

CLAIM = Claim(
    statement="Nothing clearly justifies scaling the weights by p at inference.",
    strength="always",
    rows=("A-REG-35",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Baldi and Sadowski (2013), Understanding dropout",
    core=(
        missed("deviation_of_sums", key="sums", label=f"{FAR}, linear maps"),
        missed(
            "deviation_of_the_geometric_mean",
            key="geometric",
            label=f"{FAR}, geometric mean of a softmax",
        ),
        missed("deviation_of_relu_networks", key="relu", label=f"{FAR}, ReLU networks"),
    ),
    beside=(far(key="factor"),),
    controls=(
        missed(
            "deviation_of_sums_without_scaling",
            key="unscaled",
            label=f"{FAR}, weights not scaled",
        ),
    ),
    answers={
        "!sums !geometric": (
            "No: for linear maps, and for the geometric mean of a softmax, it gives the"
            " mean over all masks."
        ),
        "core": "Yes: it misses the mean over all masks in every network tried.",
    },
    how="Weights scaled by p were compared with all 256 masks of eight units, in ten"
    " networks with random weights, for two values of p.",
    caveats="For deep networks there is no theorem, which may be what the notes mean.",
)
