"""Penalties on weights, changed images and more rows, against overfitting.

Penalties are tried on the small noisy sample of the chapter, over three powers of ten;
techniques and more rows on samples of the same kind; changed images on digits.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.augmentation import AugmentationConfig
from ablations.experiments.penalty import PenaltyConfig
from ablations.experiments.random_targets import RandomTargetsConfig
from ablations.experiments.sample_size import SampleSizeConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import NOISY, accuracy
from ablations.tasks import TaskConfig

STRENGTHS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Strengths of the penalty; the first is that of the printed code."""

PRINTED, GOOD = STRENGTHS[0], 0.03

CLEAN = NOISY.replace(label_noise=0.0)

FACTOR = 0.05
"""Difference of log10 that counts: about one eighth more or less."""

FORGOTTEN = 0.03
"""Fall of training accuracy that counts as fewer false labels learned: a fifth."""

NORM = ScoreConfig(quantity="log10_weight_norm", words="log10 of the norm of kernels")
ROUGHNESS = ScoreConfig(
    quantity="log10_roughness",
    better="lower",
    words="log10 of how fast probabilities change with the inputs",
)
MEMORIZES = ScoreConfig(
    quantity="accuracy",
    at_least=0.95,
    words="classify 95 % of the training rows as labeled, false labels included",
)

SETTINGS: dict[str, dict[str, Any]] = {
    "": {},
    "gradient descent": {"optimizer": "sgd", "learning_rate": 0.1},
    "batch norm": {"batch_norm": True},
    "true labels": {"task": CLEAN},
}
"""Where penalties are tried, by what is said of it; Adam on noisy labels is plain."""


def penalty_name(l2: float, setting: str = "") -> str:
    """Return the name of an arm."""
    strength = f"L2 {l2:g}" if l2 else "no penalty"
    return f"{strength}, {setting}" if setting else strength


def penalty_arms(setting: str, *strengths: float) -> dict[str, Arm]:
    """Return arms of these strengths by name."""
    fields: dict[str, Any] = {"task": NOISY, **SETTINGS[setting]}
    return {
        penalty_name(l2, setting): Arm(config=PenaltyConfig(l2=l2, **fields))
        for l2 in strengths
    }


def decay_name(decay: float) -> str:
    """Return the name of an arm with decoupled decay."""
    return f"decay {decay:g}"


def decay_arms(*strengths: float) -> dict[str, Arm]:
    """Return arms under Adam with decoupled decay of these strengths, by name."""
    return {
        decay_name(decay): Arm(config=PenaltyConfig(task=NOISY, decay=decay))
        for decay in strengths
    }


def against_none(
    label: str, l2: float, setting: str, score: ScoreConfig, margin: float, **more: Any
) -> Comparison:
    """Predict what a penalty changes, seed by seed."""
    words = f"{label}, {penalty_name(l2, setting)}"
    at: Level | None = ("penalty", l2) if not setting else None
    return Comparison(
        label=words,
        at=at,
        treatment=penalty_name(l2, setting),
        control=penalty_name(0.0, setting),
        score=score,
        margin=margin,
        **more,
    )


POOL = 2560
SIZES = (80, 160, 320, 640, 1280, 2560)
TECHNIQUES_UP_TO = 640
"""Rows up to which techniques are trained; larger samples are only compared with."""

SAMPLE_SEEDS = SeedPlan(quick=10, standard=20, full=100)
"""A seed trains eight networks."""

NOISES = {"a fifth of labels drawn anew": 0.2, "true labels": 0.0}


def sample_name(rows: int, noise: str) -> str:
    """Return the name of an arm."""
    return f"{rows:,} rows, {noise}"


def sample_arm(rows: int, noise: str) -> Arm:
    """Return networks on so many rows, with techniques where there are few."""
    task = NOISY.replace(num_train=POOL, label_noise=NOISES[noise])
    plain = rows > TECHNIQUES_UP_TO
    return Arm(config=SampleSizeConfig(task=task, num_rows=rows, is_plain=plain))


def tested(technique: str) -> ScoreConfig:
    """Return the test accuracy of a technique."""
    words = {
        "none": "test accuracy without technique",
        "best": "test accuracy of the best technique",
    }
    return ScoreConfig(
        quantity=f"test_accuracy_of_{technique}",
        better="higher",
        failed_value=0.25,
        words=words.get(technique, f"test accuracy of {technique}"),
    )


DIGITS = TaskConfig(name="digits", scaling="unit")
KEEPING = (("shift", 0.5), ("shift", 1.0), ("turn", 10.0), ("noise", 0.2))
BREAKING = (("shift", 3.0), ("turn", 90.0), ("mirror", 0.0), ("upside_down", 0.0))
"""Changes after which an image still shows its digit, and changes that spoil it."""

FEW, MANY = 100, 500
"""Images that are known."""

CHANGE_WORDS = {
    ("none", 0.0): "equal copies",
    ("shift", 0.5): "moved by half a pixel",
    ("shift", 1.0): "moved by a pixel",
    ("turn", 10.0): "turned by up to 10 degrees",
    ("noise", 0.2): "noise of 0.2",
    ("shift", 3.0): "moved by 3 pixels",
    ("turn", 90.0): "turned by up to 90 degrees",
    ("mirror", 0.0): "mirrored",
    ("upside_down", 0.0): "upside down",
}


def augmented_name(change: tuple[str, float], rows: int) -> str:
    """Return the name of an arm."""
    return f"{CHANGE_WORDS[change]}, {rows} images"


def augmented_arm(change: tuple[str, float], rows: int) -> Arm:
    """Return networks on so many images and changed copies of them."""
    name, amount = change
    config = AugmentationConfig(task=DIGITS, num_rows=rows, change=name, amount=amount)
    return Arm(config=config)


def digit_accuracy() -> ScoreConfig:
    """Return the test accuracy on ten digits."""
    return accuracy().replace(failed_value=0.1)


PRINTED_ARMS = {
    "neither": RandomTargetsConfig(),
    "L2": RandomTargetsConfig(l2=1e-4),
    "dropout": RandomTargetsConfig(dropout=(0.3, 0.2)),
    "both, as printed": RandomTargetsConfig(l2=1e-4, dropout=(0.3, 0.2)),
    "L2 a hundred times as strong": RandomTargetsConfig(l2=1e-2),
}
"""The printed network on its data, by what holds it back."""
