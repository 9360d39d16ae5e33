"""Predictions that the claims on regularization share: arms first, key and label last.

What else a prediction may say, such as `quick`, `at`, `headline` or `family`, is passed
on as it is.
"""

from __future__ import annotations

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison, ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig

CHANCE = 0.25
"""Accuracy of guessing one of four classes."""

TIE = 0.01
"""Test accuracy that is too little to matter: one point."""

FORGOTTEN = 0.03
"""Fall of training accuracy that counts as less overfitting.

About 15 % of the training labels are false; this is a fifth of them.
"""

MOSTLY = 0.6
"""Share of runs that counts as most of them; ten of ten runs show it."""

MEMORIZES = ScoreConfig(
    quantity="accuracy",
    at_least=0.95,
    words="classify 95 % of the training rows as labeled, false labels included",
)


def accuracy(quantity: str = "test_accuracy", at: int | None = None) -> ScoreConfig:
    """Return an accuracy; a run that diverged counts as chance."""
    name = quantity.replace("_", " ").replace("accuracy", "").strip() or "training"
    return ScoreConfig(
        quantity=quantity,
        at=at,
        better="higher",
        failed_value=CHANCE,
        words=f"{name} accuracy",
    )


def less_is_better(quantity: str, words: str) -> ScoreConfig:
    """Return a number of which less is better."""
    return ScoreConfig(quantity=quantity, better="lower", words=words)


def generalizes(
    treatment: Arm,
    control: Arm,
    *,
    key: str,
    label: str,
    score: ScoreConfig | None = None,
    **more: Any,
) -> Comparison:
    """Predict that an arm does better on test rows, by `TIE` unless told otherwise."""
    return Comparison(
        key=key,
        label=label,
        treatment=treatment,
        control=control,
        score=score or accuracy(),
        **{"margin": TIE, **more},
    )


def fits_less(
    treatment: Arm, control: Arm, *, key: str, label: str, **more: Any
) -> Comparison:
    """Predict that an arm learns less of true and false labels together."""
    return Comparison(
        key=key,
        label=label,
        treatment=treatment,
        control=control,
        score=accuracy("accuracy"),
        margin=FORGOTTEN,
        direction="less",
        **more,
    )


def within_runs(
    arm: Arm,
    score: ScoreConfig,
    other: ScoreConfig,
    margin: float,
    *,
    key: str,
    label: str,
    **more: Any,
) -> Comparison:
    """Predict how two readings of the same runs differ, the first being greater."""
    return Comparison(
        key=key,
        label=label,
        treatment=arm,
        control=arm,
        score=score,
        control_score=other,
        margin=margin,
        **more,
    )


def mostly(
    arm: Arm, score: ScoreConfig, *, key: str, label: str, **more: Any
) -> SuccessRate:
    """Predict that most runs of an arm succeed."""
    return SuccessRate(
        key=key, label=label, arm=arm, score=score, **{"bound": MOSTLY, **more}
    )


def measured(
    measurement: str,
    key: str,
    label: str,
    quantity: str,
    expected: float,
    tolerance: float = 0.0,
    **more: Any,
) -> ExactCheck:
    """Predict what a measurement finds; `relation` says if it may be more or less."""
    return ExactCheck(
        key=key,
        label=label,
        measurement=measurement,
        quantity=quantity,
        expected=expected,
        tolerance=tolerance,
        **more,
    )
