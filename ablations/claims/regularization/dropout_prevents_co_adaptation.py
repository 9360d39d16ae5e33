"""A network with dropout has met the loss of units all along, and stands it.

It can get there by keeping several units for each thing to know, or by units that know
different things; how much units resemble each other tells which.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import alike, compare, mostly
from ablations.rigs.regularization.dropout import DROPOUT, HALF, taken_at
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS
from ablations.rigs.regularization.readings import less_is_better

LOSS = less_is_better("loss", "training loss")
CORRELATION = less_is_better("unit_correlation", "mean correlation of units")


def _less(key: str, score: ScoreConfig, margin: float, target: float) -> Comparison:
    arms, key = (taken_at(target, HALF), taken_at(target)), f"{key}_{100 * target:.0f}"
    return compare(arms[0], "less", arms[1], score, margin, key=key)


def _lost(target: float, units: int = 1) -> Comparison:
    words = f"log10 of the loss that losing {units} of 64 units adds"
    score = less_is_better(f"log10_added_loss_{units}", words)
    return _less(f"lost{units}", score, 0.1, target)  # A fifth less.


def _alike(target: float) -> Comparison:
    return _less("alike", CORRELATION, 0.02, target)  # A tenth of the correlation.


def _taken(target: float) -> tuple[Equivalence, SuccessRate]:
    arm, end = taken_at(target, HALF), f"_{100 * target:.0f}"
    reached = ScoreConfig(quantity="loss", at_most=target, words="reach the target")
    return (
        alike(arm, taken_at(target), LOSS, 0.1 * target, key=f"matched{end}"),
        mostly(arm, reached, key=f"reached{end}"),
    )


CLAIM = Claim(
    statement="Dropout prevents co-adaptation: no unit relies on another, and each"
    " learns features on its own.",
    rows=("A-REG-33",),
    source=f"{DROPOUT}, co-adaptation",
    reference="Hinton et al. (2012), co-adaptation of feature detectors",
    axis="training loss",
    core=(_lost(0.3), _alike(0.3), _lost(0.1), _alike(0.1)),
    beside=tuple(_lost(target, k) for target in (0.3, 0.1) for k in (8, 16, 32)),
    controls=(*_taken(0.3), *_taken(0.1)),
    standard_only=True,
    seeds=FEW_SEEDS,
    answers={
        "core": "Yes: with dropout units are cheaper to lose and less alike.",
        "lost1_30 !alike_30 lost1_10 !alike_10": (
            "Not settled: without dropout, losing a unit adds at least {lost1_30.power}"
            " times as much loss; but with dropout, units are slightly more alike."
        ),
        "!core": "No: with dropout units are neither cheaper to lose nor less alike.",
    },
    how="Networks with and without dropout, {lost1_30.n} each, lost units when they had"
    " reached the same training loss on 320 rows with false labels.",
    caveats="Lost units are set to zero in one layer at a time, in 32 random choices.",
    figure="lost_units",
)
