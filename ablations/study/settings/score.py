"""What the nets of a study are judged by, and how its differences read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ablations.study.settings.digits import rounded

MARGIN = 0.1
"""Smallest difference that matters unless told, as a share of the reference's error."""

LARGEST_MARGIN, LARGEST_LOG_MARGIN = 0.01, 0.1
"""The same at most: a point of scores between 0 and 1, about 10 % of RMSLE."""

SHARES = ("accuracy", "balanced_accuracy", "auc", "average_precision", "f1")
"""Scores between 0 and 1, which are told in percent and their differences in points."""

LESS = "less than"
"""What stands before a number that is too small to be told."""

SMALLEST_POINTS = 0.005
"""Smaller differences of shares, in points, are told as less than 0.01."""

ERRORS = ("rmse", "mae")
"""Scores in the unit of the target."""

LOG_UNITS = {"log": "in the logarithm", "log1p": "in the logarithm of 1 more"}
"""What differences of RMSLE are counted in, by what the logarithm is of."""


@dataclass(frozen=True)
class Score:
    """What every arm is judged by.

    Attributes:
        name: One of `ablations.study.settings.config.SCORES`.
        higher_is_better: Whether more of it is better.
        margin: Smallest difference that matters, in the unit of the score; NaN until
            the error of the reference is known (`with_margin`).
        unit: What a difference is counted in; "points" for shares, which are shown
            times 100, and the name of the target for an error in its unit.
        factor: What a difference is multiplied by for people, 100 for shares.
    """

    name: str
    higher_is_better: bool
    margin: float
    unit: str
    factor: float = 1.0

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.name in SHARES

    @property
    def is_in_unit_of_target(self) -> bool:
        """Whether it is an error in the unit of the target."""
        return self.name in ERRORS

    @property
    def is_of_numbers(self) -> bool:
        """Whether the target is a number, not a class."""
        return self.is_in_unit_of_target or self.is_of_logarithms or self.name == "r2"

    @property
    def is_of_logarithms(self) -> bool:
        """Whether it is an error of the logarithm of the target."""
        return self.unit in LOG_UNITS.values()

    @property
    def is_of_ratios(self) -> bool:
        """Whether it says by what factor answers are off."""
        return self.unit == LOG_UNITS["log"]

    @property
    def largest_margin(self) -> float:
        """The largest margin that is taken unless another is told."""
        if self.is_share:
            return LARGEST_MARGIN
        return LARGEST_LOG_MARGIN if self.is_of_logarithms else math.inf

    def error(self, value: float) -> float:
        """Return how far a score is from the best one."""
        return 1.0 - value if self.higher_is_better else value


def with_margin(score: Score, reference: float, dummy: float) -> Score:
    """Return the score with the margin that follows from the reference's error.

    A tenth of it, and at most a point of accuracy and other shares, or 0.1 of RMSLE. A
    reference that does worse than guessing counts as guessing. A margin that was told
    stays.

    Args:
        score: The score.
        reference: Mean score of the reference.
        dummy: Mean score of always giving the same answer.

    Examples:
        >>> rmse = Score("rmse", False, math.nan, "price")
        >>> with_margin(rmse, 593.0, 3989.0).margin
        59.3
        >>> accuracy = Score("accuracy", True, math.nan, "points", 100.0)
        >>> with_margin(accuracy, 0.75, 0.5).margin
        0.01
    """
    if math.isfinite(score.margin):
        return score
    margin = MARGIN * min(score.error(reference), score.error(dummy))
    return replace(score, margin=min(margin, score.largest_margin))


def number_of(difference: float, score: Score) -> str:
    """Write how large a difference is, without its sign and its unit.

    Examples:
        >>> accuracy = Score("accuracy", True, 0.01, "points", 100.0)
        >>> number_of(-0.034, accuracy), number_of(1e-6, accuracy)
        ('3.4', 'less than 0.01')
    """
    size = abs(difference) * score.factor
    if score.factor == 100 and 0 < size < SMALLEST_POINTS:
        return f"{LESS} 0.01"
    return rounded(size, 2)


def amount(difference: float, score: Score) -> str:
    """Write how large a difference is, without its sign, and in which unit.

    Examples:
        >>> accuracy = Score("accuracy", True, 0.01, "points", 100.0)
        >>> amount(-0.01, accuracy), amount(0.034, accuracy)
        ('1 point', '3.4 points')
        >>> amount(-2.5, Score("rmse", False, 1.0, "price"))
        "2.5 in the unit of 'price'"
    """
    number = number_of(difference, score)
    if score.is_in_unit_of_target:
        return f"{number} in the unit of {score.unit!r}"
    unit = score.unit
    if number == "1" and unit in ("points", "nats"):
        unit = unit.removesuffix("s")
    return f"{number} {unit}"


def about(difference: float, score: Score) -> str:
    """Write about how large a difference is, without its sign.

    Examples:
        >>> accuracy = Score("accuracy", True, 0.01, "points", 100.0)
        >>> about(0.034, accuracy), about(1e-6, accuracy)
        ('about 3.4 points', 'less than 0.01 points')
    """
    size = amount(difference, score)
    return size if size.startswith(LESS) else f"about {size}"


def size_and_side(difference: float, score: Score) -> str:
    """Write a difference with the word that says which way it points.

    Examples:
        >>> size_and_side(-2.5, Score("crossentropy", False, 0.02, "nats"))
        '2.5 nats better'
    """
    if not difference:
        return "no difference"
    is_better = (difference > 0) == score.higher_is_better
    return f"{amount(difference, score)} {'better' if is_better else 'worse'}"
