"""Dropping units with probability r makes a share r of their mean square noise.

Batch norm moves a unit by the mean and stretches it by the deviation of its batch, both
of which vary by about one over the number of rows. So its noise has a size set by the
batch, as that of dropout has one set by its rate.
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
        "noise_8 !noise_32 size": "It depends on the batch: eight rows give the noise"
        " of dropping a share of {size.first}, which is similar; more give less,"
        " {size.last}.",
        "noise_8 noise_32 size": "Yes: batches give as much noise as dropping a tenth of units, a"
        " share of {size.first} with eight rows and {size.last} with more.",
        "!noise_8 !noise_32 size": "No: batches give less noise than dropping a tenth of units, a"
        " share of {size.first} with eight rows and {size.last} with more.",
    },
    how="The variance that batches give to outputs of the first hidden layer was"
    " measured in {noise_32.n} trained networks for each size of batches.",
    caveats="The share of dropped units is the variance between batches over the mean"
    " square, which is the rate of dropout where there is dropout."
    f" {rig.ALL_ROWS}",
)
