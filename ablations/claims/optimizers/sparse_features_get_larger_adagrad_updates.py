"""AdaGrad divides by the root of past squares, which rare features lack.

Their weights keep a rate near the first one while those of frequent features lose it,
so that they learn more from the few rows that show them.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import ADAGRAD
from ablations.rigs.readings import at_least, at_most, equals

RARE = "rare_weights"

CLAIM = Claim(
    statement="Under AdaGrad sparse features get larger updates than frequent ones.",
    strength="usually",
    rows=("A-OPT-26",),
    source=f"{ADAGRAD}, problem and algorithm",
    reference="Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online"
    " learning and stochastic optimization, JMLR 12",
    core=(
        at_least(
            *(RARE, "rate_of_adagrad", 2.0),
            key="rate",
            label="rate of the weight shown by 1 % of rows over that of the one shown"
            " by 90 %, AdaGrad",
        ),
    ),
    beside=(
        at_most(
            *(RARE, "rare_error_of_adagrad_over_sgd", 0.5),
            key="error",
            label="error of the rare weight after 1,000 rows, AdaGrad over SGD, each at"
            " its best rate",
        ),
        at_most(
            *(RARE, "loss_of_adagrad_over_sgd", 0.9),
            key="loss",
            label="excess loss after 1,000 rows, AdaGrad over SGD, each at its best"
            " rate",
        ),
        at_least(
            *(RARE, "root_of_the_ratio_of_shares", 2.0),
            key="law",
            label="root of how many times as often the frequent feature is shown",
        ),
    ),
    controls=(
        equals(
            *(RARE, "rate_of_sgd", 1.0, 1e-6),
            key="sgd",
            label="rate of the rare weight over that of the frequent one, SGD",
        ),
    ),
    answers={
        "core error": "Yes: AdaGrad gives the rare weight {rate} times the rate of the"
        " frequent one, and ends at less than half the error of SGD.",
        "core": "Yes: AdaGrad gives the rare weight {rate} times the rate of the"
        " frequent one, but does not halve its error.",
        "!core": "No: AdaGrad gives the rare weight only {rate} times the rate of the"
        " frequent one.",
    },
    how="A hundred linear units were trained on 1,000 single rows each, at 33 rates"
    " under either rule.",
    caveats="Each row shows one of three features, and targets have noise of half the"
    " weights' size. Rates are constant, and the sums start at zero, as printed.",
)
