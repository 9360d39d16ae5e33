"""Dropout changes what a network computes while it learns, and not only what it learns.

Where units are dropped in the backward pass alone, a weight that is left out of one
update is free to follow its gradient in the next.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import Said, mostly
from ablations.rigs.regularization import dropout as rig
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import MEMORIZES, fits_less, generalizes

PLAIN, PER_ROW, PER_BATCH, HALF, MOST = (rig.masked(m, "Adam") for m in rig.MASKS)
PLAIN_SGD, _, PER_BATCH_SGD, HALF_SGD, _ = (
    rig.masked(mask, "gradient descent") for mask in rig.MASKS
)
NOISE = rig.noisy("noise, every weight updated", rig.matching_noise(0.5))


def _no_worse(key: str, arm: Arm, other: Arm) -> Comparison:
    told: Said = {"key": key, "quick": key == "half_row"}
    return generalizes(arm, other, direction="no_less", **told)


CLAIM = Claim(
    statement="Dropout prevents overfitting because not all weights are updated in each"
    " iteration.",
    rows=("A-REG-28",),
    source=f"{rig.DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    axis="optimizer",
    core=(
        generalizes(HALF, PLAIN, key="half"),
        generalizes(HALF_SGD, PLAIN_SGD, key="half_descent", quick=False),
    ),
    beside=(
        fits_less(HALF, PLAIN, key="half_fit"),
        fits_less(MOST, PLAIN, key="most_fit", quick=False),
        fits_less(HALF_SGD, PLAIN_SGD, key="half_fit_descent", quick=False),
        generalizes(MOST, PLAIN, key="most", quick=False),
        _no_worse("half_row", HALF, PER_ROW),
        _no_worse("most_row", MOST, PER_ROW),
        _no_worse("half_batch", HALF_SGD, PER_BATCH_SGD),
        generalizes(PER_ROW, NOISE, key="beyond_noise", quick=False),
    ),
    controls=(
        generalizes(PER_ROW, PLAIN, key="dropout"),
        generalizes(PER_BATCH, PLAIN, key="batch", quick=False),
        generalizes(PER_BATCH_SGD, PLAIN_SGD, key="batch_descent", quick=False),
        mostly(PLAIN, MEMORIZES, key="memorize"),
        mostly(PLAIN_SGD, MEMORIZES, key="memorize_descent", quick=False),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: leaving half of the gradients out of each update raises test accuracy"
            " by {half} percentage points."
        ),
        "!core": (
            "No: leaving half of the gradients out of each update adds no test"
            " accuracy; dropout adds {dropout} percentage points under Adam."
        ),
    },
    how="Networks some of whose units pass no gradient, are dropped, or neither,"
    " {half.n} each, took 1,500 updates on 320 rows with false labels.",
    caveats="The weights into a unit with a masked gradient get none, those out of it"
    " do. Under plain descent the former stay; Adam moves them by what it remembers.",
)
