"""The penalty pulls every weight towards zero in proportion to its size.

A weight settles where that pull meets that of the data, which is nearer to zero the
stronger the penalty is.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.penalties import (
    ADAM,
    FACTOR,
    NORM,
    STRENGTHS,
    penalized,
)
from ablations.rigs.regularization.readings import MEMORIZES, mostly


def _falls(
    key: str, setting: str, strengths: tuple[float, ...] = (0.001, 0.01, 0.03)
) -> Trend:
    return Trend(
        key=key,
        label=f"log10 of the norm, last less first, {setting}, {len(strengths)} steps",
        along=tuple(penalized(l2, setting) for l2 in (0.0, *strengths)),
        scores=(NORM,),
        margin=FACTOR,
        direction="falls",
        quick=key == "adam",
    )


CLAIM = Claim(
    statement="An L2 penalty forces the weights to be small.",
    rows=("A-REG-7",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Krogh and Hertz (1992), A simple weight decay can improve generalization"
    ),
    axis="setting",
    core=(
        _falls("adam", ADAM),
        _falls("descent", "gradient descent"),
        _falls("norm", "batch norm"),
        _falls("true", "true labels"),
    ),
    beside=(_falls("long", ADAM, STRENGTHS),),
    controls=(
        mostly(
            penalized(0.0),
            MEMORIZES,
            key="memorize",
            label="runs that memorize without a penalty",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: without a penalty the weights have {adam.power} times the norm that"
            " they have with one of 0.03, under Adam."
        ),
        "!core": "No: a penalty of up to 0.03 does not shrink the norm of the weights.",
    },
    how=(
        "Networks took 1,500 updates on 320 rows under penalties from none to 0.03,"
        " {adam.n} for each strength and setting."
    ),
    caveats=(
        "Two ReLU layers of 64 units. The norm is of all kernels together, at the end;"
        " a small norm says nothing of single weights."
    ),
    figure="penalty_curve",
)
