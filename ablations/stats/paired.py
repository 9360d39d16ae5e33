"""Two arms on the same seeds: the sign-flip test of their mean difference."""

import math

import numpy as np
from numpy.typing import ArrayLike

from ablations.stats.estimate import (
    Estimate,
    as_floats,
    check_confidence,
)
from ablations.stats.signflip import (
    MAX_ENUMERATED,
    NUM_DRAWS,
    flip_mean,
)


def attainable_p(n: int) -> float:
    """Compute the smallest two-sided p-value that `n` pairs can reach.

    2 / 2^n, at most 1, and not below 1 / (draws + 1) where the signs are drawn.
    """
    if n < 0:
        raise ValueError(f"`n` must not be negative. Received: {n}.")
    if n > MAX_ENUMERATED:
        return 1 / (NUM_DRAWS + 1)
    return min(1.0, 2.0 ** (1 - n))


def smallest_num_pairs(num_tests: int = 1, *, confidence: float = 0.95) -> int:
    """Compute how many pairs a family of tests needs before any can be rejected.

    The first step of Holm's procedure asks for p <= (1 - confidence) / num_tests: 6
    pairs for one test at 95 %, 10 for a family of 20.

    Raises:
        ValueError: If the family is so large that no number of pairs suffices.
    """
    check_confidence(confidence)
    if num_tests < 1:
        raise ValueError(f"`num_tests` must be positive. Received: {num_tests}.")
    level = (1 - confidence) / num_tests
    for n in range(1, MAX_ENUMERATED + 2):
        if attainable_p(n) <= level:
            return n
    raise ValueError(
        f"`num_tests` must be at most {int((1 - confidence) * (NUM_DRAWS + 1))}, "
        f"or no sign-flip test can be rejected. Received: {num_tests}."
    )


def paired_mean_difference(
    differences: ArrayLike,
    *,
    rng: np.random.Generator,
    null: float = 0.0,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a mean paired difference with the sign-flip test and its inversion.

    With d_i = treatment_i - control_i and random signs s_i,
    p(delta) = P(|sum s_i (d_i - delta)| >= |sum (d_i - delta)|), and the interval is
    {delta: p(delta) > 1 - confidence}. All 2^n signs are used up to n = 16, else
    100,000 draws with the observed one added. Both are valid for any distribution that
    is symmetric about its mean, so under exchangeable arms always. Skewed differences
    are covered less often: for 20 pairs 91 % if they are exponential and 87 % if a
    tenth of one arm's runs collapses (66 % for 10 pairs), a matter for success
    rates. Smallest sample at 95 %: 6 pairs; below, the interval is infinite.
    Zeros stay in and ties count as extreme; if all differences are equal (n >= 6) the
    interval is that point. NaN and infinities raise.

    Args:
        differences: One difference per seed [S].
        rng: Generator for the signs, used beyond 16 pairs.
        null: The difference that the p-value tests.
        confidence: Coverage of the interval.

    Returns:
        The mean, its interval, and the two-sided p-value.

    References:
        Fisher (1935), The Design of Experiments, section 21.
        Hartigan (1969), Using subsample values as typical values.
    """
    check_confidence(confidence)
    values = as_floats("differences", differences)
    method = _method(values.size)
    if values.size == 0:
        return Estimate(math.nan, -math.inf, math.inf, 1.0, 0, confidence, method)
    flips = flip_mean(values, rng)
    low, high = flips.interval(confidence)
    return Estimate(
        flips.center, low, high, flips.p_value(null), values.size, confidence, method
    )


def sign_flip_p_value(
    differences: ArrayLike,
    *,
    rng: np.random.Generator,
    null: float = 0.0,
    alternative: str = "two-sided",
) -> float:
    """Compute the sign-flip p-value of a mean paired difference alone.

    As `paired_mean_difference`, with the one-sided alternatives "greater" (the mean
    is above `null`; smallest p: 1 / 2^n) and "less". No differences: p = 1.
    """
    values = as_floats("differences", differences)
    if values.size == 0:
        return 1.0
    return flip_mean(values, rng).p_value(null, alternative)


def _method(n: int) -> str:
    how = "all signs" if n <= MAX_ENUMERATED else f"{NUM_DRAWS} draws"
    return f"sign-flip permutation, {how}"
