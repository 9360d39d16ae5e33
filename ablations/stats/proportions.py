"""Success rates: one rate, and the difference of two independent ones."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import (
    Estimate,
    check_alternative,
    check_confidence,
    check_counts,
)


def wilson_limits(
    successes: ArrayLike, n: ArrayLike, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute Wilson's limits elementwise, for arrays of counts.

    The two roots in p of (p_hat - p)^2 = z^2 p (1 - p) / n. `n` must be positive.
    At 0 and n successes the outer limit is exactly 0 and 1.

    Returns:
        Lower and upper limits, of the shape of `successes`.
    """
    successes = np.asarray(successes, dtype=np.float64)
    n = np.asarray(n, dtype=np.float64)
    z = special.ndtri(0.5 + confidence / 2)
    rate = successes / n
    center = rate + z**2 / (2 * n)
    half = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    low = np.where(successes == 0, 0.0, (center - half) / scale)
    high = np.where(successes == n, 1.0, (center + half) / scale)
    return low, high


def wilson(successes: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """Estimate a success rate with Wilson's score interval, for display.

    (p_hat - p)^2 <= z^2 p (1 - p) / n. Its coverage is close to nominal on average
    but can fall below it near 0 and 1; decide with `clopper_pearson`. Smallest
    sample: one run; with none the interval is infinite.

    References:
        Wilson (1927), Probable inference, the law of succession, and statistical
        inference. https://doi.org/10.1080/01621459.1927.10502953
    """
    check_confidence(confidence)
    successes, n = check_counts(successes, n)
    if n == 0:
        return Estimate(math.nan, -math.inf, math.inf, None, 0, confidence, "Wilson")
    low, high = wilson_limits(successes, n, confidence)
    return Estimate(
        successes / n, float(low), float(high), None, n, confidence, "Wilson"
    )


def clopper_pearson(
    successes: int,
    n: int,
    *,
    null: float | None = None,
    alternative: str = "two-sided",
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a success rate with an interval that covers at least nominally.

    The lower limit p_L solves P(X >= k | p_L) = a and the upper limit p_U solves
    P(X <= k | p_U) = a, with a = (1 - confidence) / 2, or 1 - confidence for a
    one-sided interval. "greater" gives [p_L, 1], for "the rate is at least"; "less"
    gives [0, p_U]. Smallest sample: one run; with none the interval is infinite. At
    k = 0 and k = n the outer limit is exactly 0 and 1.

    Args:
        successes: Number of runs that succeeded.
        n: Number of runs.
        null: Rate to test, or None for no test. The p-value belongs to the interval:
            `null` lies outside exactly when p <= 1 - confidence (a two-sided p is
            twice the smaller tail, at most 1).
        alternative: "two-sided", "greater" (is the rate above `null`?) or "less".
        confidence: Coverage of the interval.

    References:
        Clopper and Pearson (1934), The use of confidence or fiducial limits
        illustrated in the case of the binomial. https://doi.org/10.2307/2331986
    """
    check_confidence(confidence)
    check_alternative(alternative)
    successes, n = check_counts(successes, n)
    if null is not None and not 0.0 <= null <= 1.0:
        raise ValueError(f"`null` must lie between 0 and 1. Received: {null}.")
    p_value = (
        None if null is None else binomial_p_value(successes, n, null, alternative)
    )
    method = f"Clopper-Pearson, {alternative}"
    if n == 0:
        return Estimate(math.nan, -math.inf, math.inf, p_value, 0, confidence, method)
    tail = 1 - confidence
    if alternative == "two-sided":
        tail /= 2
    low, high = 0.0, 1.0
    if alternative != "less" and successes > 0:
        low = float(special.betaincinv(successes, n - successes + 1, tail))
    if alternative != "greater" and successes < n:
        high = float(special.betainccinv(successes + 1, n - successes, tail))
    return Estimate(successes / n, low, high, p_value, n, confidence, method)


def binomial_p_value(successes: int, n: int, rate: float, alternative: str) -> float:
    """Compute the exact p-value of `rate`; two-sided is twice the smaller tail."""
    check_alternative(alternative)
    upper = _at_least(successes, n, rate)
    lower = _at_least(n - successes, n, 1 - rate)
    if alternative == "greater":
        return upper
    if alternative == "less":
        return lower
    return min(1.0, 2 * min(upper, lower))


def _at_least(successes: int, n: int, rate: float) -> float:
    """P(X >= successes) for X binomial, as an incomplete beta function."""
    if successes == 0:
        return 1.0
    return float(special.betainc(successes, n - successes + 1, rate))


def newcombe_limits(
    successes_1: ArrayLike,
    n_1: ArrayLike,
    successes_2: ArrayLike,
    n_2: ArrayLike,
    confidence: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Compute Newcombe's limits for the difference of two independent rates.

    With (l_i, u_i) Wilson's limits of each rate p_i = k_i / n_i, the interval reaches
    sqrt((p_1 - l_1)^2 + (u_2 - p_2)^2) below and
    sqrt((u_1 - p_1)^2 + (p_2 - l_2)^2) above p_1 - p_2. Elementwise, for arrays of
    counts; `n_1` and `n_2` must be positive.

    References:
        Newcombe (1998), Interval estimation for the difference between independent
        proportions: comparison of eleven methods, method 10.
    """
    low_1, high_1 = wilson_limits(successes_1, n_1, confidence)
    low_2, high_2 = wilson_limits(successes_2, n_2, confidence)
    rate_1 = np.asarray(successes_1) / np.asarray(n_1)
    rate_2 = np.asarray(successes_2) / np.asarray(n_2)
    difference = rate_1 - rate_2
    low = difference - np.hypot(rate_1 - low_1, high_2 - rate_2)
    high = difference + np.hypot(high_1 - rate_1, rate_2 - low_2)
    return low, high
