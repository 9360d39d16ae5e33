"""Deep models beside classical ones: on images and signals, and on tables.

Deep is what layers are for such data: three convolutions and a layer of 64 units on
images and signals, two layers of 64 units on tables. They are ReLU networks with He's
weights that take 1,000 updates of Adam at the best of five learning rates. Both sides
learn from the same rows, with true labels or with a fifth of them wrong, and choose
from as many settings on validation rows, whose labels are true. Which classical model
stands against them, and whether half of the last hidden units are dropped, was chosen
by validation rows of other seeds (`CHOSEN`).

The levels of an arm are `data`, "unstructured" or "table", `task`, `labels`, "true
labels" or "wrong labels", `model` and, of networks, `dropout`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ablations.protocol.arm import Arm, Level
from ablations.protocol.kinds import Comparison, Interaction
from ablations.rigs.depth import classical as basics
from ablations.rigs.depth.classical import classical, network
from ablations.rigs.depth.recipes import SEEDS
from ablations.rigs.readings import Said, compare, interaction
from ablations.rigs.regularization.families import LABELS, LOG10_ERROR, TENTH
from ablations.tasks import TaskConfig
from models.convolution import ConvolutionConfig

CONVOLUTIONS = tuple(
    ConvolutionConfig(filters=25, kernel_size=size, stride=2, padding="same")
    for size in (5, 3, 3)
)
"""Those that MNIST-1D was published with."""

SHAPES: dict[str, tuple[int, ...]] = {
    "digits": (8, 8),
    "images": (28, 28),
    "signals": (40,),
}
"""Unstructured data, and what a row of them is."""

TASKS = {
    "digits": basics.DIGITS,
    "images": TaskConfig(name="mnist5k", num_train=1000, num_val=500),
    "signals": TaskConfig(name="mnist1d", num_train=1000, num_val=500),
    "tumors": basics.CANCER,
    "wine": basics.WINE,
    "survey": TaskConfig(name="fair", num_train=1000, num_val=500),
    "boxes": basics.BOXES,
    "diabetes": basics.DIABETES,
}

NUM_UPDATES, NUM_TUNING_SEEDS = 1000, 5
FRESH_SEEDS = SEEDS.replace(first=5_000)
"""Seeds of claims that were first judged on fully connected networks alone."""


class Choice(NamedTuple):
    """What stands for each side on a task.

    Attributes:
        dropout: Share of its last hidden units that the deep model drops.
        rival: The classical model.
    """

    dropout: float
    rival: str


CHOSEN = {
    ("digits", "true"): Choice(0.0, "rbf_svm"),
    ("images", "true"): Choice(0.5, "rbf_svm"),
    ("signals", "true"): Choice(0.5, "random_forest"),
    ("tumors", "true"): Choice(0.0, "logistic_regression"),
    ("wine", "true"): Choice(0.0, "logistic_regression"),
    ("survey", "true"): Choice(0.5, "logistic_regression"),
    ("boxes", "true"): Choice(0.5, "gradient_boosting"),
    ("diabetes", "true"): Choice(0.5, "rbf_svm"),
    ("digits", "wrong"): Choice(0.5, "rbf_svm"),
    ("tumors", "wrong"): Choice(0.5, "rbf_svm"),
    ("wine", "wrong"): Choice(0.5, "rbf_svm"),
    ("survey", "wrong"): Choice(0.5, "logistic_regression"),
    ("boxes", "wrong"): Choice(0.5, "gradient_boosting"),
}
"""What did best on validation rows of seeds from 900,000 on, by task and labels.

Wrong labels are asked about where there are classes and neither side takes minutes.
"""


def deep(task: str, labels: str, dropout: float, **settings: Any) -> Arm:
    """Return a deep model; `settings` are fields of its task."""
    rows = _rows(task, labels).replace(**settings)
    layers: dict[str, Any] = {"depth": 2, "dropout": (0.0, dropout)}
    if task in SHAPES:
        layers = {"depth": 1, "dropout": dropout}
        layers |= {"convolutions": CONVOLUTIONS, "input_shape": SHAPES[task]}
    arm = network(rows, num_steps=NUM_UPDATES, **layers)
    levels = {"model": "deep", "dropout": dropout, **settings}
    tune = arm.tune and arm.tune.replace(seeds=NUM_TUNING_SEEDS)
    return arm.replace(levels=_levels(task, labels) | levels, tune=tune)


def rival(task: str, labels: str, model: str) -> Arm:
    """Return a classical model."""
    arm = classical(model, _rows(task, labels))
    return arm.replace(levels=_levels(task, labels) | {"model": arm.levels["model"]})


def _rows(task: str, labels: str) -> TaskConfig:
    """Return the rows of a task of `TASKS` with labels of `LABELS`."""
    return TASKS[task].replace(wrong_labels=LABELS[labels] or None)


def _levels(task: str, labels: str) -> dict[str, Level]:
    data = "unstructured" if task in SHAPES else "table"
    return {"data": data, "task": task, "labels": f"{labels} labels"}


DEEP = {place: deep(*place, chosen.dropout) for place, chosen in CHOSEN.items()}
RIVALS = {place: rival(*place, chosen.rival) for place, chosen in CHOSEN.items()}


def surpasses(task: str, labels: str, *, quick: bool = False) -> Comparison:
    """Predict that a deep model makes a tenth fewer errors than its rival."""
    place = task, labels
    told: Said = {"key": f"{task}_{labels}", "differs_in": ("tuning",), "quick": quick}
    model = RIVALS[place].levels["model"]
    told["label"] = f"errors on new rows, deep less {model}; {task}, {labels} labels"
    return compare(DEEP[place], "less", RIVALS[place], LOG10_ERROR, TENTH, **told)


def surpasses_more(task: str, table: str) -> Interaction:
    """Predict that it saves a tenth more of them than on a table, with true labels."""
    here, there = (task, "true"), (table, "true")
    told: Said = {"key": f"{task}_{table}", "at": ("task", task), "quick": False}
    told |= {"differs_in": ("data", "tuning")}
    told["label"] = f"errors that deep models save, on {task} more than on {table}"
    arms = RIVALS[there], DEEP[there], RIVALS[here], DEEP[here]
    return interaction(arms, LOG10_ERROR, TENTH, "less", **told)
