"""The penalty pulls every weight towards zero in proportion to its size.

A weight settles where that pull meets that of the data, which is nearer to zero the
stronger the penalty is.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.rigs.depth.recipes import succeeds
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.penalties import (
    FACTOR,
    MEMORIZES,
    NORM,
    SETTINGS,
    penalty_arms,
    penalty_name,
)

LADDER = (0.0, 0.001, 0.01, 0.03)
LONG_LADDER = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)


def _falls(label: str, setting: str, strengths: tuple[float, ...]) -> Trend:
    return Trend(
        label=label,
        arms=tuple(penalty_name(l2, setting) for l2 in strengths),
        scores=(NORM,),
        margin=FACTOR,
        direction="falls",
    )


PREDICTIONS = (
    _falls("Adam", "", LADDER),
    _falls("Adam, from the printed strength on", "", LONG_LADDER),
    *(_falls(setting, setting, LADDER) for setting in SETTINGS if setting),
)

CLAIM = Claim(
    statement="An L2 penalty forces the weights to be small.",
    rows=("A-REG-7",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Krogh and Hertz (1992), A simple weight decay can improve generalization"
    ),
    arms={
        **penalty_arms("", *LONG_LADDER),
        **{
            name: arm
            for setting in SETTINGS
            if setting
            for name, arm in penalty_arms(setting, *LADDER).items()
        },
    },
    predictions=PREDICTIONS,
    beyond_quick=tuple(p.label for p in PREDICTIONS[1:]),
    controls=(
        succeeds("networks memorize without penalty", penalty_name(0.0), MEMORIZES),
    ),
    seeds=SEEDS,
    findings={
        "supported": (
            "From no penalty to 0.03 the norm of all kernels changes by {0} in its"
            " log10 under Adam (means {0.means}), by {2} under gradient descent, by {3}"
            " with batch norm and by {4} with true labels ({0.n} seeds)."
        )
    },
    caveats=(
        "Two ReLU layers of 64 units, 320 rows, 1,500 updates. The norm is of all"
        " kernels together, at the end; a small norm says nothing of single weights."
    ),
    figure="penalty_curve",
)
