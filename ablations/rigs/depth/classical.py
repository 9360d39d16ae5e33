"""Networks beside classical models, on pixels, clusters, spirals and small tables.

Networks are 64 units wide and train for 500 updates at the best of five learning
rates; classical models choose the best of five settings, forests of three, on the
validation rows of every seed.
The modern recipe is ReLU, He's weights and Adam; the old one sigmoid, small uniform
weights and plain gradient descent.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.classical import TRIALS, ClassicalConfig
from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import SMALL, accuracy, deep_config, tuned
from ablations.tasks import TaskConfig
from models.config import one_of

DIGITS = TaskConfig(name="digits", num_train=500)
SHUFFLED = DIGITS.replace(features="shuffled_pixels")
CLUSTERS = TaskConfig(
    name="gmm10", spread=0.9, num_train=500, num_val=300, num_test=1000
)
"""Ten classes of four clusters each that overlap."""

SPIRALS = TaskConfig(name="spirals", num_train=300, num_val=200, num_test=1000)
CANCER = TaskConfig(name="breast_cancer_split")
WINE = TaskConfig(name="wine")
DIABETES = TaskConfig(name="diabetes")
BOXES = TaskConfig(name="tabular", num_train=500, num_val=300, num_test=1000)
"""Classes that depend on four of twenty inputs, in boxes."""

INTERACTIONS = TaskConfig(name="regression8", num_train=500, num_val=300, num_test=1000)
"""A smooth function of eight inputs and of products of them."""

SIZES = {
    ("digits", "raw"): (64, 10),
    ("digits", "shuffled_pixels"): (64, 10),
    ("digits", "engineered"): (304, 10),
    ("gmm10", None): (20, 10),
    ("spirals", None): (2, 2),
    ("breast_cancer_split", "raw"): (30, 2),
    ("breast_cancer_split", "engineered"): (167, 2),
    ("wine", "raw"): (13, 3),
    ("diabetes", "raw"): (10, 1),
    ("tabular", None): (20, 2),
    ("regression8", "raw"): (8, 1),
    ("regression8", "engineered"): (44, 1),
}
"""Inputs and outputs of a network, by task and features."""

RECIPES: dict[str, dict[str, Any]] = {
    "modern": {"activation": "relu", "initializer": "he_normal", "optimizer": "adam"},
    "old": {"activation": "sigmoid", "initializer": SMALL, "optimizer": "sgd"},
}
RATES = {
    "modern": (0.0003, 0.001, 0.003, 0.01, 0.03),
    "old": (0.1, 0.3, 1.0, 3.0, 10.0),
}
"""Five learning rates per recipe; shallow sigmoid layers bear large ones."""

NUM_TRIALS = {model: 3 if model == "random_forest" else 5 for model in TRIALS}
"""Settings that a classical model tries; those of forests matter least."""

TIE = 0.01
"""Test accuracy, or share of the target's variance, that is too little to matter."""


def network_config(
    task: TaskConfig, depth: int, recipe: str = "modern", **changes: Any
) -> ArmConfig:
    """Return a fully connected network on a task.

    Args:
        task: One of those in `SIZES`.
        depth: Number of hidden layers.
        recipe: One of `RECIPES`.
        changes: Further arguments of `deep_config`.
    """
    num_inputs, num_outputs = SIZES[task.name, task.features]
    fields: dict[str, Any] = {
        **RECIPES[one_of("recipe", recipe, RECIPES)],
        "learning_rate": RATES[recipe][2],
        "input_units": num_inputs,
        "output_units": num_outputs,
        "probes": (),
    }
    if task.is_regression:
        fields["training"] = {
            "loss": "mse",
            "from_logits": False,
            "metrics": ("loss", "val_loss", "test_loss"),
        }
    return deep_config(task=task, depth=depth, **(fields | changes))


def network(
    task: TaskConfig, depth: int, recipe: str = "modern", **changes: Any
) -> Arm:
    """Return a network at its best learning rate on validation rows."""
    config = network_config(task, depth, recipe, **changes)
    arm = tuned(config, rates=RATES[recipe], seeds=3, tolerance=0.003)
    if task.is_regression and arm.tune is not None:
        return arm.replace(tune=arm.tune.replace(score=loss("val_loss")))
    return arm


def classical(model: str, task: TaskConfig) -> Arm:
    """Return a classical model at its best setting on validation rows."""
    fields: dict[str, Any] = {"model": model, "trials": NUM_TRIALS[model]}
    return Arm(config=ClassicalConfig(task=task, **fields))


def loss(quantity: str = "test_loss") -> ScoreConfig:
    """Return a mean squared error; a run that diverged counts as the mean would."""
    return ScoreConfig(
        quantity=quantity,
        better="lower",
        failed_value=1.0,
        words=f"{quantity.partition('_')[0]} error",
    )


def matches(
    label: str, treatment: str, control: str, task: TaskConfig, **changes: Any
) -> Comparison:
    """Predict that an arm is at most `TIE` worse than another.

    Numbers of settings may differ a little, since grids of rates grow.
    """
    fields: dict[str, Any] = {"margin": TIE, "differs_in": ("tuning",)}
    if task.is_regression:
        fields |= {"score": loss(), "direction": "no_greater"}
    else:
        fields |= {"score": accuracy(), "direction": "no_less"}
    return Comparison(
        label=label, treatment=treatment, control=control, **(fields | changes)
    )


def beats(
    label: str,
    treatment: str,
    control: str,
    task: TaskConfig,
    margin: float = TIE,
    **changes: Any,
) -> Comparison:
    """Predict that an arm is better than another by at least a margin."""
    fields: dict[str, Any] = {"margin": margin, "differs_in": ("tuning",)}
    if task.is_regression:
        fields |= {"score": loss(), "direction": "less"}
    else:
        fields |= {"score": accuracy(), "direction": "greater"}
    return Comparison(
        label=label, treatment=treatment, control=control, **(fields | changes)
    )
