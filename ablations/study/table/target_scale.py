"""Turn numbers to predict into what networks learn, and back into their own unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ablations.study.table.note import quote
from ablations.study.table.ranks import normal_scores
from models.config import requirement

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset

SPAN, UPPER_SPAN = 100.0, 10.0
"""A target spans orders of magnitude where its largest numbers, without the last 1 %,
are so many times its smallest, without the first 1 %, and its median."""

Curve = Literal["none", "log", "log1p", "quantile"]


@dataclass(frozen=True, eq=False)
class TargetScale:
    """How a target enters a training, by the training rows of a split.

    A number y becomes `z = (f(y) - mean) / std`. Without a transform f changes nothing;
    else it is `log(y)`, `log(1 + y)` where there are zeros, or the normal score of the
    rank of y. Answers of transformed targets stay between the smallest and the largest
    number of the training rows.

    Attributes:
        curve: What f is.
        mean: Mean of f(y) in the training rows.
        std: Its standard deviation there, 1 where it is 0.
        low: Smallest y of the training rows.
        high: Largest y of the training rows.
        knots: Of a quantile transform, numbers y in rising order `[M]`.
        scores: Their normal scores `[M]`.
    """

    curve: Curve
    mean: float
    std: float
    low: float
    high: float
    knots: np.ndarray | None = None
    scores: np.ndarray | None = None

    @classmethod
    def fit(cls, known: np.ndarray, curve: Curve = "none") -> TargetScale:
        """Return the scale that the targets `[N]` of the training rows make."""
        knots, scores = normal_scores(known) if curve == "quantile" else (None, None)
        ends = float(known.min()), float(known.max())
        plain = cls(curve, 0.0, 1.0, *ends, knots, scores)
        turned = plain.forward(known)
        mean, std = float(turned.mean()), float(turned.std()) or 1.0
        return cls(curve, mean, std, *ends, knots, scores)

    def forward(self, y: np.ndarray) -> np.ndarray:
        """Return what a network learns in place of numbers y of any shape."""
        return (self.turned(y) - self.mean) / self.std

    def turned(self, y: np.ndarray) -> np.ndarray:
        """Return f of numbers y of any shape."""
        if self.knots is not None and self.scores is not None:
            return np.interp(y, self.knots, self.scores)
        if self.curve == "none":
            return y
        return np.log(y) if self.curve == "log" else np.log1p(y)

    def floored(self, said: np.ndarray) -> np.ndarray:
        """Return answers in the unit of the target as those that f can turn.

        A model that learned no logarithm may answer with numbers that have none: what
        is below the smallest number of the training rows becomes that number.
        """
        is_log = self.curve in ("log", "log1p")
        return np.maximum(said, self.low) if is_log else said

    def back(self, z: np.ndarray) -> np.ndarray:
        """Return answers of a network in the unit of the target, of the same shape."""
        turned = np.asarray(z, float) * self.std + self.mean
        if self.knots is not None and self.scores is not None:
            # A NaN stays one: a network that broke down has no answer.
            return np.interp(turned, self.scores, self.knots)
        if self.curve == "none":
            return turned
        log, exp = (np.log, np.exp) if self.curve == "log" else (np.log1p, np.expm1)
        return exp(np.clip(turned, log(self.low), log(self.high)))


def curve_of(dataset: Dataset, transform: str) -> Curve:
    """Return what a transform does to the target of a data set.

    Raises:
        ConfigError: If the target cannot be transformed so.
    """
    if transform == "none":
        return "none"
    if dataset.classes:
        must = "must be 'none' where the target is classes"
        raise requirement("target_transform", must, transform)
    if transform == "quantile":
        return "quantile"
    least = float(dataset.target.min())
    if least < 0:
        must = (
            "must not be 'log' where the target has negative numbers; the smallest of"
            f" {quote(dataset.target_name)} is {least:g}. `quantile` takes any numbers"
        )
        raise requirement("target_transform", must, transform)
    return "log" if least > 0 else "log1p"


def spans_orders(dataset: Dataset) -> bool:
    """Return whether the numbers to predict, none negative, span orders of magnitude.

    Counted are those above zero. Evenly spread numbers do not, however near to zero
    the smallest are.
    """
    values = dataset.target
    if dataset.classes or values.min() < 0:
        return False
    low, middle, high = np.quantile(values[values > 0], (0.01, 0.5, 0.99))
    return bool(high >= SPAN * low and high >= UPPER_SPAN * middle)
