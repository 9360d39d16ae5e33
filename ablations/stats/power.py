"""How many seeds a comparison of means needs before it can decide."""

import math
from collections.abc import Callable

from scipy import special

from ablations.stats.estimate import check_confidence
from ablations.stats.paired import smallest_num_pairs

MAX_NUM_SEEDS = 100_000


def power_of_mean(
    effect_size: float, n: int, *, num_tests: int = 1, confidence: float = 0.95
) -> float:
    """Compute the power of the sign-flip test for normal paired differences.

    The noncentral t with n - 1 degrees of freedom and noncentrality e sqrt(n) for the
    effect size e, at the largest level a multiple of 2 / 2^n that does not exceed the
    nominal one; where only equal signs can reject, exactly Phi(e)^n + Phi(-e)^n. Within
    3 points of simulated power for n >= 6. Below the smallest sample the power is 0.

    Args:
        effect_size: True mean difference (from the margin, where there is one) in
            standard deviations of the paired differences.
        n: Number of pairs.
        num_tests: Size of the family; the level is shared as in Holm's first step.
        confidence: Confidence of the verdict.
    """
    from scipy import stats

    check_confidence(confidence)
    if n < smallest_num_pairs(num_tests, confidence=confidence):
        return 0.0
    level = (1 - confidence) / num_tests
    if n < 50:
        rejected = math.floor(level * 2 ** (n - 1) * (1 + 1e-9))
        level = rejected / 2 ** (n - 1)
        if rejected == 1:
            up = float(special.ndtr(effect_size))
            return up**n + (1 - up) ** n
    critical = stats.t.isf(level / 2, n - 1)
    shift = abs(effect_size) * math.sqrt(n)
    # The far tail is below 0.03 and lost to rounding in SciPy for large shifts.
    far = stats.nct.cdf(-critical, n - 1, shift) if shift < 3 else 0.0
    return float(stats.nct.sf(critical, n - 1, shift) + far)


def seeds_for_mean(
    effect: float,
    spread: float,
    *,
    power: float = 0.8,
    num_tests: int = 1,
    confidence: float = 0.95,
) -> int | None:
    """Compute how many pairs distinguish a mean difference from zero or a margin.

    The smallest n whose `power_of_mean` reaches `power`, never below the smallest
    sample. None if that takes more than 100,000 seeds, as for an effect of zero.

    Args:
        effect: Distance of the true mean from the value to be excluded.
        spread: Standard deviation of the paired differences, same unit; zero means
            that the smallest sample suffices.
        power: Chance of a verdict.
        num_tests: Size of the family.
        confidence: Confidence of the verdict.
    """
    check_power(power)
    if spread < 0 or not math.isfinite(spread) or not math.isfinite(effect):
        raise ValueError(
            "`spread` must not be negative, `effect` and `spread` must be finite. "
            f"Received: {spread} and {effect}."
        )
    smallest = smallest_num_pairs(num_tests, confidence=confidence)
    if effect == 0:
        return None
    if spread == 0:
        return smallest
    size = effect / spread

    def reaches(n: int) -> bool:
        reached = power_of_mean(size, n, num_tests=num_tests, confidence=confidence)
        return reached >= power

    return smallest_sufficient(reaches, smallest, MAX_NUM_SEEDS)


def smallest_sufficient(
    reaches: Callable[[int], bool], low: int, high: int
) -> int | None:
    """Find the smallest n in [low, high] with a true `reaches(n)`, by bisection."""
    if reaches(low):
        return low
    top = low
    while not reaches(top):
        if top == high:
            return None
        low, top = top, min(2 * top, high)
    while top - low > 1:
        middle = (low + top) // 2
        low, top = (low, middle) if reaches(middle) else (middle, top)
    return top


def check_power(power: float) -> None:
    """Raise unless `power` lies strictly between 0 and 1."""
    if not 0 < power < 1:
        raise ValueError(
            f"`power` must lie strictly between 0 and 1. Received: {power}."
        )
