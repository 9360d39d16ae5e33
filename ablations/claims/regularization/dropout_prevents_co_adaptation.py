"""A network with dropout has met the loss of units all along, and stands it.

It can get there by keeping several units for each thing to know, or by units that know
different things; how much units resemble each other tells which.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import DROPOUT, FEW_SEEDS, HALF, taken_at
from ablations.rigs.regularization.readings import less_is_better, mostly

LOSS = less_is_better("loss", "training loss")
CORRELATION = less_is_better(
    "unit_correlation", "mean size of the correlation of two units of a layer"
)


def _fields(key: str, words: str, target: float) -> dict[str, Any]:
    """Return what all comparisons with networks without dropout have."""
    return {
        "key": f"{key}_{100 * target:.0f}",
        "label": f"{words}, dropout less none, at a loss of {target:g}",
        "treatment": taken_at(target, HALF),
        "control": taken_at(target),
        "quick": target == 0.3,
    }


def _lost(target: float, units: int = 1) -> Comparison:
    of = "one unit" if units == 1 else f"{units} units"
    words = f"log10 of the loss that taking {of} adds"
    # A tenth in log10 is a fifth less.
    return Comparison(
        **_fields(f"lost{units}", f"log10 of the cost of losing {of}", target),
        score=less_is_better(f"log10_added_loss_{units}", words),
        margin=0.1,
        direction="less",
    )


def _alike(target: float) -> Comparison:
    # About a tenth of the correlation.
    return Comparison(
        **_fields("alike", "correlation of units", target),
        score=CORRELATION,
        margin=0.02,
        direction="less",
    )


def _matched(target: float) -> Equivalence:
    fields = _fields("matched", "training loss", target)
    return Equivalence(**fields, score=LOSS, margin=0.1 * target)


def _reached(target: float) -> SuccessRate:
    words = f"reach a training loss of {target:g}"
    return mostly(
        taken_at(target, HALF),
        ScoreConfig(quantity="loss", at_most=target, words=words),
        key=f"reached_{100 * target:.0f}",
        label=f"runs with dropout that {words}",
        quick=target == 0.3,
    )


CLAIM = Claim(
    statement=(
        "Dropout prevents co-adaptation: no unit relies on another, and each learns"
        " features on its own."
    ),
    rows=("A-REG-33",),
    source=f"{DROPOUT}, co-adaptation",
    reference="Hinton et al. (2012), co-adaptation of feature detectors",
    axis="training loss",
    core=(_lost(0.3), _alike(0.3), _lost(0.1), _alike(0.1)),
    beside=tuple(_lost(target, k) for target in (0.3, 0.1) for k in (8, 16, 32)),
    controls=(_matched(0.3), _reached(0.3), _matched(0.1), _reached(0.1)),
    seeds=FEW_SEEDS,
    answers={
        "core": (
            "Yes: losing a unit costs {lost1_30.power} times as much without dropout,"
            " and with it units resemble each other less."
        ),
        "lost1_30 !alike_30 lost1_10 !alike_10": (
            "Not settled: losing a unit costs {lost1_30.power} times as much without"
            " dropout, but with it units do not clearly resemble each other less."
        ),
        "!core": (
            "No: with dropout losing a unit is not clearly cheaper, and units do not"
            " clearly resemble each other less."
        ),
    },
    how=(
        "Networks with and without dropout, {lost1_30.n} each, lost units when they had"
        " reached the same training loss on 320 rows with false labels."
    ),
    caveats=(
        "Two ReLU layers of 64 units; networks are taken when their training loss first"
        " falls below the target. Lost units are set to zero in one layer at a time, 32"
        " random choices each; correlations are over test rows; an added loss below"
        " 1e-4 counts as 1e-4."
    ),
    figure="lost_units",
)
