"""A row is normalized by the mean and variance of the rows it happens to be with.

So a network sees each row a little different every time, the more so the smaller its
batches. With all rows in one batch nothing varies, and what batch norm does then is not
done by noise.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction, SuccessRate
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.normalization.networks import overfitting
from ablations.rigs.readings import interaction, mostly
from ablations.rigs.regularization.readings import (
    MEMORIZES,
    TIE,
    accuracy,
    fits_less,
    generalizes,
    within_runs,
)

SIZES = (8, 32)
MOVING = accuracy("moving_test_accuracy", "test accuracy by moving averages")


def _noise(size: int) -> Interaction:
    """Predict that batch norm gains more in small batches than with all rows."""
    arms = [
        overfitting(norm, rows) for rows in (rig.ROWS, size) for norm in (False, True)
    ]
    key, at = f"noise_{size}", ("batch", size)
    return interaction(arms, accuracy(), TIE, key=key, at=at)


def _memorizes(size: int) -> SuccessRate:
    return mostly(overfitting(False, size), MEMORIZES, key=f"memorizes_{size}")


def _arms(size: int) -> tuple[Arm, Arm]:
    return overfitting(True, size), overfitting(False, size)


def _gains(size: int) -> Comparison:
    return generalizes(*_arms(size), key=f"gain_{size}", at=("batch", size))


def _fits_less(size: int) -> Comparison:
    return fits_less(*_arms(size), key=f"fit_{size}")


def _by_averages(size: int) -> Comparison:
    """Predict that moving averages do no worse than all training rows."""
    arm, usual = overfitting(True, size), accuracy()
    key = f"moving_{size}"
    return within_runs(arm, MOVING, usual, direction="no_less", key=key)


ALL = generalizes(*_arms(rig.ROWS), direction="no_greater", key="all_rows")

CLAIM = Claim(
    statement="Batch norm acts as a regularizer and reduces overfitting, since the"
    " statistics of mini-batches vary and add a little noise.",
    rows=("A-BN-15",),
    source=f"{NOTES}, benefits",
    reference="Ioffe and Szegedy (2015), section 3.4; Luo et al. (2019), Towards"
    " understanding regularization in batch normalization",
    axis="batch",
    core=tuple(map(_gains, SIZES)),
    beside=(
        *map(_fits_less, SIZES),
        *map(_noise, SIZES),
        *map(_by_averages, SIZES),
    ),
    controls=(ALL, *map(_memorizes, (*SIZES, rig.ROWS))),
    standard_only=True,
    seeds=rig.MORE_SEEDS,
    answers={
        "gain_8 !gain_32": (
            "It depends on the batch: in batches of eight batch norm adds"
            " {gain_8} percentage points of test accuracy; in larger ones it"
            " costs {gain_32}."
        ),
        "core !noise_8 !noise_32": "It reduces overfitting, but not by noise: with all"
        " rows in one batch it gains about as much.",
        "core": "Yes: in batches of eight batch norm adds {gain_8} percentage points of"
        " test accuracy, in larger ones {gain_32}.",
        "gain_32": "Yes, as far as tested: in batches of 32 batch norm adds {gain_32}"
        " percentage points of test accuracy.",
        "!core": "No: networks with batch norm do not classify test rows better.",
    },
    how=(
        "Networks of two layers, {gain_32.n} for each size of batches with and without"
        " batch norm, took 1,500 updates on 320 rows, some with false labels."
    ),
    caveats="About 15 % of the training labels are false. Smaller batches mean fewer"
    f" passes over the rows, with and without batch norm alike. {rig.ALL_ROWS}",
)
