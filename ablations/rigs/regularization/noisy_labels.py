"""A small sample with false labels, on which networks overfit, and how much.

Four classes of overlapping clusters in 20 dimensions are learned from 320 rows, a fifth
of whose labels are drawn anew, so that some 15 % of them are false.
Networks have ReLU layers with He's weights and train by Adam in batches of 32; all
arms record the same metrics at the same numbers of updates, so that they share
programs. The level `labels` of the chapter's arms is what `labels_of` says.
"""

from __future__ import annotations

from typing import Any

from ablations.protocol.claim import SeedPlan
from ablations.protocol.network_runs import ArmConfig
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import MLPConfig

SOURCE = "Deep learning notes, chapter on regularization"

NOISE = 0.2
"""Share of labels drawn anew, where some are false."""

NOISY = TaskConfig(
    name="gmm10",
    num_classes=4,
    num_train=320,
    num_val=320,
    num_test=1000,
    label_noise=NOISE,
)

WIDTH = 64
LEARNING_RATE = 0.003
"""A rate at which 64 units memorize all training rows within 1,500 updates."""

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")

SEEDS = SeedPlan(quick=10, standard=40, full=200)
FEW_SEEDS = SeedPlan(quick=10, standard=20, full=100)
"""For experiments in which a seed trains many networks."""


def noisy_config(
    *,
    task: TaskConfig = NOISY,
    width: int = WIDTH,
    optimizer: OptimizerConfig | None = None,
    training: dict[str, Any] | None = None,
    **model: Any,
) -> ArmConfig:
    """Return a network that memorizes its rows, false labels included, with changes.

    Those of `training` are fields of `TrainingConfig`, those of `model` of `MLPConfig`.
    """
    network: dict[str, Any] = {
        "input_units": 20,
        "hidden_units": (width, width),
        "activation": "relu",
        "kernel_initializer": "he_normal",
        "output_kernel_initializer": None,
        "output_units": 4,
    }
    adam = OptimizerConfig(name="adam", learning_rate=LEARNING_RATE)
    settings: dict[str, Any] = {
        "optimizer": optimizer or adam,
        "loss": "categorical_crossentropy",
        "from_logits": True,
        "batch_size": 32,
        "num_steps": 1500,
        "log_steps": (0, 100, 300, 600, 1000, 1500),
        "metrics": METRICS,
    }
    return ArmConfig(
        task=task,
        model=MLPConfig(**(network | model)),
        training=TrainingConfig(**(settings | (training or {}))),
    )


def labels_of(noise: float) -> str:
    """Return the level of arms a share of whose training labels is drawn anew."""
    return "false labels" if noise else "true labels"
