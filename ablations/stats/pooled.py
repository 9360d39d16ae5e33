"""Pool the effects that were found on several tasks, each with an error of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import as_pair, check_confidence

FEWEST_EFFECTS = 3
"""Fewest effects from which one more can be predicted."""


@dataclass(frozen=True)
class PooledEffect:
    """The mean of effects that differ by more than chance.

    Attributes:
        mean: Mean effect.
        low: Lower end of the interval of the mean.
        high: Upper end of it.
        predicted_low: Lower end of where the effect on one more task lies.
        predicted_high: Upper end of it.
        spread: Standard deviation tau of true effects between tasks.
        n: Number of effects k.
    """

    mean: float
    low: float
    high: float
    predicted_low: float
    predicted_high: float
    spread: float
    n: int


def pool_effects(
    effects: ArrayLike, errors: ArrayLike, *, confidence: float = 0.95
) -> PooledEffect:
    """Pool effects y_i `[k]` that have standard errors s_i `[k]`.

    With w_i = 1 / (s_i^2 + tau^2), where tau^2 is Paule and Mandel's estimate, the mean
    is m = sum w_i y_i / sum w_i and its error se = (sum w_i)^-1/2. The interval of
    the mean is m +- t_{k-1} se, that of the effect on one more task
    m +- t_{k-2} sqrt(tau^2 + se^2). Effects without any error count alike.

    Args:
        effects: One for each task.
        errors: Their standard errors.
        confidence: Coverage of both intervals.

    Raises:
        ValueError: If there are fewer than three effects, or an error is negative.

    References:
        Paule and Mandel (1982), Consensus values and weighting factors; Higgins,
        Thompson and Spiegelhalter (2009), A re-evaluation of random-effects
        meta-analysis, section 4.2.
    """
    check_confidence(confidence)
    y, s = as_pair(effects, errors)
    k = len(y)
    if k < FEWEST_EFFECTS or (s < 0).any():
        raise ValueError(
            f"`effects` must be at least {FEWEST_EFFECTS}, and no error negative."
            f" Received: {k} effects, errors {s.tolist()}."
        )
    # Errors of zero would weigh infinitely; the smallest positive float does not.
    variances = np.maximum(s**2, np.finfo(float).tiny ** 0.25)
    tau2 = _between(y, variances)
    w = 1.0 / (variances + tau2)
    mean, error = float(np.average(y, weights=w)), float(w.sum()) ** -0.5
    quantile = 0.5 + confidence / 2
    reach = float(special.stdtrit(k - 1, quantile)) * error
    further = float(special.stdtrit(k - 2, quantile)) * math.hypot(error, tau2**0.5)
    return PooledEffect(
        mean, mean - reach, mean + reach, mean - further, mean + further, tau2**0.5, k
    )


def _between(y: np.ndarray, variances: np.ndarray) -> float:
    """Return tau^2 at which effects scatter about their mean as they should.

    That is sum w_i (y_i - m)^2 = k - 1, or 0 where they scatter less than that. Unlike
    DerSimonian and Laird's, it does not overlook an effect whose own error is large.
    """
    from scipy.optimize import brentq

    def too_much(tau2: float) -> float:
        w = 1.0 / (variances + tau2)
        return float((w * (y - np.average(y, weights=w)) ** 2).sum()) - (len(y) - 1)

    if too_much(0.0) <= 0.0:
        return 0.0
    return float(brentq(too_much, 0.0, len(y) * float(np.ptp(y)) ** 2))
