"""Each unit is there with probability p, so scaled weights give the mean sum.

A softmax of such sums is the geometric mean of the sub-networks, renormalized, since
the logarithm turns products into sums.
Behind a further nonlinearity, a mean of outputs is not the output of a mean.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

MEASUREMENT = "weight_scaling"

# Sums of 256 terms in double precision.
ROUNDING = 1e-12

CLAIM = Claim(
    statement=(
        "A network with the weights out of each unit scaled by p answers as the"
        " sub-networks of training do together."
    ),
    rows=("A-REG-34",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Baldi and Sadowski (2013); Srivastava et al. (2014), section 4",
    predictions=(
        ExactCheck(
            label="mean of the sums that enter the next layer, linear maps",
            measurement=MEASUREMENT,
            quantity="deviation_of_sums",
            expected=0.0,
            tolerance=ROUNDING,
        ),
        ExactCheck(
            label="geometric mean of probabilities, softmax after one layer",
            measurement=MEASUREMENT,
            quantity="deviation_of_the_geometric_mean",
            expected=0.0,
            tolerance=ROUNDING,
        ),
        ExactCheck(
            label="mean of probabilities, softmax after one layer",
            measurement=MEASUREMENT,
            quantity="deviation_of_the_arithmetic_mean",
            expected=0.0,
            # One point of probability.
            tolerance=0.01,
        ),
        ExactCheck(
            label="mean of outputs, ReLU behind the dropped units",
            measurement=MEASUREMENT,
            quantity="deviation_of_relu_networks",
            expected=0.0,
            # A hundredth of the spread of outputs.
            tolerance=0.01,
        ),
    ),
    controls=(
        ExactCheck(
            label="sums without the scaling are far off",
            measurement=MEASUREMENT,
            quantity="deviation_of_sums_without_scaling",
            expected=0.1,
            relation="at_least",
        ),
    ),
    caveats=(
        "All 2^8 masks of eight units, p = 0.5 and 0.8, largest deviation over 100"
        " rows of each of ten networks, random weights; sums and outputs are relative"
        " to their spread. What trained networks make of it is asked where dropout is"
        " set beside ensembles."
    ),
    findings={
        "conditional": (
            "Over all 256 masks, scaled weights give the mean of linear maps and the"
            " geometric mean of softmax outputs, up to rounding. The ordinary mean of"
            " probabilities is off by up to {2}, and behind ReLU the mean output by up"
            " to {3} standard deviations of the outputs."
        )
    },
)
