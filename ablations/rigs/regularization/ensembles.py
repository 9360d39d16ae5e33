"""Ensembles of networks that memorize a small noisy sample, and of linear ones.

Members of an ensemble answer by their mean probabilities; they see the same rows, with
weights and batches of their own, or rows drawn anew from these, with replacement.

Levels are `members`, a name of `MEMBERS_OF`, and `training sets`, their number, where
there are several.
"""

from __future__ import annotations

from typing import Literal

from ablations.experiments.ensemble import EnsembleConfig
from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import SeedPlan
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.noisy_labels import NOISY, noisy_config
from ablations.rigs.regularization.readings import CHANCE

MEMBERS = 8
SETS = 4
"""Training sets per seed, of 320 rows each, where variance over sets is asked."""

SEEDS = SeedPlan(quick=10, standard=20, full=100)
"""A seed trains eight networks, or eight for each of four sets."""

Resample = Literal["none", "bootstrap"]
MEMBERS_OF: dict[str, tuple[int, Resample]] = {
    "same rows": (2, "none"),
    "bagging": (2, "bootstrap"),
    "linear, same rows": (0, "none"),
    "linear, bagging": (0, "bootstrap"),
}
"""Hidden layers of members, and whether each draws its rows anew."""


def ensemble(members: str, sets: int = 1) -> Arm:
    """Return ensembles of one kind of members.

    Args:
        members: A name of `MEMBERS_OF`.
        sets: Training sets per seed.
    """
    depth, resample = MEMBERS_OF[members]
    plain = noisy_config()
    model = plain.model
    if not depth:
        model = model.replace(
            hidden_units=(), output_kernel_initializer="glorot_uniform"
        )
    config = EnsembleConfig(
        task=NOISY.replace(num_train=sets * NOISY.setting("num_train")),
        model=model,
        training=plain.training,
        members=MEMBERS,
        groups=sets,
        resample=resample,
    )
    levels: dict[str, Level] = {"members": members}
    if sets > 1:
        levels["training sets"] = sets
    return Arm(levels=levels, config=config)


def tested(k: int) -> ScoreConfig:
    """Return the test accuracy of k members together."""
    return ScoreConfig(
        quantity=f"test_accuracy_of_{k}",
        better="higher",
        failed_value=CHANCE,
        words=f"{k} together, test accuracy" if k > 1 else "one, test accuracy",
    )


def test_loss(k: int) -> ScoreConfig:
    """Return the test loss of k members together."""
    return ScoreConfig(
        quantity=f"test_loss_of_{k}",
        better="lower",
        words=f"test loss of {k} together" if k > 1 else "test loss of one",
    )


def training_accuracy(k: int) -> ScoreConfig:
    """Return the share of training labels, false ones included, that k members know."""
    return ScoreConfig(
        quantity=f"accuracy_of_{k}",
        better="higher",
        failed_value=CHANCE,
        words=f"{f'{k} together' if k > 1 else 'one'}, training accuracy",
    )


def variance(k: int, over: str) -> ScoreConfig:
    """Return log2 of the variance of the answers of k members together.

    Args:
        k: Number of members.
        over: `seeds`, with the training set as it is, or `sets`, with it drawn anew.
    """
    return ScoreConfig(
        quantity=f"log2_variance_over_{over}_of_{k}",
        words=f"log2 of the variance over {over} of {k if k > 1 else 'one'}",
    )
