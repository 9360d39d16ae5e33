"""Every unit is dropped by a coin of its own.

The rate is the mean of those coins, and the number that falls in one pass has a
binomial spread, so a layer of 64 units at rate one half loses anything from about 20 to
44 of them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

CLAIM = Claim(
    statement="In each pass dropout silences a fixed share of the neurons.",
    rows=("B-SOL-4",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014), Dropout, section 4",
    predictions=(
        ExactCheck(
            label="share over 4,096 passes, less the rate",
            measurement="dropout_share",
            quantity="deviation_of_the_mean_share",
            expected=0.0,
            # Four standard errors of 262,144 fair coins.
            tolerance=0.004,
        ),
        ExactCheck(
            label="share in every single pass, less the rate",
            measurement="dropout_share",
            quantity="deviation_in_one_pass",
            expected=0.0,
            # Half a unit of 64: the nearest whole number of units.
            tolerance=0.5 / 64,
        ),
    ),
    controls=(
        ExactCheck(
            label="spread over passes against a binomial one",
            measurement="dropout_share",
            quantity="spread_over_binomial",
            expected=1.0,
            # Four standard errors of a spread seen in 4,096 passes.
            tolerance=0.05,
        ),
    ),
    caveats="Layers of 64 units at rates 0.1, 0.2 and 0.5.",
    findings={
        "conditional": (
            "On average over 4,096 passes the share dropped is within {0} of the rate;"
            " in one pass it is off by up to {1}, with the spread of a binomial"
            " distribution."
        )
    },
)
