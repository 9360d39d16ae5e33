"""The outputs of a layer are the inputs of the next, and change with its weights.

As long as weights move, so do the means and deviations of what all later layers read.
"""

import math

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import compare, mostly

CASES = {
    f"{activation}_{depth}": (activation, depth)
    for depth in (3, 8)
    for activation in ("relu", "tanh")
}
FIRST = 16
"""Updates of one pass over 512 rows."""
DRIFT = ScoreConfig(
    quantity="log10_input_drift", words="log10 of the mean drift of ten passes"
)
MOVES = DRIFT.replace(
    at_least=-2.0,
    words="move inputs by a hundredth of their deviation in an average pass",
)
AT_FIRST = DRIFT.replace(at=FIRST, words="log10 of the drift of the first pass")


def _moves(key: str) -> SuccessRate:
    arm = rig.drifting(None, *CASES[key])
    return mostly(arm, MOVES, key=key, at=("depth", CASES[key][1]))


def _goes_on(key: str) -> Comparison:
    """Predict that nine later passes together move inputs as far as the first did."""
    arm, margin = rig.drifting(None, *CASES[key]), math.log10(5.0)
    key, at = f"{key}_later", ("depth", CASES[key][1])
    return compare(arm, "no_less", arm, DRIFT, margin, AT_FIRST, key=key, at=at)


CLAIM = Claim(
    statement="While a deep network trains, the distribution of the inputs of its"
    " hidden layers changes continuously.",
    rows=("A-BN-1",),
    source=f"{NOTES}, problem",
    reference="Ioffe and Szegedy (2015), section 1",
    axis="depth",
    core=tuple(map(_moves, CASES)),
    beside=tuple(map(_goes_on, CASES)),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core relu_3_later tanh_3_later relu_8_later tanh_8_later": (
            "Yes: means and deviations of layers' inputs move by a hundredth of a"
            " deviation or more in an average pass, less than in the first."
        ),
        "core": "Yes: the inputs of layers move by a hundredth of a deviation or more"
        " in an average pass.",
        "!core": "No: the inputs of layers hardly move.",
    },
    how="Networks without batch norm, {relu_3.n} for each depth and activation, were"
    " followed over ten passes of plain gradient descent on 512 images of digits.",
    caveats="Drift is that of mean and deviation of each input over all training rows,"
    " between the start and the end of a pass of 16 updates.",
)
