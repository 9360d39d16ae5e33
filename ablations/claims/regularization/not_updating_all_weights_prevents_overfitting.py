"""Dropout changes what a network computes while it learns, and not only what it learns.

Where units are dropped in the backward pass alone, a weight that is left out of one
update is free to follow its gradient in the next.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.regularization import dropout as rig
from ablations.rigs.regularization import readings
from ablations.rigs.regularization.noisy_labels import SEEDS

PLAIN, PER_ROW, PER_BATCH, HALF, MOST = rig.MASKS
ADAM, DESCENT = rig.OPTIMIZERS


def _gain(
    key: str, words: str, other: str = PLAIN, optimizer: str = ADAM, **more: Any
) -> Comparison:
    return readings.generalizes(
        rig.masked(words, optimizer),
        rig.masked(other, optimizer),
        key=key,
        label=f"test accuracy of {words} less that of {other}, {optimizer}",
        **{"quick": False, **more},
    )


def _fit(key: str, words: str, optimizer: str = ADAM) -> Comparison:
    label = f"training accuracy of {words} less that without, {optimizer}"
    arms = rig.masked(words, optimizer), rig.masked(PLAIN, optimizer)
    return readings.fits_less(*arms, key=key, label=label, quick=key == "half_fit")


def _memorizes(key: str, optimizer: str) -> SuccessRate:
    return readings.mostly(
        rig.masked(PLAIN, optimizer),
        readings.MEMORIZES,
        key=key,
        label=f"runs that memorize without dropout, {optimizer}",
        quick=optimizer == ADAM,
    )


CLAIM = Claim(
    statement=(
        "Dropout prevents overfitting because not all weights are updated in each"
        " iteration."
    ),
    rows=("A-REG-28",),
    source=f"{rig.DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    axis="optimizer",
    core=(
        _gain("half", HALF, quick=True),
        _gain("half_descent", HALF, PLAIN, DESCENT),
    ),
    beside=(
        _fit("half_fit", HALF),
        _fit("most_fit", MOST),
        _fit("half_fit_descent", HALF, DESCENT),
        _gain("most", MOST),
        _gain("half_row", HALF, PER_ROW, direction="no_less", quick=True),
        _gain("most_row", MOST, PER_ROW, direction="no_less"),
        _gain("half_batch", HALF, PER_BATCH, DESCENT, direction="no_less"),
        readings.generalizes(
            rig.masked(PER_ROW, ADAM),
            rig.noisy("noise, every weight updated", rig.matching_noise(0.5)),
            key="beyond_noise",
            label="test accuracy of a mask per row less that of noise, Adam",
            quick=False,
        ),
    ),
    controls=(
        _gain("dropout", PER_ROW, quick=True),
        _gain("batch", PER_BATCH),
        _gain("batch_descent", PER_BATCH, PLAIN, DESCENT),
        _memorizes("memorize", ADAM),
        _memorizes("memorize_descent", DESCENT),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: leaving half of the units out of each update alone raises test"
            " accuracy by {half} percentage points, dropout by {dropout}."
        ),
        "!core": (
            "No: leaving half of the units out of each update alone does not raise test"
            " accuracy; dropout raises it by {dropout} percentage points."
        ),
    },
    how=(
        "Networks whose units pass no gradient, drop out or do neither, {half.n} each,"
        " took 1,500 updates on 320 rows with false labels."
    ),
    caveats=(
        "Two ReLU layers of 64 units under Adam, or plain gradient descent at a rate of"
        " 0.3. Masked gradients leave the forward pass whole and stop the gradient at"
        " units drawn for each mini-batch: the weights into such a unit get none, those"
        " out of it do. Under plain gradient descent the former then stay as they are;"
        " Adam moves them by what it remembers."
    ),
    figure="effects",
)
