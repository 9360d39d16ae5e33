"""Penalties on weights and more rows, against overfitting.

Penalties are tried on the small noisy sample of the chapter, over three powers of ten;
techniques and more rows on samples of the same kind.

Levels of arms are

- `penalty`, the strength of L2, or `decay`, that of decoupled decay; 0 for none;
- `setting`, a name of `SETTINGS`: the optimizer, or what differs beside it;
- `rows` and `labels`: training rows, and true or false labels.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.penalty import PenaltyConfig
from ablations.experiments.sample_size import SampleSizeConfig
from ablations.protocol.arm import Arm
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import NOISE, NOISY, labels_of
from ablations.rigs.regularization.readings import accuracy, less_is_better

STRENGTHS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Strengths of the penalty; the first is that of the printed code."""

GOOD = 0.03

FACTOR = 0.05
"""Difference of log10 that counts: about one eighth more or less."""

NORM = ScoreConfig(quantity="log10_weight_norm", words="log10 of the norm of kernels")
ROUGHNESS = less_is_better("log10_roughness", "log10 of the roughness")
"""How fast probabilities change with the inputs."""

ADAM = "Adam"
SETTINGS: dict[str, dict[str, Any]] = {
    ADAM: {},
    "gradient descent": {"optimizer": "sgd", "learning_rate": 0.1},
    "batch norm": {"batch_norm": True},
    "true labels": {"task": NOISY.replace(label_noise=0.0)},
}
"""Where penalties are tried, by what is said of it; the rest is Adam, false labels."""


def penalized(l2: float, setting: str = ADAM, **changes: Any) -> Arm:
    """Return networks under a penalty, 0 for none; `changes` are fields of the config.

    What is asked of weights alone needs none. Where outputs of networks with batch norm
    are judged, it has the statistics of all training rows, as `judged` says.
    """
    config = PenaltyConfig(l2=l2, **({"task": NOISY} | SETTINGS[setting] | changes))
    return Arm(levels={"penalty": l2, "setting": setting}, config=config)


def judged(l2: float, setting: str) -> Arm:
    """Return networks under a penalty whose outputs are judged."""
    is_normed = "batch_norm" in SETTINGS[setting]
    how = {"batch_norm_statistics": "training_rows"} if is_normed else {}
    return penalized(l2, setting, **how)


def decayed(decay: float) -> Arm:
    """Return networks under Adam with decoupled decay of this strength."""
    return Arm(levels={"decay": decay}, config=PenaltyConfig(task=NOISY, decay=decay))


def sample(rows: int, noise: float = NOISE) -> Arm:
    """Return networks on so many rows, with techniques up to 640 rows."""
    task = NOISY.replace(num_train=2560, label_noise=noise)
    config = SampleSizeConfig(task=task, num_rows=rows, is_plain=rows > 640)
    return Arm(levels={"rows": rows, "labels": labels_of(noise)}, config=config)


NO_TECHNIQUE = accuracy("test_accuracy_of_none", "plain test accuracy")
BEST = accuracy("test_accuracy_of_best", "the best technique's test accuracy")
