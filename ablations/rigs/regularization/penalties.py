"""Penalties on weights, changed images and more rows, against overfitting.

Penalties are tried on the small noisy sample of the chapter, over three powers of ten;
techniques and more rows on samples of the same kind; changed images on digits.

Levels of arms are

- `penalty`, the strength of L2, or `decay`, that of decoupled decay; 0 for none;
- `setting`, a name of `SETTINGS`: the optimizer, or what differs beside it;
- `rows` and `labels`: training rows, and true or false labels;
- `change` and `images`: how copies are changed, and how many images are known;
- `method`, a name of `PRINTED_ARMS`.
"""

from __future__ import annotations

from typing import Any

from ablations.experiments.augmentation import AugmentationConfig
from ablations.experiments.penalty import PenaltyConfig
from ablations.experiments.random_targets import RandomTargetsConfig
from ablations.experiments.sample_size import SampleSizeConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import NOISY, labels_of
from ablations.rigs.regularization.readings import MEMORIZES, accuracy, mostly
from ablations.tasks import TaskConfig

STRENGTHS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Strengths of the penalty; the first is that of the printed code."""

PRINTED, GOOD = STRENGTHS[0], 0.03

CLEAN = NOISY.replace(label_noise=0.0)

FACTOR = 0.05
"""Difference of log10 that counts: about one eighth more or less."""

NORM = ScoreConfig(quantity="log10_weight_norm", words="log10 of the norm of kernels")
ROUGHNESS = ScoreConfig(
    quantity="log10_roughness",
    better="lower",
    words="log10 of how fast probabilities change with the inputs",
)

ADAM = "Adam"
SETTINGS: dict[str, dict[str, Any]] = {
    ADAM: {},
    "gradient descent": {"optimizer": "sgd", "learning_rate": 0.1},
    "batch norm": {"batch_norm": True},
    "true labels": {"task": CLEAN},
}
"""Where penalties are tried, by what is said of it; the rest is Adam, false labels."""


def penalized(l2: float, setting: str = ADAM) -> Arm:
    """Return networks under a penalty, 0 for none."""
    fields: dict[str, Any] = {"task": NOISY, **SETTINGS[setting]}
    return Arm(
        levels={"penalty": l2, "setting": setting},
        config=PenaltyConfig(l2=l2, **fields),
    )


def decayed(decay: float) -> Arm:
    """Return networks under Adam with decoupled decay of this strength."""
    return Arm(levels={"decay": decay}, config=PenaltyConfig(task=NOISY, decay=decay))


def against_none(
    l2: float,
    score: ScoreConfig,
    margin: float,
    *,
    key: str,
    label: str,
    setting: str = ADAM,
    **more: Any,
) -> Comparison:
    """Predict what a penalty changes in a setting of `SETTINGS`, seed by seed."""
    return Comparison(
        key=key,
        label=label,
        treatment=penalized(l2, setting),
        control=penalized(0.0, setting),
        score=score,
        margin=margin,
        **more,
    )


def memorizes() -> SuccessRate:
    """Predict that networks memorize without a penalty."""
    label = "runs that memorize without a penalty"
    return mostly(penalized(0.0), MEMORIZES, key="memorize", label=label)


POOL = 2560
SIZES = (80, 160, 320, 640, 1280, 2560)
TECHNIQUES_UP_TO = 640
"""Rows up to which techniques are trained; larger samples are only compared with."""

SAMPLE_SEEDS = SeedPlan(quick=10, standard=20, full=100)
"""A seed trains eight networks."""

NOISE = 0.2
"""Share of labels drawn anew, where some are false."""


def sample(rows: int, noise: float = NOISE) -> Arm:
    """Return networks on so many rows, with techniques where there are few."""
    task = NOISY.replace(num_train=POOL, label_noise=noise)
    plain = rows > TECHNIQUES_UP_TO
    return Arm(
        levels={"rows": rows, "labels": labels_of(noise)},
        config=SampleSizeConfig(task=task, num_rows=rows, is_plain=plain),
    )


def tested(technique: str) -> ScoreConfig:
    """Return the test accuracy of a technique."""
    with_it = {"none": "without technique", "best": "with the best technique"}
    return ScoreConfig(
        quantity=f"test_accuracy_of_{technique}",
        better="higher",
        failed_value=0.25,
        words=f"{with_it.get(technique, f'with {technique}')}, test accuracy",
    )


DIGITS = TaskConfig(name="digits", scaling="unit")
FEW, MANY = 100, 500
"""Images that are known."""

KEEPING: dict[str, tuple[str, str, float]] = {
    "half": ("moved by half a pixel", "shift", 0.5),
    "pixel": ("moved by a pixel", "shift", 1.0),
    "turned": ("turned by up to 10 degrees", "turn", 10.0),
    "noise": ("with noise of 0.2", "noise", 0.2),
}
"""Changes after which an image still shows its digit, in words and as a config."""

BREAKING: dict[str, tuple[str, str, float]] = {
    "far": ("moved by 3 pixels", "shift", 3.0),
    "sideways": ("turned by up to 90 degrees", "turn", 90.0),
    "mirrored": ("mirrored", "mirror", 0.0),
    "upside_down": ("upside down", "upside_down", 0.0),
}
"""Changes that spoil it."""

CHANGES = {"same": ("left as they are", "none", 0.0), **KEEPING, **BREAKING}


def augmented(change: str, images: int) -> Arm:
    """Return networks on so many images and copies with a change of `CHANGES`."""
    words, name, amount = CHANGES[change]
    config = AugmentationConfig(
        task=DIGITS, num_rows=images, change=name, amount=amount
    )
    return Arm(levels={"change": words, "images": images}, config=config)


def digit_accuracy() -> ScoreConfig:
    """Return the test accuracy on ten digits."""
    return accuracy().replace(failed_value=0.1)


PRINTED_ARMS = {
    method: Arm(levels={"method": method}, config=config)
    for method, config in {
        "neither": RandomTargetsConfig(),
        "L2": RandomTargetsConfig(l2=1e-4),
        "dropout": RandomTargetsConfig(dropout=(0.3, 0.2)),
        "both, as printed": RandomTargetsConfig(l2=1e-4, dropout=(0.3, 0.2)),
        "L2 a hundred times as strong": RandomTargetsConfig(l2=1e-2),
    }.items()
}
"""The printed network on its data, by what holds it back."""
