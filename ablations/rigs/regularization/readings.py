"""What the claims on regularization read of runs, and predict of two readings."""

from __future__ import annotations

from typing import Unpack

from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Said, compare

CHANCE = 0.25
"""Accuracy of guessing one of four classes."""

TIE = 0.01
"""Test accuracy that is too little to matter: one point."""

FORGOTTEN = 0.03
"""Fall of training accuracy that counts as less overfitting.

About 15 % of the training labels are false; this is a fifth of them.
"""

MOST = 0.65
"""Bound of a share that counts as most runs, low enough for ten seeds to tell."""

MEMORIZES = ScoreConfig(
    quantity="accuracy", at_least=0.95, words="memorize 95 % of the training labels"
)
FITS = ScoreConfig(quantity="loss", at_most=0.05, words="reach a training loss of 0.05")
"""Near zero: less than a twenty-fifth of what it takes to guess one of four classes."""


def accuracy(quantity: str = "test_accuracy", words: str = "") -> ScoreConfig:
    """Return an accuracy; a run that diverged counts as chance."""
    usual = "training accuracy" if quantity == "accuracy" else "test accuracy"
    return ScoreConfig(
        quantity=quantity, better="higher", failed_value=CHANCE, words=words or usual
    )


def less_is_better(quantity: str, words: str) -> ScoreConfig:
    """Return a number of which less is better."""
    return ScoreConfig(quantity=quantity, better="lower", words=words)


def generalizes(
    treatment: Arm,
    control: Arm,
    score: ScoreConfig | None = None,
    direction: Direction = "greater",
    **said: Unpack[Said],
) -> Comparison:
    """Predict that an arm does better on test rows, by `TIE`."""
    return compare(treatment, direction, control, score or accuracy(), TIE, **said)


def fits_less(treatment: Arm, control: Arm, **said: Unpack[Said]) -> Comparison:
    """Predict that an arm learns less of true and false labels together."""
    fit = accuracy("accuracy")
    return compare(treatment, "less", control, fit, FORGOTTEN, **said)


def within_runs(
    arm: Arm,
    score: ScoreConfig,
    other: ScoreConfig,
    margin: float = TIE,
    direction: Direction = "greater",
    **said: Unpack[Said],
) -> Comparison:
    """Predict how two readings of the same runs differ, the first being greater."""
    return compare(arm, direction, arm, score, margin, other, **said)
