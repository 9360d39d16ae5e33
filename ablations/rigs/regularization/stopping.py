"""Networks that train on long after early stopping would have ended them.

Rows are those of the chapter's rig, 100 or 1,000 of them labeled, a fifth of the labels
drawn anew or none; a fifth of the labeled rows is held out to validate on.
The printed program is a 5-10-1 network with ReLU and a sigmoid, trained by Adam in
batches of 32 on 100 rows, with 20 to validate on, for at most 100 epochs.

Levels of watched networks are `rows`, the labeled ones, `labels`, true or false, and
`width`; of the printed program `labels` alone.
"""

from __future__ import annotations

from typing import Any, Unpack

from ablations.experiments.readouts.table import readout
from ablations.experiments.stopped_training import StoppedTrainingConfig
from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Said, mostly
from ablations.rigs.regularization.noisy_labels import (
    LEARNING_RATE,
    NOISE,
    NOISY,
    WIDTH,
    labels_of,
)
from ablations.rigs.regularization.readings import MOST, less_is_better
from ablations.tasks import TaskConfig
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from models.config import MLPConfig

EPOCHS = {1000: 60, 100: 100}
"""Passes by number of labeled rows; 64 units then know every label by heart."""

PATIENCES = (3, 5)
"""Epochs that the code and the text wait for."""

RISE = 0.05
"""Difference in mean cross-entropy, in nats, that is too small to matter."""

LN_2 = 0.6931
"""Cross-entropy of guessing one half."""

PRINTED_SEEDS = SeedPlan(quick=250, standard=1000, full=5000)


def watched(
    num_rows: int, noise: float, width: int = WIDTH, task: TaskConfig = NOISY
) -> Arm:
    """Return networks on so many labeled rows that are watched at every epoch."""
    config = StoppedTrainingConfig(
        task=task.replace(num_train=num_rows, num_val=0, label_noise=noise),
        width=width,
        learning_rate=LEARNING_RATE,
        epochs=EPOCHS[num_rows],
        patiences=PATIENCES,
    )
    levels: dict[str, Level] = {"rows": num_rows, "labels": labels_of(noise)}
    return Arm(levels=levels | {"width": width}, config=config)


def samples(width: int = WIDTH) -> dict[str, Arm]:
    """Return watched networks on many and few rows, with false and true labels."""
    return {
        "many": watched(1000, NOISE, width),
        "few": watched(100, NOISE, width),
        "many_true": watched(1000, 0.0, width),
        "few_true": watched(100, 0.0, width),
    }


def reading(quantity: str, words: str) -> ScoreConfig:
    """Return a number that watched runs tell, an accuracy or a loss."""
    if "accuracy" in quantity:
        return ScoreConfig(quantity=quantity, better="higher", words=words)
    return less_is_better(quantity, words)


def share(
    arm: Arm,
    quantity: str,
    words: str,
    at_least: float | None = None,
    at_most: float | None = None,
    bound: float = MOST,
    **said: Unpack[Said],
) -> SuccessRate:
    """Predict that at least a share of runs, most of them, does what `words` say."""
    ends: Any = {"at_least": at_least, "at_most": at_most}
    score = ScoreConfig(quantity=quantity, words=words, **ends)
    return mostly(arm, score, bound, **said)


SHAPE: dict[str, Any] = {"num_train": 100, "num_val": 20, "num_test": 1000}
SHAPE |= {"num_inputs": 5, "targets": "single"}

RANDOM_ROWS = TaskConfig(name="random_labels", num_classes=2, **SHAPE)
"""Rows of the printed shape, whose labels have nothing to do with the inputs."""

LEARNABLE_ROWS = TaskConfig(name="tabular", num_useful=1, **SHAPE)
"""Rows of the printed shape, whose labels depend on one input."""


def printed_program(task: TaskConfig = RANDOM_ROWS) -> Arm:
    """Return the printed program on rows of the printed shape."""
    words = "labels by chance" if task == RANDOM_ROWS else "labels from one input"
    layers: dict[str, Any] = {"activation": "relu", "output_activation": "sigmoid"}
    layers["kernel_initializer"] = "he_normal"
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="adam", learning_rate=0.001),
        loss="binary_crossentropy",
        batch_size=32,
        epochs=100,
        early_stopping=EarlyStoppingConfig(patience=3, restore_best_weights=True),
    )
    model = MLPConfig(input_units=5, hidden_units=(10,), **layers)
    program = ArmConfig(task=task, model=model, training=training)
    return Arm(levels={"labels": words}, config=readout("early_stopped", program))
