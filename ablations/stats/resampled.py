"""Repeated splits of one data set, and the best of several trials."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ablations.stats.estimate import Estimate, as_floats, check_confidence


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


def expected_best(
    scores: ArrayLike, num_trials: int, *, higher_is_better: bool
) -> float:
    """Estimate the best score of `num_trials` trials, without bias, from more trials.

    sum_i C(i - 1, k - 1) / C(n, k) x_(i) over the scores in order from worst to best:
    the mean of the best over all subsets of k of the n trials. Ties play no role. A
    diverged trial scores infinity on the worse side; if a subset can consist of such
    trials alone, so is the result.

    Args:
        scores: Scores of independent trials of one search [n].
        num_trials: Trials of the smaller search, k.
        higher_is_better: Whether the best is the largest.

    Raises:
        ValueError: If there are fewer scores than `num_trials`: the best of more
            trials than were run cannot be estimated.

    References:
        Tang et al. (2020), Showing your work doesn't always work.
        https://aclanthology.org/2020.acl-main.246
    """
    values = np.sort(as_floats("scores", scores, allow_infinite=True))
    if not 1 <= num_trials <= values.size:
        raise ValueError(
            f"`num_trials` must lie between 1 and the {values.size} scores. "
            f"Received: {num_trials}."
        )
    if not higher_is_better:
        values = values[::-1]
    place = np.arange(num_trials, values.size + 1)
    log_weights = _log_choose(place - 1, num_trials - 1) - _log_choose(
        np.asarray(values.size), num_trials
    )
    return float(np.exp(log_weights) @ values[num_trials - 1 :])


def _log_choose(n: np.ndarray, k: int) -> np.ndarray:
    return special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
