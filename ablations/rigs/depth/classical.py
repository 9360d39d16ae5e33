"""Networks beside classical models, on pixels, clusters, spirals and small tables.

Networks are 64 units wide and train for 500 updates at the best of five learning rates;
classical models choose the best of five settings, forests of three, on the validation
rows of every seed. The modern recipe is ReLU, He's weights and Adam; the old one
sigmoid, small uniform weights and plain gradient descent.

The levels of an arm are `model`, "network" or the word for a classical model, `task`,
and `features` where they are not the inputs; networks have `recipe`, "modern recipe" or
"old recipe", and `depth` as well.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, Unpack

from ablations.experiments.classical import TRIALS, ClassicalConfig
from ablations.protocol.arm import Arm, Level
from ablations.protocol.kinds import Comparison
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Direction
from ablations.rigs.depth.recipes import SEEDS, SMALL, accuracy, deep_config, tuned
from ablations.rigs.readings import Said, compare, error
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
SURVEY = TaskConfig(name="fair", num_train=500, num_val=300)
DIABETES = TaskConfig(name="diabetes")
SIGNALS = TaskConfig(name="mnist1d", num_train=300, num_val=200)
BOXES = TaskConfig(name="tabular", num_train=500, num_val=300, num_test=1000)
"""Two classes that depend on four of twenty inputs."""

INTERACTIONS = TaskConfig(name="regression8", num_train=500, num_val=300, num_test=1000)
"""A smooth function of eight inputs and of products of them."""

SIZES = {
    ("digits", "raw"): (64, 10),
    ("digits", "shuffled_pixels"): (64, 10),
    ("digits", "engineered"): (304, 10),
    ("mnist5k", "raw"): (784, 10),
    ("mnist1d", "raw"): (40, 10),
    ("mnist1d", "shuffled_pixels"): (40, 10),
    ("gmm10", None): (20, 10),
    ("spirals", None): (2, 2),
    ("breast_cancer_split", "raw"): (30, 2),
    ("breast_cancer_split", "engineered"): (167, 2),
    ("wine", "raw"): (13, 3),
    ("wine", "engineered"): (129, 3),
    ("fair", "raw"): (8, 2),
    ("fair", "engineered"): (77, 2),
    ("diabetes", "raw"): (10, 1),
    ("diabetes", "engineered"): (120, 1),
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

WORDS = {
    "gmm10": "clusters",
    "mnist1d": "signals",
    "fair": "survey",
    "breast_cancer_split": "breast cancer",
    "tabular": "boxes",
    "regression8": "products of inputs",
    "shuffled_pixels": "shuffled pixels",
    "engineered": "features by hand",
    "rbf_svm": "support vectors",
    "random_forest": "forest",
    "gradient_boosting": "boosting",
    "logistic_regression": "linear model",
    "ridge": "linear model",
}
"""What tasks, features and models are called, where that is not their name."""

SAME_ROWS = (
    "The test rows of real data are the same for all seeds, so that intervals there"
    " cover splits and first weights, but not other test rows."
)
"""A caveat that several claims share."""

FRESH_SEEDS = SEEDS.replace(first=7_000)
"""Seeds of claims that first asked about three tasks."""

TIE = 0.01
"""Test accuracy, or share of the target's variance, that is too little to matter."""


def network_config(
    task: TaskConfig, depth: int, recipe: str = "modern", **changes: Any
) -> ArmConfig:
    """Return a network of one of `RECIPES` on a task, changed as `deep_config`."""
    num_inputs, num_outputs = SIZES[task.name, task.features]
    fields: dict[str, Any] = {
        **RECIPES[one_of("recipe", recipe, RECIPES)],
        "learning_rate": RATES[recipe][2],
        "input_units": num_inputs,
        "output_units": num_outputs,
        "probes": (),
    }
    if task.is_regression:
        metrics = ("loss", "val_loss", "test_loss")
        fields["training"] = {"loss": "mse", "from_logits": False, "metrics": metrics}
    return deep_config(task=task, depth=depth, **(fields | changes))


def levels_on(task: TaskConfig, **levels: Level) -> dict[str, Level]:
    """Return levels together with those of a task."""
    found = {**levels, "task": WORDS.get(task.name, task.name)}
    features = WORDS.get(task.features or "")
    return found | ({"features": features} if features else {})


def network(
    task: TaskConfig, depth: int, recipe: str = "modern", **changes: Any
) -> Arm:
    """Return a network at its best learning rate on validation rows."""
    config = network_config(task, depth, recipe, **changes)
    levels = levels_on(task, model="network", recipe=f"{recipe} recipe", depth=depth)
    arm = tuned(config, levels, rates=RATES[recipe], seeds=3, tolerance=0.003)
    if task.is_regression and arm.tune is not None:
        return arm.replace(tune=arm.tune.replace(score=error("val_loss")))
    return arm


def classical(model: str, task: TaskConfig) -> Arm:
    """Return a classical model at its best setting on validation rows."""
    fields: dict[str, Any] = {"model": model, "trials": NUM_TRIALS[model]}
    levels = levels_on(task, model=WORDS.get(model, model))
    return Arm(levels=levels, config=ClassicalConfig(task=task, **fields))


MIRROR: dict[Direction, Direction] = {"greater": "less"}
MIRROR |= {"no_less": "no_greater", "no_greater": "no_less"}
"""Directions of errors, of which less is better, for those of accuracy."""


def _apart(one: Arm, other: Arm) -> tuple[Literal["data", "tuning"], ...]:
    """Return what may differ: inputs, or numbers of settings, since grids grow."""
    if one.config.get_task() == other.config.get_task():
        return ("tuning",)
    is_alike = one.levels["model"] == other.levels["model"]
    return ("data",) if is_alike else ("data", "tuning")


def _better(
    way: Direction,
    treatment: Arm,
    control: Arm,
    margin: float = TIE,
    **said: Unpack[Said],
) -> Comparison:
    """Compare arms on test rows, by their accuracy or, where less is better, errors."""
    task = treatment.config.get_task()
    said = {"differs_in": _apart(treatment, control), **said}
    if task is not None and task.is_regression:
        return compare(treatment, MIRROR[way], control, error(), margin, **said)
    return compare(treatment, way, control, accuracy(), margin, **said)


beats = partial(_better, "greater")
"""Predict that an arm is better than another by at least a margin."""

matches = partial(_better, "no_less")
"""Predict that an arm is at most a margin worse than another."""

gains_little = partial(_better, "no_greater")
"""Predict that an arm is at most a margin better than another."""
