"""Every unit is dropped by a coin of its own.

The rate is the mean of those coins, and the number that falls in one pass has a
binomial spread, so a layer of 64 units at rate one half mostly loses 24 to 40 of them,
and now and then far fewer or more.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import equals

SHARE = "dropout_share"
SPREAD = "spread of the share over passes, relative to a binomial one"
BY_CHANCE, HALF_A_UNIT = 0.004, 0.5 / 64
"""Four standard errors of 262,144 fair coins, and the nearest whole number of units."""


def _deviates(which: str, key: str, tolerance: float, words: str) -> ExactCheck:
    said, label = f"deviation_{which}", f"deviation of the dropped share, {words}"
    at = ("passes", key)
    return equals(SHARE, said, 0.0, tolerance, key=key, label=label, at=at)


CLAIM = Claim(
    statement="In each pass dropout silences a fixed share of the neurons.",
    strength="always",
    rows=("B-SOL-4",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014), Dropout, section 4",
    axis="passes",
    core=(
        _deviates("of_the_mean_share", "mean", BY_CHANCE, "mean over passes"),
        _deviates("in_one_pass", "each", HALF_A_UNIT, "farthest pass"),
    ),
    controls=(
        # Four standard errors of a spread seen in 4,096 passes.
        equals(SHARE, "spread_over_binomial", 1.0, 0.05, key="spread", label=SPREAD),
    ),
    answers={
        "mean !each": "No: only the mean over many passes keeps the share; a single"
        " pass misses it by up to {each.percent} of a layer's units.",
        "core": "Yes: every single pass drops the same share, to the nearest unit.",
        "!core": "No: neither a single pass nor the mean over many keeps the share.",
    },
    how="Dropped units were counted in 4,096 passes through layers of 64 units, at"
    " rates 0.1, 0.2 and 0.5.",
)
