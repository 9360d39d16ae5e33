"""Dropout changes what a network computes while it learns, and not only what it learns.

Where units are dropped in the backward pass alone, the weights left out of one update
are set by the next, and the network memorizes nearly as fast.
"""

from typing import Any

from ablations.arm import Arm
from ablations.claim import Claim
from ablations.prediction import Comparison
from ablations.rigs.dropout import (
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
from ablations.rigs.regularization import SEEDS, TIE, accuracy
from ablations.training_config import OptimizerConfig

PLAIN = "no dropout"
PER_ROW = "dropout, a mask per row"
PER_BATCH = "dropout, a mask per mini-batch"
NOISE = "noise, every weight updated"
SGD = OptimizerConfig(name="momentum", learning_rate=0.03)
SLOW = "momentum"
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
)
HELPS = (
    generalizes(PER_ROW, PLAIN),
    generalizes(PER_BATCH, PLAIN),
    generalizes(NOISE, PLAIN),
    generalizes(_under(PER_BATCH), _under(PLAIN)),
)
QUICK = (*(p.label for p in ALL[:3]), HELPS[0].label)

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
    beyond_quick=tuple(p.label for p in (*ALL, *HELPS) if p.label not in QUICK),
    headline=ALL[1].label,
    controls=(*HELPS, mostly("memorizes without dropout", PLAIN, MEMORIZES)),
    seeds=SEEDS,
    caveats=(
        "Two ReLU layers of 64 units on 320 rows, a fifth of their labels drawn anew,"
        " 1,500 updates. Masked gradients leave the forward pass whole and stop the"
        " gradient through units drawn for each mini-batch, whose own weights then stay"
        " as they are, but for what Adam and momentum remember."
    ),
    figure="effects",
    findings={
        "refuted": (
            "Networks that update the weights of half of the units at a time memorize"
            " false labels all the same: training accuracy changes by {0}, test"
            " accuracy by {1} over {1.n} seeds, by {4} where nine of ten are left out"
            " and by {7} under momentum. Dropout adds {controls[0]}, and noise that"
            " leaves no weight out adds {controls[2]}."
        )
    },
)
