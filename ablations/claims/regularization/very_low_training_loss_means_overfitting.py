"""Overfitting is a gap between rows that were seen and rows that were not.

How low the loss on the seen rows is says nothing of the gap: where classes are apart,
a rule that fits the training rows perfectly may fit the others as well; and where units
are few, a gap may open while the training loss is still high.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import (
    NOISY,
    SEEDS,
    SOURCE,
    accuracy,
    noisy_config,
)
from ablations.rigs.regularization.stopping import MOST

GAP = 0.05
"""Accuracy lost from training to test rows that counts as overfitting."""

NUM_FEW = 10
"""Units that are too few to learn most rows by heart, and enough for a gap."""

LOW = ScoreConfig(
    quantity="loss", at_most=0.05, words="reach a training loss of at most 0.05"
)
FALSE, TRUE = "a fifth of the labels redrawn", "true labels, classes apart"
FEW_UNITS = f"{NUM_FEW} units, a fifth of the labels redrawn"


def _gap(label: str, arm: str) -> Comparison:
    return Comparison(
        label=label,
        treatment=arm,
        control=arm,
        score=accuracy("accuracy"),
        control_score=accuracy(),
        margin=GAP,
    )


CLAIM = Claim(
    statement="A very low training loss is what overfitting is.",
    rows=("A-REG-2",),
    source=SOURCE,
    reference="Belkin et al. (2019), on rules that interpolate and generalize",
    arms={
        FALSE: Arm(config=noisy_config()),
        TRUE: Arm(config=noisy_config(task=NOISY.replace(label_noise=0.0))),
        FEW_UNITS: Arm(config=noisy_config(width=NUM_FEW)),
    },
    predictions=(
        _gap(f"a low loss comes with a gap, {FALSE}", FALSE),
        _gap(f"a low loss comes with a gap, {TRUE}", TRUE),
        SuccessRate(
            label=f"a gap comes with a low loss, {FEW_UNITS}",
            arm=FEW_UNITS,
            score=LOW,
            bound=MOST,
        ),
    ),
    beyond_quick=(
        f"a gap comes with a low loss, {FEW_UNITS}",
        f"there is a gap, {FEW_UNITS}",
    ),
    headline=f"a low loss comes with a gap, {TRUE}",
    controls=(
        SuccessRate(
            label=f"the loss is low, {FALSE}", arm=FALSE, score=LOW, bound=MOST
        ),
        SuccessRate(label=f"the loss is low, {TRUE}", arm=TRUE, score=LOW, bound=MOST),
        _gap(f"there is a gap, {FEW_UNITS}", FEW_UNITS),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "With false labels a training loss near zero goes with a gap of {0} in"
            " accuracy, with true ones of {1}. With 10 units the gap is {controls[2]},"
            " and {2.brief} of {2.n} runs have a low training loss."
        )
    },
    caveats=(
        "The statement is read as an equation of the two. Two ReLU layers, 320 rows of"
        " four classes, 1,500 updates by Adam; a gap of 0.05 counts."
    ),
    figure="effects",
)
