"""Write the scores of a study, and differences between them, as people say them."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

from ablations.study.settings.digits import exact, rounded
from ablations.study.settings.score import (
    SHARES,
    SMALLEST_POINTS,
    Score,
    amount,
    number_of,
)
from reports.numbers import DASH

Row = dict[str, Any]

TITLES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "crossentropy": "cross-entropy",
    "auc": "AUC",
    "average_precision": "average precision",
    "f1": "F1",
    "rmse": "root mean squared error",
    "mae": "mean absolute error",
    "r2": "explained variance, R²",
    "rmsle": "root mean squared logarithmic error",
}
"""What the scores are called in a sentence."""


def title(score: Score) -> str:
    """Return what the score is called."""
    return TITLES.get(score.name, score.name.replace("_", " "))


def unit_phrase(score: Score) -> str:
    """Say in what unit the score is where that is told once, not at each number."""
    if score.is_in_unit_of_target and score.unit:
        return f"in the unit of {score.unit}"
    return ""


def is_percentage(score: Score) -> bool:
    """Return whether the score is a share that people read in percent."""
    return score.factor == 100.0


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether there is a finite number."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def score_text(score: Score, value: Any) -> str:
    """Write a score, a dash where there is none."""
    if not is_number(value):
        return DASH
    return (
        f"{100.0 * value:.1f} %"
        if is_percentage(score)
        else rounded(value, padded=True)
    )


def any_score_text(name: str, value: float) -> str:
    """Write a score by its name, shares in percent."""
    return f"{100.0 * value:.1f} %" if name in SHARES else rounded(value, padded=True)


def size_text(score: Score, value: Any) -> str:
    """Write how large a difference is, without a sign, and in what unit."""
    if not is_number(value):
        return DASH
    if score.is_in_unit_of_target or score.is_of_logarithms:
        return number_of(value, score)
    return amount(value, score)


def difference_text(score: Score, value: Any) -> str:
    """Write a difference with its sign and unit, a dash where there is none."""
    if not is_number(value):
        return DASH
    sign = sign_of(score, value)
    return f"{sign}{size_text(score, value if sign else 0.0)}"


def sign_of(score: Score, value: float) -> str:
    """Return the sign that a difference is written with, none where it rounds to 0."""
    scaled = score.factor * value
    if (is_percentage(score) and abs(scaled) < SMALLEST_POINTS) or scaled == 0:
        return ""
    return "+" if scaled > 0 else "\N{MINUS SIGN}"


def range_text(score: Score, low: Any, high: Any, *, signed: bool = False) -> str:
    """Write the two ends of an interval, the unit once."""
    if not (is_number(low) and is_number(high)):
        return DASH
    if is_percentage(score) and not signed:
        # The interval of a mean knows nothing of where shares end.
        low, high = max(low, 0.0), min(high, 1.0)
    write = difference_text if signed else score_text
    first, last = write(score, low), write(score, high)
    for suffix in (f" {score.unit}", f" {score.unit.removesuffix('s')}", " %"):
        if score.unit and first.endswith(suffix):
            first = first.removesuffix(suffix)
    return f"{first} to {last}"


def setting_text(value: Any) -> str:
    """Write a setting: numbers short, names as they are."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return DASH if value is None else str(value)
    return exact(value)


def rate_text(rate: Any) -> str:
    """Write a learning rate, a dash where there is none."""
    return rounded(rate) if is_number(rate) else DASH


def chance_text(p_value: Any) -> str:
    """Write a p-value to two digits, and no smaller one than is worth reading."""
    if not is_number(p_value):
        return DASH
    return "below 0.001" if p_value < 0.001 else rounded(p_value, 2)


def count_text(value: Any) -> str:
    """Write a count, a dash where there is none."""
    return f"{round(value):,}" if is_number(value) else DASH


def about_text(value: float) -> str:
    """Write a guess of a count to two digits.

    Examples:
        >>> about_text(20_003.0)
        '20,000'
    """
    digits = 1 - math.floor(math.log10(value)) if value >= 1 else 0
    return f"{round(value, min(digits, 0)):,.0f}"


def seconds_text(seconds: Any) -> str:
    """Write how long something takes."""
    if not is_number(seconds):
        return DASH
    if seconds < 1:
        return f"{seconds:.2g} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def rows_of(frame: Any) -> list[Row]:
    """Return the rows of a frame as plain data."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
