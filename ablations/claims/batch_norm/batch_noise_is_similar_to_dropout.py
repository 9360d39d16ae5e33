"""Dropping units with probability r makes a share r of their mean square noise.

Batch norm moves a unit by the mean and stretches it by the deviation of its batch,
whose variances are about one, and a half, over the number of rows. So its noise has a
size set by the batch, as that of dropout has one set by its rate.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import alike, mostly, trend
from ablations.rigs.regularization.readings import accuracy, generalizes

SIZES = (8, 32)
TENTH, FIFTH = 0.1, 0.2
"""Half of the smallest rate of dropout in the notes, and that rate."""
EQUAL = ScoreConfig(
    quantity="equal_dropout", words="share of dropped units that is as noisy"
)
NOISY = EQUAL.replace(
    at_least=TENTH, words="get as much noise as by dropping a tenth of units"
)
POINTS = 0.02
DROPOUT = rig.overfitting(False, dropout=FIFTH)
APART = (
    "batch norm and dropping a fifth of units end {alike_8} percentage points of test"
    " accuracy apart, in larger ones {alike_32}."
)


def _noisy(size: int) -> SuccessRate:
    key, at = f"noise_{size}", ("batch", size)
    return mostly(rig.noisy_batches(size), NOISY, key=key, at=at)


def _gains_alike(size: int) -> Equivalence:
    dropout = rig.overfitting(False, size, FIFTH)
    norm, key = rig.overfitting(True, size), f"alike_{size}"
    return alike(norm, dropout, accuracy(), POINTS, key=key)


CLAIM = Claim(
    statement="The small noise of mini-batch statistics acts as a regularizer, similar"
    " to dropout.",
    strength="can",
    rows=("A-BN-16",),
    source=f"{NOTES}, benefits",
    reference="Ioffe and Szegedy (2015), section 3.4; Srivastava et al. (2014)",
    axis="batch",
    core=tuple(map(_gains_alike, SIZES)),
    beside=(
        *map(_noisy, SIZES),
        trend(
            [rig.noisy_batches(size) for size in SIZES],
            "falls",
            EQUAL,
            0.05,
            key="size",
        ),
    ),
    controls=(generalizes(DROPOUT, rig.overfitting(False), key="dropout"),),
    standard_only=True,
    seeds=rig.MORE_SEEDS,
    answers={
        "core": f"Yes: in batches of eight {APART}",
        "alike_8 ?alike_32": f"Yes, in batches of eight: {APART}",
        "alike_8 !alike_32": f"Yes, in batches of eight: {APART}",
        "!core": f"No: in batches of eight {APART}",
    },
    how=(
        "Networks of two layers, {alike_8.n} for each size of batches, took 1,500"
        " updates on 320 rows, 15 % of them with false labels, with batch norm or"
        " with dropout."
    ),
    caveats="The noise of batch norm is the variance that batches give to outputs of"
    " the first hidden layer, over their mean square; of dropout that is its rate."
    f" {rig.ALL_ROWS}",
)
