"""Seven families of tasks, with true and with wrong labels: the task is the unit.

Two are drawn in a space of inputs by a rule (`clusters`, `spirals`), one is a table of
boxes (`boxes`), one shows signals (`signals`), and three are real (`digits`, `tumors`,
`survey`). Networks are those of Keras: two layers of 64 ReLU units, Glorot's weights,
Adam at a rate of 0.001, batches of 32, 800 updates. All techniques, and none, have the
same 320 labeled rows (160 `tumors`), a fifth of whose labels are wrong or none, and
choose by cross-validation on these rows alone.

The levels of an arm are `task` and `labels`.
"""

from __future__ import annotations

import math
from typing import Any

from ablations.experiments.cross_validated import CrossValidatedConfig
from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Said
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS
from ablations.rigs.regularization.readings import FORGOTTEN, accuracy, within_runs
from ablations.tasks import TaskConfig

WRONG = 0.2
"""Share of labels that are wrong, where some are."""

LABELS = {"wrong": WRONG, "true": 0.0}

TENTH = round(-math.log10(0.9), 6)
"""Difference of log10 of an error that matters: a tenth of the error less."""

LOG10_ERROR = ScoreConfig(
    quantity="log10_test_error",
    better="lower",
    failed_value=0.0,
    words="log10 of the error on new rows",
)

FRESH_SEEDS = FEW_SEEDS.replace(first=3_000)
"""Seeds of claims that were judged on clusters with wrong labels before."""


def _rows(name: str, num_train: int = 640, **sizes: Any) -> TaskConfig:
    return TaskConfig(name=name, num_train=num_train, num_val=32, **sizes)


FAMILIES = {
    "clusters": _rows("gmm10", num_test=1000),
    "spirals": _rows("spirals", num_test=1000),
    "boxes": _rows("tabular", num_test=1000, num_inputs=10, num_useful=3),
    "signals": _rows("mnist1d", num_test=1000),
    "digits": _rows("digits"),
    "tumors": _rows("breast_cancer_split", num_train=320),
    "survey": _rows("fair"),
}
"""What is learned; half of the training rows are those that all techniques have."""


def family(task: str, labels: str) -> Arm:
    """Return the networks on a task of `FAMILIES` with labels of `LABELS`."""
    noise = LABELS[labels]
    config = CrossValidatedConfig(task=FAMILIES[task].replace(wrong_labels=noise))
    return Arm(levels={"task": task, "labels": f"{labels} labels"}, config=config)


ARMS = {(task, labels): family(task, labels) for labels in LABELS for task in FAMILIES}

HOW = (
    "Networks of two ReLU layers, as Keras makes them, took 800 updates on 320 rows of"
    " seven tasks, with true labels and with a fifth of them wrong, on"
    " {clusters_wrong.n} seeds each; 95 % intervals decide."
)
SAME_ROWS = (
    "All have the same labeled rows, of one task 160: five folds of them choose among"
    " three strengths, and all of them train what is compared."
)
"""How it is known, and a caveat, of all claims on these families."""

NAMES = {
    "plain": "none",
    "dropout": "dropout",
    "l2": "L2",
    "plain_stopped": "none, stopped in time",
    "dropout_stopped": "dropout, stopped in time",
    "l2_stopped": "L2, stopped in time",
    "best": "the best technique",
    "held_out": "stopping by held-out rows",
    "together": "five networks together",
    "twice": "twice as many rows",
}
"""What is compared, by its name in `CrossValidatedConfig`."""


def error_of(name: str) -> ScoreConfig:
    """Return log10 of the test error of a name of `NAMES`."""
    return ScoreConfig(
        quantity=f"test_log10_error_of_{name}",
        better="lower",
        failed_value=0.0,
        words="log10 of the test error",
    )


def over_families(
    name: str,
    other: str,
    direction: Direction = "less",
    prefix: str = "",
) -> tuple[Comparison, ...]:
    """Predict of each family that something has a tenth fewer errors than another.

    Keys are the task and its labels, as in `digits_true`, behind the prefix.
    """
    found = []
    for (task, labels), arm in ARMS.items():
        against = "one of them" if name == "together" else NAMES[other]
        what = f"{NAMES[name]} less {against}"
        told: Said = {"key": f"{prefix}{task}_{labels}", "quick": False}
        told["label"] = f"errors on new rows, {what}; {task}, {labels} labels"
        score, less = error_of(name), error_of(other)
        found.append(within_runs(arm, score, less, TENTH, direction, **told))
    return tuple(found)


def fits(name: str, prefix: str, labels: str) -> tuple[Comparison, ...]:
    """Predict that a technique fits three points fewer of the labels than none does."""
    score, other = (
        accuracy(f"accuracy_of_{each}", "training accuracy") for each in (name, "plain")
    )
    found = []
    for task in FAMILIES:
        told: Said = {"key": f"{prefix}{task}_{labels}", "quick": False}
        what = f"{NAMES[name]} less {NAMES['plain']}; {task}, {labels} labels"
        told["label"] = f"training accuracy, {what}"
        arm = ARMS[task, labels]
        found.append(within_runs(arm, score, other, FORGOTTEN, "less", **told))
    return tuple(found)
