"""Networks that train on long after early stopping would have ended them.

Rows are those of the chapter's rig, 100 or 1,000 of them labeled, a fifth of the labels
drawn anew or none; a fifth of the labeled rows is held out to validate on.
The printed program is a 5-10-1 network with ReLU and a sigmoid, trained by Adam in
batches of 32 on 100 rows, with 20 to validate on, for at most 100 epochs.

Levels of watched networks are `rows`, the labeled ones, `labels`, true or false, and
`width`; of the printed program `labels` alone.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.early_stopped import EarlyStoppedConfig
from ablations.experiments.stopped_training import StoppedTrainingConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import (
    LEARNING_RATE,
    NOISY,
    WIDTH,
    labels_of,
)
from ablations.tasks import TaskConfig
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from models.config import ActivationConfig, InitializerConfig, MLPConfig

EPOCHS = {1000: 60, 100: 100}
"""Passes by number of labeled rows; 64 units then know every label by heart."""

NARROW = 8
NOISES = (0.2, 0.0)
PATIENCES = (3, 5)
"""Epochs that the code and the text wait for."""

RISE = 0.05
"""Difference in mean cross-entropy, in nats, that is too small to matter."""

MOST = 0.65
"""Bound of a share that counts as most runs, low enough for ten seeds to tell."""

PRINTED_EPOCH = 27
"""The epoch after which the printed run stopped."""

LN_2 = 0.6931
"""Cross-entropy of guessing one half."""

PRINTED_SEEDS = SeedPlan(quick=250, standard=1000, full=5000)


def watched(
    num_rows: int, noise: float, *, width: int = WIDTH, task: TaskConfig = NOISY
) -> Arm:
    """Return networks that are watched at every epoch.

    Args:
        num_rows: Labeled rows, those to validate on among them.
        noise: Share of labels that are drawn anew.
        width: Units of each hidden layer.
        task: Rows, of which number and noise are replaced.
    """
    rows = task.replace(num_train=num_rows, num_val=0, label_noise=noise)
    return Arm(
        levels={"rows": num_rows, "labels": labels_of(noise), "width": width},
        config=StoppedTrainingConfig(
            task=rows,
            width=width,
            learning_rate=LEARNING_RATE,
            epochs=EPOCHS[num_rows],
            patiences=PATIENCES,
        ),
    )


def reading(quantity: str, words: str) -> ScoreConfig:
    """Return a number that watched runs tell."""
    lower = "loss" in quantity or "epoch" in quantity or "stopped" in quantity
    return ScoreConfig(
        quantity=quantity, better="lower" if lower else "higher", words=words
    )


def share(
    arm: Arm,
    quantity: str,
    words: str,
    *,
    key: str,
    label: str,
    at_least: float | None = None,
    at_most: float | None = None,
    bound: float = MOST,
    **more: Any,
) -> SuccessRate:
    """Predict that at least a share of runs, most of them, does what `words` say."""
    score = ScoreConfig(
        quantity=quantity, at_least=at_least, at_most=at_most, words=words
    )
    return SuccessRate(key=key, label=label, arm=arm, score=score, bound=bound, **more)


RANDOM_ROWS = TaskConfig(
    name="random_labels",
    num_train=100,
    num_val=20,
    num_test=1000,
    num_inputs=5,
    num_classes=2,
    targets="single",
)
"""Rows of the printed shape, whose labels have nothing to do with the inputs."""

LEARNABLE_ROWS = TaskConfig(
    name="tabular",
    num_train=100,
    num_val=20,
    num_test=1000,
    num_inputs=5,
    num_useful=1,
    targets="single",
)
"""Rows of the printed shape, whose labels depend on one input."""


def printed_program(task: TaskConfig = RANDOM_ROWS) -> Arm:
    """Return the printed program on rows of the printed shape."""
    chance = task.name == RANDOM_ROWS.name
    return Arm(
        levels={"labels": "labels by chance" if chance else "labels from one input"},
        config=EarlyStoppedConfig(
            task=task,
            model=MLPConfig(
                input_units=5,
                hidden_units=(10,),
                activation=ActivationConfig(name="relu"),
                kernel_initializer=InitializerConfig(name="he_normal"),
                output_activation=ActivationConfig(name="sigmoid"),
            ),
            training=TrainingConfig(
                optimizer=OptimizerConfig(name="adam", learning_rate=0.001),
                loss="binary_crossentropy",
                batch_size=32,
                epochs=100,
                early_stopping=EarlyStoppingConfig(
                    patience=3, restore_best_weights=True
                ),
            ),
        ),
    )
