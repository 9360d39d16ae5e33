"""Each unit is there with probability p, so scaled weights give the mean sum.

A softmax of such sums is the geometric mean of the sub-networks, renormalized, since
the logarithm turns products into sums.
Behind a further nonlinearity, a mean of outputs is not the output of a mean.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.readings import measured


def _deviation(
    key: str, label: str, quantity: str, tolerance: float, kind: str
) -> ExactCheck:
    return measured(
        "weight_scaling",
        key,
        f"deviation from the {label}",
        f"deviation_of_{quantity}",
        0.0,
        tolerance,
        at=("kind of mean", kind),
    )


ROUNDING = 1e-12
"""Of sums of 256 terms in double precision."""

CLAIM = Claim(
    statement=(
        "A network with the weights out of each unit scaled by p answers as the"
        " sub-networks of training do together."
    ),
    strength="usually",
    rows=("A-REG-34",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Baldi and Sadowski (2013); Srivastava et al. (2014), section 4",
    axis="kind of mean",
    core=(
        _deviation("sums", "mean of linear maps", "sums", ROUNDING, "linear maps"),
        _deviation(
            "geometric",
            "geometric mean of probabilities, softmax after one layer",
            "the_geometric_mean",
            ROUNDING,
            "geometric mean of a softmax",
        ),
        _deviation(
            "arithmetic",
            "mean of probabilities, softmax after one layer",
            "the_arithmetic_mean",
            0.01,  # One point of probability.
            "mean of a softmax",
        ),
        _deviation(
            "relu",
            "mean of outputs, ReLU behind the dropped units",
            "relu_networks",
            0.01,  # A hundredth of the spread of outputs.
            "ReLU networks",
        ),
    ),
    controls=(
        measured(
            "weight_scaling",
            "unscaled",
            "deviation from the mean of linear maps without the scaling",
            "deviation_of_sums_without_scaling",
            0.1,
            relation="at_least",
        ),
    ),
    answers={
        "sums geometric !arithmetic !relu": (
            "Only for linear maps and the geometric mean of a softmax; behind ReLU it"
            " is off by up to {relu} standard deviations."
        ),
        "core": "Yes: it answers as all masks do together, behind ReLU layers too.",
    },
    how="All 256 masks of eight units, in ten networks with random weights.",
    caveats=(
        "p = 0.5 and 0.8, largest deviation; sums and outputs are relative to their"
        " spread. What trained networks make of it is asked where dropout is set beside"
        " ensembles."
    ),
)
