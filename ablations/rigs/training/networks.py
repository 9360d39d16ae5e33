"""Networks that learn classes from a thousand rows, and what is taken from them.

Hidden layers have 64 ReLU units with He's weights. The levels of an arm are `task`, a
name of `TASKS`, `depth` where it is not 2, and what its function says.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import SeedPlan
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import CLUSTERS, accuracy, deep_config, tuned
from ablations.rigs.depth.signals import GLOROT, HE
from ablations.rigs.readings import when
from ablations.tasks import TaskConfig

SEEDS = SeedPlan(quick=10, standard=40, full=200)

DIGITS = TaskConfig(name="digits")

TASKS: dict[str, tuple[TaskConfig, dict[str, Any]]] = {
    "spirals": (
        TaskConfig(name="spirals", num_train=1024, num_val=512, num_test=1024),
        {"input_units": 2, "output_units": 2},
    ),
    "clusters": (CLUSTERS, {}),
    "digits": (DIGITS, {"input_units": 64}),
    "digits, 64 rows": (DIGITS.replace(num_train=64), {"input_units": 64}),
    "digits, pixels from 0 to 1": (
        DIGITS.replace(scaling="unit"),
        {"input_units": 64},
    ),
}
"""What is learned, and what of the network fits it."""

RATES = {
    "sgd": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "adam": (0.0003, 0.001, 0.003, 0.01, 0.03),
}

TEST, TRAINING = accuracy(), accuracy("accuracy")


def network(name: str, *, depth: int = 2, **changes: Any) -> ArmConfig:
    """Return a network for a task of `TASKS`, changed as `deep_config`."""
    rows, fitting = TASKS[name]
    fields: dict[str, Any] = {
        "activation": "relu",
        "initializer": HE,
        "optimizer": "adam",
        "num_steps": 1000,
    }
    return deep_config(**{"task": rows, "depth": depth, **fields, **fitting, **changes})


def _at_best_rate(config: ArmConfig, levels: dict[str, Level]) -> Arm:
    """Return an arm at the best rate by validation rows and five tuning seeds."""
    rates = RATES[config.training.optimizer.name]
    return tuned(config, levels, rates=rates, seeds=5, tolerance=0.005)


FED_BACK = {
    "chain": "error by the chain rule",
    "random": "error by random weights",
    "none": "hidden layers frozen",
}
"""How hidden layers get their error, as arms call it."""


def taught(task: str, error: str, depth: int = 2) -> Arm:
    """Return a network by plain gradient descent; `error` is a key of `FED_BACK`."""
    frozen = {"frozen_layers": depth} if error == "none" else {}
    config = network(task, depth=depth, optimizer="sgd", training=frozen)
    levels: dict[str, Level] = {"error": FED_BACK[error], "task": task, "depth": depth}
    arm = _at_best_rate(config, levels)
    if error != "random":
        return arm
    return arm.replace(config=readout("feedback_alignment", config))


def biased(task: str, bias: bool, *, batch_norm: bool = False) -> Arm:
    """Return a network by Adam with or without the biases of all its layers."""
    norm: dict[str, Any] = {"batch_norm": "before"} if batch_norm else {}
    config = network(task, use_bias=bias, **norm)
    levels: dict[str, Level] = {"bias": "with biases" if bias else "without biases"}
    return _at_best_rate(config, levels | {"batch norm": batch_norm, "task": task})


LABELS: dict[str, dict[str, Any]] = {
    "true labels": {},
    "a fifth of the labels wrong": {"wrong_labels": 0.2},
    "random labels": {"labels": "random"},
}
"""Labels of training rows; random ones are random for test rows, too."""

EARLIER, LAST = 3200, 4000
"""Updates at which networks count as converged if their loss is the same."""


def fitted(task: str, labels: str = "true labels") -> Arm:
    """Return networks that train by Adam until they have converged."""
    rows, _ = TASKS[task]
    steps = (0, 30, 100, 300, 1000, EARLIER)
    config = network(
        task,
        task=rows.replace(**LABELS[labels]),
        learning_rate=0.003,
        num_steps=LAST,
        training={"log_steps": steps},
    )
    return Arm(levels={"task": task, "labels": labels}, config=config)


def loss(at: int) -> ScoreConfig:
    """Return the training loss, in nats; a run that diverged counts as guessing."""
    words = f"training loss {when(at)}"
    return ScoreConfig(quantity="loss", at=at, failed_value=2.3, words=words)


SLOW_RATES = {"sgd": (0.1, 0.3, 1.0, 3.0, 10.0), "adam": RATES["adam"]}
LOSSES = {"mse": "squared error", "binary_crossentropy": "cross-entropy"}
TWO_CLASSES = CLUSTERS.replace(num_classes=2, targets="single")
OFTEN = (0, 5, 10, 25, 50, 100, 150, 200, 300, 500, 700, 1000, 1400)


def reaches(share: float) -> ScoreConfig:
    """Return success: a share of the training rows is classified as labeled."""
    words = f"reach a training accuracy of {100 * share:g} %"
    return ScoreConfig(quantity="accuracy", at_least=share, words=words)


def _from_bias(config: dict[str, Any], optimizer: str, **levels: Level) -> Arm:
    """Return networks that train for 2,000 updates at a rate of their own."""
    rates = SLOW_RATES[optimizer]
    own: dict[str, Any] = {"optimizer": optimizer, "num_steps": 2000}
    own |= {"learning_rate": rates[2]}
    return tuned(network("clusters", **config, **own), levels, rates=rates, seeds=5)


def saturated_layers(bias: float, optimizer: str) -> Arm:
    """Return two hidden layers of sigmoids whose sums start around a bias."""
    config = {"activation": "sigmoid", "initializer": GLOROT, "bias_start": bias}
    config |= {"training": {"log_steps": OFTEN}}
    words = {"sgd": "plain descent", "adam": "Adam"}[optimizer]
    return _from_bias(config, optimizer, layers="hidden layers", by=words, bias=bias)


def saturated_output(bias: float, loss: str) -> Arm:
    """Return a sigmoid of two classes whose sums start around a bias; see `LOSSES`.

    Layers below it are ReLU; it trains by plain descent.
    """
    config = {"task": TWO_CLASSES, "output_units": 1, "output_bias_start": bias}
    config |= {"training": {"loss": loss, "from_logits": False, "log_steps": OFTEN}}
    config |= {"output_activation": "sigmoid"}
    return _from_bias(config, "sgd", layers="output", by=LOSSES[loss], bias=bias)


def linear(task: str, depth: int) -> Arm:
    """Return networks without activations, by plain descent for 2,000 updates.

    `depth` counts hidden layers; without any it is one linear layer.
    """
    config = network(
        task,
        activation="linear",
        initializer="glorot_uniform",
        optimizer="sgd",
        depth=depth,
        num_steps=2000,
        training={"log_steps": OFTEN},
    )
    levels: dict[str, Level] = {"hidden layers": f"{depth} linear hidden layers"}
    return _at_best_rate(config, levels | {"task": task})
