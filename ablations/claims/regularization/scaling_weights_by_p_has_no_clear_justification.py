"""The mean of a sum is the sum of the means, and p is the mean of a mask.

That is a proof for linear maps and for the geometric mean of a softmax; behind further
nonlinear layers the rule is an approximation, and the best factor lies near p.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

MEASUREMENT = "weight_scaling"
DIFFERS = 0.01
"""From here on the rule does not give what it is meant to."""

CLAIM = Claim(
    statement="Nothing clearly justifies scaling the weights by p at inference.",
    rows=("A-REG-35",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Baldi and Sadowski (2013), Understanding dropout",
    predictions=(
        ExactCheck(
            label="the rule misses the mean of linear maps",
            measurement=MEASUREMENT,
            quantity="deviation_of_sums",
            expected=DIFFERS,
            relation="at_least",
        ),
        ExactCheck(
            label="the rule misses the geometric mean of softmax outputs",
            measurement=MEASUREMENT,
            quantity="deviation_of_the_geometric_mean",
            expected=DIFFERS,
            relation="at_least",
        ),
        ExactCheck(
            label="the rule misses the mean of ReLU networks",
            measurement=MEASUREMENT,
            quantity="deviation_of_relu_networks",
            expected=DIFFERS,
            relation="at_least",
        ),
        ExactCheck(
            label="another factor comes nearer to the mean of ReLU networks",
            measurement=MEASUREMENT,
            quantity="distance_of_the_best_factor_from_p",
            # A fifth of the smaller p.
            expected=0.1,
            relation="at_least",
        ),
    ),
    controls=(
        ExactCheck(
            label="without the scaling the mean of linear maps is missed",
            measurement=MEASUREMENT,
            quantity="deviation_of_sums_without_scaling",
            expected=DIFFERS,
            relation="at_least",
        ),
    ),
    caveats=(
        "All 2^8 masks of eight units, p = 0.5 and 0.8, random weights. For deep"
        " networks in general there is no theorem, which may be what the notes mean."
    ),
    findings={
        "conditional": (
            "For linear maps and for the geometric mean of softmax outputs there is a"
            " proof, and all 256 masks agree with it. Behind ReLU the rule misses the"
            " mean output by up to {2} standard deviations; yet the factor that comes"
            " nearest to it, of those a hundredth apart, differs from p by {3}."
        )
    },
)
