"""Repeated splits of one data set: means, and the differences that they can show."""

import math

from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import Estimate, as_floats, check_confidence

LEVEL = 0.05
"""Chance that a family of comparisons calls anything real where nothing is."""

POWER = 0.8
"""Chance to find a difference of the size that is called detectable."""


def corrected_resampled_t(
    differences: ArrayLike, test_to_train: float, *, confidence: float = 0.95
) -> Estimate:
    """Estimate a mean difference over overlapping splits of one data set.

    t = mean / sqrt((1/J + n_test/n_train) s^2) with J - 1 degrees of freedom: the
    second term accounts for training sets that share examples, without which the
    variance comes out far too small. Approximate, for one data set only. Smallest
    sample: 2 splits, and differences that are not all equal; otherwise the
    interval is infinite and p = 1.

    Args:
        differences: Treatment minus control on each split [J].
        test_to_train: Test examples per training example, 1 / (k - 1) in k folds.
        confidence: Coverage of the interval.

    References:
        Nadeau and Bengio (2003), Inference for the generalization error.
        https://doi.org/10.1023/A:1024068626366
        Bouckaert and Frank (2004), Evaluating the replicability of significance tests
        for comparing learning algorithms (repeated cross-validation).
    """
    check_confidence(confidence)
    if not 0 < test_to_train < math.inf:
        raise ValueError(
            f"`test_to_train` must be positive and finite. Received: {test_to_train}."
        )
    values = as_floats("differences", differences)
    num_splits = values.size
    method = "corrected resampled t"
    mean = float(values.mean()) if num_splits else math.nan
    if num_splits < 2 or values.min() == values.max():
        return Estimate(mean, -math.inf, math.inf, 1.0, num_splits, confidence, method)
    variance = (1 / num_splits + test_to_train) * float(values.var(ddof=1))
    error = math.sqrt(variance)
    freedom = num_splits - 1
    half = float(special.stdtrit(freedom, 0.5 + confidence / 2)) * error
    p_value = 2 * float(special.stdtr(freedom, -abs(mean) / error))
    return Estimate(
        mean, mean - half, mean + half, p_value, num_splits, confidence, method
    )


def corrected_error(spread: float, num_splits: float, test_to_train: float) -> float:
    """Compute the standard error sqrt(1/J + n_test/n_train) s of a mean over splits."""
    return math.sqrt(1 / num_splits + test_to_train) * spread


def errors_to_be_found(freedom: float, tail: float) -> float:
    """Compute how many standard errors from zero a truth lies that is mostly found.

    t_{1 - tail} + t_{0.8}: it is found with 80 % chance.
    """
    critical = -float(special.stdtrit(freedom, tail))
    return critical + float(special.stdtrit(freedom, POWER))


def detectable_from_spread(
    spread: float, num_splits: int, test_to_train: float, num_tests: int
) -> float:
    """Compute the true difference that is found with 80 % chance.

    (t_{1 - 0.05 / 2M} + t_{0.8}) times the corrected standard error, with J - 1
    degrees of freedom: at the first, hardest step of Holm's procedure over M
    comparisons.

    Args:
        spread: Standard deviation of the difference over the splits.
        num_splits: Number of splits J, at least 2.
        test_to_train: Test examples per training example.
        num_tests: Comparisons in the family M.
    """
    errors = errors_to_be_found(num_splits - 1, LEVEL / (2 * max(num_tests, 1)))
    return errors * corrected_error(spread, num_splits, test_to_train)
