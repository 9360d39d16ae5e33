import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.resampled import corrected_resampled_t


def test_the_corrected_t_equals_the_formula_with_scipys_t():
    differences = np.random.default_rng(0).normal(0.02, 0.05, 50)
    ours = corrected_resampled_t(differences, 1 / 9)
    error = np.sqrt((1 / 50 + 1 / 9) * differences.var(ddof=1))
    t = differences.mean() / error
    assert ours.p_value == pytest.approx(2 * stats.t.sf(abs(t), 49), rel=1e-9)
    interval = stats.t.interval(0.95, 49, differences.mean(), error)
    assert (ours.low, ours.high) == pytest.approx(interval, abs=1e-9)


def test_nearly_no_test_data_gives_the_plain_t_test():
    differences = [0.1, 0.4, -0.2, 0.3, 0.25]
    ours = corrected_resampled_t(differences, 1e-15)
    assert ours.p_value == pytest.approx(stats.ttest_1samp(differences, 0).pvalue)


def test_the_correction_counts_each_repetition_of_cross_validation_less():
    differences = np.random.default_rng(1).normal(0.5, 1, 20)
    once = corrected_resampled_t(differences, 0.25)
    copied = corrected_resampled_t(np.tile(differences, 50), 0.25)
    # Without it the interval would shrink by a factor of seven.
    assert (copied.high - copied.low) > 0.8 * (once.high - once.low)


@pytest.mark.parametrize("differences", [[], [0.3], [0.3, 0.3, 0.3], [0.0] * 10])
def test_without_spread_nothing_is_known(differences):
    estimate = corrected_resampled_t(differences, 0.25)
    assert (estimate.low, estimate.high) == (-math.inf, math.inf)
    assert estimate.p_value == 1.0


def test_swapping_the_arms_mirrors_the_interval():
    differences = np.random.default_rng(2).normal(size=10)
    ours = corrected_resampled_t(differences, 0.25)
    mirrored = corrected_resampled_t(-differences, 0.25)
    assert (ours.low, ours.high) == (-mirrored.high, -mirrored.low)
    assert ours.p_value == mirrored.p_value


@pytest.mark.parametrize("ratio", [0.0, -1.0, math.inf, math.nan])
def test_the_share_of_test_data_must_be_positive(ratio):
    with pytest.raises(ValueError, match="`test_to_train`"):
        corrected_resampled_t([1.0, 2.0], ratio)
