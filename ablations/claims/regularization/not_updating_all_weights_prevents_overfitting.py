"""Dropout changes what a network computes while it learns, and not only what it learns.

Where units are dropped in the backward pass alone, a weight that is left out of one
update is free to follow its gradient in the next.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    HALF,
    MEMORIZES,
    arm,
    fits_less,
    generalizes,
    matching_noise,
    mostly,
    noise_arm,
)
from ablations.rigs.regularization.noisy_labels import SEEDS, TIE, accuracy
from ablations.training.config import OptimizerConfig

PLAIN = "no dropout"
PER_ROW = "dropout, a mask per row"
PER_BATCH = "dropout, a mask per mini-batch"
NOISE = "noise, every weight updated"
SGD = OptimizerConfig(name="sgd", learning_rate=0.3)
SLOW = "gradient descent"
MASKED = {0.5: "half of the gradients masked", 0.9: "nine of ten gradients masked"}


def _masked(share: float, **changes: Any) -> Arm:
    return arm(
        dropout=share, dropout_unit="batch", dropout_target="gradients", **changes
    )


def _matches(treatment: str, control: str) -> Comparison:
    return Comparison(
        label=f"does as well as {control}, {treatment}",
        treatment=treatment,
        control=control,
        score=accuracy(),
        margin=TIE,
        direction="no_less",
    )


def _under(name: str) -> str:
    return f"{name}, {SLOW}"


ALL = (
    *(
        prediction
        for share in MASKED
        for prediction in (
            fits_less(MASKED[share], PLAIN),
            generalizes(MASKED[share], PLAIN),
            _matches(MASKED[share], PER_ROW),
        )
    ),
    fits_less(_under(MASKED[0.5]), _under(PLAIN)),
    generalizes(_under(MASKED[0.5]), _under(PLAIN)),
    _matches(_under(MASKED[0.5]), _under(PER_BATCH)),
    generalizes(PER_ROW, NOISE, label=f"generalizes better than {NOISE}, {PER_ROW}"),
)
HELPS = (
    generalizes(PER_ROW, PLAIN),
    generalizes(PER_BATCH, PLAIN),
    generalizes(_under(PER_BATCH), _under(PLAIN)),
)
MEMORIZE = (
    mostly("memorizes without dropout", PLAIN, MEMORIZES),
    mostly(f"memorizes without dropout, {SLOW}", _under(PLAIN), MEMORIZES),
)
QUICK = tuple(p.label for p in (*ALL[:3], HELPS[0], MEMORIZE[0]))

CLAIM = Claim(
    statement=(
        "Dropout prevents overfitting because not all weights are updated in each"
        " iteration."
    ),
    rows=("A-REG-28",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    arms={
        PLAIN: arm(),
        PER_ROW: arm(dropout=HALF),
        PER_BATCH: arm(dropout=HALF, dropout_unit="batch"),
        NOISE: noise_arm(matching_noise(HALF)),
        **{name: _masked(share) for share, name in MASKED.items()},
        _under(PLAIN): arm(optimizer=SGD),
        _under(PER_BATCH): arm(dropout=HALF, dropout_unit="batch", optimizer=SGD),
        _under(MASKED[0.5]): _masked(0.5, optimizer=SGD),
    },
    predictions=ALL,
    beyond_quick=tuple(
        p.label for p in (*ALL, *HELPS, *MEMORIZE) if p.label not in QUICK
    ),
    headline=ALL[1].label,
    controls=(*HELPS, *MEMORIZE),
    seeds=SEEDS,
    caveats=(
        "Two ReLU layers of 64 units on 320 rows, a fifth of their labels drawn anew,"
        " 1,500 updates by Adam, or by plain gradient descent at a rate of 0.3. Masked"
        " gradients leave the forward pass whole and stop the gradient at units drawn"
        " for each mini-batch: the weights into such a unit get none, those out of it"
        " do. Under plain gradient descent the former then stay as they are; Adam moves"
        " them by what it remembers."
    ),
    figure="effects",
    findings={
        "refuted": (
            "Networks in which half of the units pass no gradient on memorize false"
            " labels all the same: training accuracy changes by {0}, test accuracy by"
            " {1} over {1.n} seeds, by {4} where nine of ten pass none and by {7} under"
            " plain gradient descent. Dropout adds {controls[0]}, and {9} more than"
            " noise that leaves no weight out."
        )
    },
)
