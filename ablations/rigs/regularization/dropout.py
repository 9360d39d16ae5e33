"""Dropout, and what stands beside it: masked gradients, noise, penalties, ensembles.

Networks are those of `ablations.rigs.regularization.noisy_labels`: two layers of
64 ReLU units that memorize 320 rows, false labels included, unless something keeps them
from it.
"""

from __future__ import annotations

import math
from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import deep_config
from ablations.rigs.regularization.noisy_labels import (
    NOISY,
    SOURCE,
    TIE,
    accuracy,
    noisy_config,
)
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig

DROPOUT = f"{SOURCE}, dropout"

HALF = 0.5
"""Share of hidden units dropped, unless said otherwise."""

FORGOTTEN = 0.03
"""Fall of training accuracy that counts as less overfitting.

About 15 % of the training labels are false; this is a fifth of them.
"""

FEW_SEEDS = SeedPlan(quick=10, standard=20, full=100)
"""For experiments in which a seed trains many networks."""

MOSTLY = 0.6
"""Share of runs that counts as most of them; ten of ten runs show it."""

CODE_RATES = (0.3, 0.2)
"""Shares dropped behind the first and the second layer of the printed program."""

CODE_L2 = 1e-4
"""Penalty of the printed program."""

CODE_WIDTHS = (128, 64)
"""Hidden layers of the printed program."""

INTERACTIONS = TaskConfig(
    name="regression8", noise=0.3, num_train=320, num_val=320, num_test=1000
)
"""A function of eight inputs with noise of a third of its deviation."""

DIGITS = TaskConfig(name="digits", num_train=320, num_val=320, label_noise=0.2)
"""Pixels, and a fifth of the training labels drawn anew."""

MEMORIZES = ScoreConfig(
    quantity="accuracy",
    at_least=0.95,
    words="classify 95 % of the training rows as labeled, false labels included",
)


def arm(**changes: Any) -> Arm:
    """Return a network of the rig, with changes of `noisy_config`."""
    return Arm(config=noisy_config(**changes))


def matching_noise(rate: float) -> float:
    """Return the standard deviation of a factor that varies as dropout's does.

    A unit is kept with probability 1 - rate and divided by it, so the factor has mean
    1 and variance rate / (1 - rate).
    """
    return math.sqrt(rate / (1.0 - rate))


def noise_arm(stddev: float, kind: str = "multiplicative") -> Arm:
    """Return a network whose hidden units carry Gaussian noise in training."""
    return arm(gaussian_noise=stddev, noise_kind=kind)


def shared_config(width: int, share: float) -> ArmConfig:
    """Return the networks that the chapter on depth asks about dropout.

    They have 300 rows in place of 320 and are otherwise alike; both chapters read the
    same runs.
    """
    return deep_config(
        activation="relu",
        initializer="he_normal",
        optimizer="adam",
        learning_rate=0.003,
        depth=2,
        width=width,
        dropout=share,
        num_steps=1500,
        output_units=4,
        task=NOISY.replace(num_train=300, num_val=300),
        probes=(),
    )


def regression_config(widths: tuple[int, ...] = CODE_WIDTHS, **model: Any) -> ArmConfig:
    """Return a network that fits numbers, by default of the printed program's widths.

    Args:
        widths: Units of the hidden layers.
        model: Further fields of `MLPConfig`.
    """
    return noisy_config(
        task=INTERACTIONS,
        optimizer=OptimizerConfig(name="adam", learning_rate=0.003),
        training={
            "loss": "mse",
            "from_logits": False,
            "metrics": ("loss", "squared_error", "test_loss", "test_squared_error"),
        },
        input_units=8,
        hidden_units=widths,
        output_units=1,
        **model,
    )


def digits_config(**model: Any) -> ArmConfig:
    """Return a network that classifies pixels."""
    return noisy_config(task=DIGITS, input_units=64, output_units=10, **model)


def loss(quantity: str = "test_loss") -> ScoreConfig:
    """Return a mean squared error; a run that diverged counts as the mean would.

    A loss has its penalties in it; `test_squared_error` does not.
    """
    return ScoreConfig(
        quantity=quantity,
        better="lower",
        failed_value=1.0,
        words=f"{quantity.partition('_')[0]} error",
    )


def fits_less(treatment: str, control: str) -> Comparison:
    """Predict that an arm learns less of true and false labels together."""
    return Comparison(
        label=f"fits true and false labels less, {treatment}",
        treatment=treatment,
        control=control,
        score=accuracy("accuracy"),
        margin=FORGOTTEN,
        direction="less",
    )


def generalizes(treatment: str, control: str, label: str = "") -> Comparison:
    """Predict that an arm does better on test rows by at least `TIE`."""
    return Comparison(
        label=label or f"generalizes better, {treatment}",
        treatment=treatment,
        control=control,
        score=accuracy(),
        margin=TIE,
    )


def mostly(label: str, name: str, score: ScoreConfig) -> SuccessRate:
    """Predict that most runs of an arm succeed."""
    return SuccessRate(label=label, arm=name, score=score, bound=MOSTLY)
