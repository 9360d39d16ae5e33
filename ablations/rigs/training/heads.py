"""Networks of one body and several heads: what the output layer computes and minimizes.

Two hidden layers of 64 ReLU units with He's weights train by Adam for 1,000 updates,
each at the best of five rates by validation rows. The levels of an arm are `head`, a
name of `HEADS`, and `task`.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm, Level
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.classical import DIABETES, INTERACTIONS
from ablations.rigs.depth.classical import network as on_numbers
from ablations.rigs.depth.recipes import deep_config, tuned
from ablations.rigs.depth.signals import HE
from ablations.rigs.training.networks import RATES
from ablations.tasks import TaskConfig

TIE = 0.01
"""A point of accuracy, or of the variance of the targets."""

WITHIN = 0.05
"""Error of probabilities that counts as none."""

OVERLAPPING = TaskConfig(
    name="gmm10", spread=0.9, num_train=1000, num_val=500, num_test=4000
)
"""Ten classes that overlap, so that no probability of one is right."""

CLASSES: dict[str, tuple[TaskConfig, int, int]] = {
    "overlapping clusters": (OVERLAPPING, 20, 10),
    "digits": (TaskConfig(name="digits"), 64, 10),
    "signals": (TaskConfig(name="mnist1d", num_train=2000), 40, 10),
    "spirals": (TaskConfig(name="spirals", num_train=500), 2, 2),
    "breast cancer": (TaskConfig(name="breast_cancer_split"), 30, 2),
    "affairs": (TaskConfig(name="fair", num_train=1000), 8, 2),
}
"""Tasks with their numbers of inputs and of classes; the last three have two."""

HEADS: dict[str, dict[str, Any]] = {
    "softmax": {"loss": "categorical_crossentropy", "from_logits": True},
    "sigmoid": {"loss": "binary_crossentropy", "from_logits": True},
    "squared error": {"loss": "mse", "from_logits": False},
    "hinge": {"loss": "hinge", "from_logits": False},
}
"""Losses of outputs that are linear but for what the loss itself computes."""


def _network(task: str, head: str, **changes: Any) -> ArmConfig:
    rows, num_inputs, num_classes = CLASSES[task]
    num_outputs = num_classes
    if num_classes == 2 and head != "softmax":
        rows, num_outputs = rows.replace(targets="single"), 1
    metrics: tuple[str, ...] = ("loss", "accuracy", "val_accuracy", "test_accuracy")
    if head in ("softmax", "sigmoid") and num_outputs > 2:
        metrics += ("test_crossentropy",)
    fields: dict[str, Any] = {
        "activation": "relu",
        "initializer": HE,
        "optimizer": "adam",
        "depth": 2,
        "num_steps": 1000,
        "task": rows,
        "training": HEADS[head] | {"metrics": metrics},
    }
    sizes = {"input_units": num_inputs, "output_units": num_outputs}
    return deep_config(**fields | sizes | changes)


def classifier(task: str, head: str) -> Arm:
    """Return a network that classifies a task of `CLASSES` by a head."""
    config = _network(task, head)
    levels = {"head": head, "task": task}
    return tuned(config, levels, rates=RATES["adam"], seeds=5, tolerance=0.003)


def asked_for_probabilities(task: str, updates: int) -> Arm:
    """Return softmax networks at a rate of 0.003, and how right their numbers are."""
    config = _network(task, "softmax", num_steps=updates, learning_rate=0.003)
    levels: dict[str, Level] = {"head": "softmax", "task": task, "updates": updates}
    return Arm(levels=levels, config=readout("calibration", config))


def calibrated(quantity: str = "calibration_error") -> ScoreConfig:
    """Return success: probabilities are right to five percentage points on average."""
    scaled = " once scaled" if quantity != "calibration_error" else ""
    words = f"give probabilities right to {100 * WITHIN:g} percentage points{scaled}"
    return ScoreConfig(quantity=quantity, at_most=WITHIN, words=words)


OUTPUTS = {"linear": "linear", "ReLU": "relu", "softplus": "softplus"}
NUMBERS = {"interactions": INTERACTIONS, "diabetes": DIABETES}
SIGNS = {"of both signs": "signed", "from zero up": "non_negative"}


def regressor(task: str, signs: str, output: str) -> Arm:
    """Return a network that predicts numbers of `NUMBERS` by an output of `OUTPUTS`.

    Targets have variance one; those from zero up are the same numbers, shifted.
    """
    rows = NUMBERS[task].replace(targets=SIGNS[signs])
    arm = on_numbers(rows, 2, output_activation=OUTPUTS[output], num_steps=1000)
    levels: dict[str, Level] = {"output": f"{output} output", "task": task}
    levels |= {"targets": signs}
    return arm.replace(levels=levels)
