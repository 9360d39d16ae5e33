"""A network with dropout has met the loss of units all along, and stands it.

It can get there by keeping several units for each thing to know, or by units that know
different things; how much units resemble each other tells which.
"""

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.prediction import (
    Comparison,
    Equivalence,
    ScoreConfig,
    SuccessRate,
)
from ablations.rigs.regularization.dropout import DROPOUT, FEW_SEEDS, HALF, mostly
from ablations.rigs.regularization.noisy_labels import noisy_config

TARGETS = {0.3: 1500, 0.1: 3000}
"""Losses at which networks are compared, and updates within which they reach them."""

LOST = (1, 8, 16, 32)
LESS = 0.1
"""Fall of a log10 that counts as less: a fifth."""

LESS_ALIKE = 0.02
"""Fall of a mean correlation that counts as less: about a tenth."""

NEAR = 0.1
"""Difference of losses, as a share of the target, that is too little to matter."""


def _name(share: float, target: float) -> str:
    dropped = f"{100 * share:.0f} % dropped" if share else "no dropout"
    return f"{dropped}, at a loss of {target:g}"


def _log_steps(longest: int) -> tuple[int, ...]:
    """Return times that are close where the loss falls fast."""
    steps = (*range(40, 300, 10), *range(300, 1000, 20), *range(1000, 3001, 50))
    return tuple(k for k in steps if k <= longest)


def _arm(share: float, target: float) -> Arm:
    networks = noisy_config(
        dropout=share,
        training={
            "num_steps": TARGETS[target],
            "log_steps": _log_steps(TARGETS[target]),
        },
    )
    return Arm(config=readout("unit_ablation", networks, target_loss=target, lost=LOST))


def _less(target: float, what: str, score: ScoreConfig, margin: float) -> Comparison:
    return Comparison(
        label=f"{what}, at a loss of {target:g}",
        treatment=_name(HALF, target),
        control=_name(0.0, target),
        score=score,
        margin=margin,
        direction="less",
    )


def _added(lost: int) -> ScoreConfig:
    units = "one unit" if lost == 1 else f"{lost} units"
    return ScoreConfig(
        quantity=f"log10_added_loss_{lost}",
        better="lower",
        words=f"log10 of the loss that taking {units} adds",
    )


CORRELATION = ScoreConfig(
    quantity="unit_correlation",
    better="lower",
    words="mean size of the correlation of two units of a layer",
)


def _predictions(target: float) -> tuple[Comparison, ...]:
    what = {1: "losing one unit costs less"}
    return (
        *(
            _less(
                target,
                what.get(lost, f"losing {lost} of 64 units costs less"),
                _added(lost),
                LESS,
            )
            for lost in LOST
        ),
        _less(target, "units are less alike", CORRELATION, LESS_ALIKE),
    )


def _controls(target: float) -> tuple[Equivalence, SuccessRate]:
    loss = ScoreConfig(quantity="loss", better="lower", words="training loss")
    return (
        Equivalence(
            label=f"losses are matched, at a loss of {target:g}",
            treatment=_name(HALF, target),
            control=_name(0.0, target),
            score=loss,
            margin=NEAR * target,
        ),
        mostly(
            f"dropout reaches a loss of {target:g}",
            _name(HALF, target),
            ScoreConfig(
                quantity="loss",
                at_most=target,
                words=f"reach a training loss of {target:g}",
            ),
        ),
    )


ALL = tuple(p for target in TARGETS for p in _predictions(target))
CONTROLS = tuple(c for target in TARGETS for c in _controls(target))

CLAIM = Claim(
    statement=(
        "Dropout prevents co-adaptation: no unit relies on another, and each learns"
        " features on its own."
    ),
    rows=("A-REG-33",),
    source=f"{DROPOUT}, co-adaptation",
    reference="Hinton et al. (2012), co-adaptation of feature detectors",
    arms={
        _name(share, target): _arm(share, target)
        for target in TARGETS
        for share in (0.0, HALF)
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in (*ALL, *CONTROLS) if p.label.endswith("0.1")),
    headline=ALL[0].label,
    controls=CONTROLS,
    seeds=FEW_SEEDS,
    caveats=(
        "Two ReLU layers of 64 units on 320 rows, a fifth of their labels drawn anew;"
        " networks are taken when their training loss first falls below the target."
        " Lost units are set to zero in one layer at a time, 32 random choices each;"
        " correlations are over test rows; an added loss below 1e-4 counts as 1e-4."
    ),
    figure="lost_units",
    findings={
        "conditional": (
            "Between networks with dropout and without it, taken at a training loss of"
            " 0.3, log10 of the loss that taking one unit adds differs by {0}, for 32"
            " of 64 by {3}; at a loss of 0.1 by {5} and {8}, over {0.n} seeds. The mean"
            " correlation of two units differs by {4} and {9}."
        )
    },
)
