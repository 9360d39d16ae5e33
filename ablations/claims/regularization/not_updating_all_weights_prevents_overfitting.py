"""Dropout changes what a network computes while it learns, and not only what it learns.

Where units are dropped in the backward pass alone, a weight that is left out of one
update is free to follow its gradient in the next.
"""

from typing import Any

from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    HALF,
    matching_noise,
    network,
    noisy,
)
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import (
    MEMORIZES,
    fits_less,
    generalizes,
    mostly,
)
from ablations.training.config import OptimizerConfig

ADAM, DESCENT = "Adam", "gradient descent"
OPTIMIZERS = {ADAM: None, DESCENT: OptimizerConfig(name="sgd", learning_rate=0.3)}


def _arm(words: str, optimizer: str, **model: Any) -> Arm:
    levels: dict[str, Level] = {"dropped": words, "optimizer": optimizer}
    return network(levels, optimizer=OPTIMIZERS[optimizer], **model)


def _plain(optimizer: str = ADAM) -> Arm:
    return _arm("no dropout", optimizer)


def _per_batch(optimizer: str = ADAM) -> Arm:
    words = "a mask per mini-batch"
    return _arm(words, optimizer, dropout=HALF, dropout_unit="batch")


def _masked(share: float, optimizer: str = ADAM) -> Arm:
    words = f"{100 * share:.0f} % of gradients masked"
    parts = {"dropout_unit": "batch", "dropout_target": "gradients"}
    return _arm(words, optimizer, dropout=share, **parts)


PER_ROW = _arm("a mask per row", ADAM, dropout=HALF)


def _gain(key: str, arm: Arm, control: Arm, **more: Any) -> Comparison:
    label = f"test accuracy of {arm.name}, less {control.name}"
    return generalizes(arm, control, key=key, label=label, **more)


def _fit(key: str, arm: Arm, control: Arm, *, quick: bool = False) -> Comparison:
    label = f"training accuracy of {arm.name}, less {control.name}"
    return fits_less(arm, control, key=key, label=label, quick=quick)


CLAIM = Claim(
    statement=(
        "Dropout prevents overfitting because not all weights are updated in each"
        " iteration."
    ),
    rows=("A-REG-28",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    axis="optimizer",
    core=(
        _gain("half", _masked(0.5), _plain(), headline=True),
        _gain("half_descent", _masked(0.5, DESCENT), _plain(DESCENT), quick=False),
    ),
    beside=(
        _fit("half_fit", _masked(0.5), _plain(), quick=True),
        _fit("most_fit", _masked(0.9), _plain()),
        _fit("half_fit_descent", _masked(0.5, DESCENT), _plain(DESCENT)),
        _gain("most", _masked(0.9), _plain(), quick=False),
        _gain("half_dropout", _masked(0.5), PER_ROW, direction="no_less"),
        _gain("most_dropout", _masked(0.9), PER_ROW, direction="no_less", quick=False),
        _gain(
            "half_dropout_descent",
            _masked(0.5, DESCENT),
            _per_batch(DESCENT),
            direction="no_less",
            quick=False,
        ),
        _gain(
            "beyond_noise",
            PER_ROW,
            noisy("noise like half, every weight updated", matching_noise(HALF)),
            quick=False,
        ),
    ),
    controls=(
        _gain("dropout", PER_ROW, _plain()),
        _gain("batch", _per_batch(), _plain(), quick=False),
        _gain("batch_descent", _per_batch(DESCENT), _plain(DESCENT), quick=False),
        *(
            mostly(
                _plain(optimizer),
                MEMORIZES,
                key=f"memorize_{optimizer.split()[0].lower()}",
                label=f"runs that memorize without dropout, {optimizer}",
                quick=optimizer == ADAM,
            )
            for optimizer in OPTIMIZERS
        ),
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
