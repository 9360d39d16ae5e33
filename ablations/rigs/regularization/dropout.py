"""Dropout, and what stands beside it: masked gradients, noise, penalties, ensembles.

Networks are those of `ablations.rigs.regularization.noisy_labels`: two layers of
64 ReLU units that memorize 320 rows, false labels included, unless something keeps them
from it. Their levels are

- `dropout`: the share of hidden units dropped, or whether any are;
- `width` and `rows`: units of a hidden layer, and training rows, where they differ;
- `mask` and `optimizer`: names of `MASKS` and `OPTIMIZERS`;
- `task`: what is learned, where it differs;
- `training loss`: at which networks are taken, where they are compared at one;
- what is done in place of dropping, in words that name themselves.
"""

from __future__ import annotations

import math
from typing import Any

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm, Level
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.regularization.noisy_labels import (
    NOISY,
    SOURCE,
    WIDTH,
    noisy_config,
)
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig

DROPOUT = f"{SOURCE}, dropout"

HALF = 0.5
"""Share of hidden units dropped, unless said otherwise."""

INTERACTIONS = TaskConfig(
    name="regression8", noise=0.3, num_train=320, num_val=320, num_test=1000
)
"""A function of eight inputs with noise of a third of its deviation."""

DIGITS = TaskConfig(name="digits", num_train=320, num_val=320, label_noise=0.2)
"""Pixels, and a fifth of the training labels drawn anew."""


def network(levels: dict[str, Level], **changes: Any) -> Arm:
    """Return a network of the rig, with changes of `noisy_config`."""
    return Arm(levels=levels, config=noisy_config(**changes))


def dropped(share: float = 0.0) -> Arm:
    """Return a network that drops a share of its hidden units."""
    return network({"dropout": share}, dropout=share)


TARGETS = {0.3: 1500, 0.1: 3000}
"""Training losses at which networks are taken, and updates to reach them within."""

TAKEN_STEPS = (*range(40, 300, 10), *range(300, 1000, 20), *range(1000, 3001, 50))
"""Times that are close where the loss falls fast."""


def taken_at(target: float, share: float = 0.0) -> Arm:
    """Return networks taken at a training loss of `TARGETS`, which then lose units."""
    last = TARGETS[target]
    log_steps = tuple(step for step in TAKEN_STEPS if step <= last)
    training = {"num_steps": last, "log_steps": log_steps}
    networks = noisy_config(dropout=share, training=training)
    lost = (1, 8, 16, 32)
    return Arm(
        levels={"dropout": share, "training loss": target},
        config=readout("unit_ablation", networks, target_loss=target, lost=lost),
    )


BESIDE_ENSEMBLES = Arm(
    levels={"networks": "dropout beside ensembles"},
    config=readout("dropout_ensemble", noisy_config(), rates=(HALF, 0.2), sizes=(5,)),
)
"""Networks with dropout, and five without it that answer together."""


OPTIMIZERS = {
    "Adam": None,
    "gradient descent": OptimizerConfig(name="sgd", learning_rate=0.3),
}
"""None is that of the rig."""

BATCH = {"dropout_unit": "batch"}
GRADIENTS = {"dropout_target": "gradients", **BATCH}
MASKS: dict[str, dict[str, Any]] = {
    "no dropout": {},
    "a mask per row": {"dropout": HALF},
    "a mask per mini-batch": {"dropout": HALF, **BATCH},
    "half of the gradients masked": {"dropout": HALF, **GRADIENTS},
    "nine of ten gradients masked": {"dropout": 0.9, **GRADIENTS},
}
"""What is left out of an update: units, half of them, or only their gradients."""


def masked(mask: str, optimizer: str) -> Arm:
    """Return a network by names of `MASKS` and `OPTIMIZERS`."""
    levels: dict[str, Level] = {"mask": mask, "optimizer": optimizer}
    return network(levels, optimizer=OPTIMIZERS[optimizer], **MASKS[mask])


def matching_noise(rate: float) -> float:
    """Return the standard deviation of a factor that varies as dropout's does.

    A unit is kept with probability 1 - rate and divided by it, so the factor has mean
    1 and variance rate / (1 - rate).
    """
    return math.sqrt(rate / (1.0 - rate))


def noisy(words: str, stddev: float, kind: str = "multiplicative") -> Arm:
    """Return a network whose units carry Gaussian noise in training, called `words`."""
    return network({"noise": words}, gaussian_noise=stddev, noise_kind=kind)


def shared_config(width: int, share: float) -> ArmConfig:
    """Return the networks that the chapter on depth asks about dropout.

    They have 300 rows in place of 320 and are recorded at other updates; both chapters
    read the same runs.
    """
    task = NOISY.replace(num_train=300, num_val=300)
    metrics = ("loss", "accuracy", "val_accuracy", "test_accuracy")
    training = {"log_steps": (0, 200, 500, 1000), "metrics": metrics}
    return noisy_config(task=task, width=width, dropout=share, training=training)


def regression_config(widths: tuple[int, ...] = (128, 64), **model: Any) -> ArmConfig:
    """Return a network that fits numbers, by default as wide as the printed program."""
    metrics = ("loss", "squared_error", "test_loss", "test_squared_error")
    training = {"loss": "mse", "from_logits": False, "metrics": metrics}
    layers: dict[str, Any] = {
        "input_units": 8,
        "hidden_units": widths,
        "output_units": 1,
    }
    return noisy_config(task=INTERACTIONS, training=training, **layers, **model)


def retention_surface(task: str) -> Arm:
    """Return networks that keep shares of units and inputs, of which one is chosen."""
    config = {
        "clusters": noisy_config(),
        "digits": noisy_config(task=DIGITS, input_units=64, output_units=10),
        "eight inputs": regression_config((WIDTH, WIDTH)),
    }[task]
    return Arm(levels={"task": task}, config=readout("retention_surface", config))
