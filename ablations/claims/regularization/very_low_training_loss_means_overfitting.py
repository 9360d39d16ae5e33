"""Overfitting is a gap between rows that were seen and rows that were not.

How low the loss on the seen rows is says nothing of the gap: where classes are apart,
a rule that fits the training rows perfectly may fit the others as well; and where units
are few, a gap may open while the training loss is still high.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import network
from ablations.rigs.regularization.noisy_labels import NOISY, SEEDS, SOURCE
from ablations.rigs.regularization.readings import accuracy, mostly, within_runs
from ablations.rigs.regularization.stopping import MOST

LOW = ScoreConfig(
    quantity="loss", at_most=0.05, words="reach a training loss of at most 0.05"
)
FALSE = network({"labels": "a fifth of the labels redrawn"})
TRUE = network({"labels": "true labels"}, task=NOISY.replace(label_noise=0.0))
FEW_UNITS = network({"labels": "a fifth of the labels redrawn", "width": 10}, width=10)


def _gap(key: str, arm: Arm, **more: bool) -> Comparison:
    return within_runs(
        arm,
        accuracy("accuracy"),
        accuracy(),
        0.05,
        key=key,
        label=f"training accuracy less test accuracy, {arm.name}",
        **more,
    )


def _low(key: str, arm: Arm, **more: bool) -> SuccessRate:
    label = f"runs with a very low training loss, {arm.name}"
    return mostly(arm, LOW, key=key, label=label, bound=MOST, **more)


CLAIM = Claim(
    statement="A very low training loss is what overfitting is.",
    strength="always",
    rows=("A-REG-2",),
    source=SOURCE,
    reference="Belkin et al. (2019), on rules that interpolate and generalize",
    core=(
        _gap("false_gap", FALSE),
        _gap("true_gap", TRUE, headline=True),
        _low("few_low", FEW_UNITS, quick=False),
    ),
    controls=(
        _low("false_low", FALSE),
        _low("true_low", TRUE),
        _gap("few_gap", FEW_UNITS, quick=False),
    ),
    seeds=SEEDS,
    answers={
        "!true_gap": (
            "No: with true labels a training loss near zero leaves {true_gap.control}"
            " of new rows right, a gap of {true_gap} points."
        ),
        "core": "Yes: a very low training loss and a gap go together in every setting.",
    },
    how="{true_gap.n} networks each, with true and false labels, and with few units.",
    caveats=(
        "The statement is read as an equation of the two. Two ReLU layers, 320 rows of"
        " four classes, 1,500 updates by Adam; a gap of five points counts."
    ),
    figure="effects",
)
