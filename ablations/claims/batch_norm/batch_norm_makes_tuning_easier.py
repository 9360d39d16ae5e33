"""Behind batch norm a layer puts out the same whatever the size of its kernel.

So the scale of first weights hardly matters to signals, and kernels that grow by too
long a step lower their own gradients. Both widen what a rate may be.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import compare, mostly

TENTH = 0.1
SHARE = ScoreConfig(
    quantity="share_that_learn",
    words="share of 25 pairs of a rate and a scale of first weights that learn",
)
SOME = SHARE.replace(at_least=0.04, words="learn at one pair or more")
CASES = {"three": (3, "relu"), "six": (6, "relu"), "sigmoid": (3, "sigmoid")}
NETWORKS = {
    "three": "three ReLU layers",
    "six": "six ReLU layers",
    "sigmoid": "three sigmoid layers",
}


def _wider(key: str) -> Comparison:
    norm, plain = (rig.settings(place, *CASES[key]) for place in ("before", None))
    at = ("network", NETWORKS[key])
    return compare(norm, "greater", plain, SHARE, TENTH, key=key, at=at)


CLAIM = Claim(
    statement="Inputs of layers that keep changing make hyperparameters difficult to"
    " tune; with batch norm tuning is easier.",
    rows=("A-BN-4",),
    source=f"{NOTES}, problem",
    reference="Ioffe and Szegedy (2015), abstract",
    axis="network",
    core=tuple(map(_wider, CASES)),
    controls=(mostly(rig.settings(None, *CASES["six"]), SOME, key="plain"),),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core": (
            "Yes: six ReLU layers learn at a share of {six.treatment} of the pairs of"
            " rate and first weights tried, without batch norm {six.control}."
        ),
        "!core": "No: with batch norm networks do not learn at a tenth more of the"
        " settings.",
    },
    how="Networks, {six.n} for each case with and without batch norm, were tried with"
    " five rates times five scales of their first weights, for 300 updates each.",
    caveats=(
        "Whether changing inputs are what makes tuning difficult was not tested. Rates"
        " go from 0.01 to 1 and factors on first weights from a quarter to 4. To learn"
        f" is to classify half of the training rows. {rig.ALL_ROWS}"
    ),
)
