import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats import proportion

from ablations.stats.proportions import (
    clopper_pearson,
    newcombe_limits,
    wilson,
)

COUNTS = [(0, 1), (1, 1), (0, 7), (3, 10), (10, 10), (57, 100), (1, 1000)]


@pytest.mark.parametrize(("successes", "n"), COUNTS)
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_wilson_equals_statsmodels(successes, n, confidence):
    ours = wilson(successes, n, confidence=confidence)
    theirs = proportion.proportion_confint(
        successes, n, alpha=1 - confidence, method="wilson"
    )
    # The same closed form: only rounding differs.
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("successes", "n"), COUNTS)
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_clopper_pearson_equals_scipy(successes, n, alternative):
    ours = clopper_pearson(successes, n, alternative=alternative)
    oracle = stats.binomtest(successes, n, alternative=alternative)
    interval = oracle.proportion_ci(0.95, method="exact")
    # SciPy finds the roots by iteration.
    assert (ours.low, ours.high) == pytest.approx(interval, abs=1e-9)


@pytest.mark.parametrize(("successes", "n"), COUNTS)
@pytest.mark.parametrize("alternative", ["greater", "less"])
def test_one_sided_binomial_p_equals_scipy(successes, n, alternative):
    ours = clopper_pearson(successes, n, null=0.3, alternative=alternative)
    oracle = stats.binomtest(successes, n, 0.3, alternative=alternative)
    assert ours.p_value == pytest.approx(oracle.pvalue, rel=1e-9)


@pytest.mark.parametrize("successes", range(13))
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_a_rate_is_rejected_exactly_when_it_lies_outside(successes, alternative):
    for null in np.linspace(0.01, 0.99, 99):
        ours = clopper_pearson(successes, 12, null=null, alternative=alternative)
        assert (ours.p_value <= 1 - 0.95) == (not ours.low <= null <= ours.high)


def test_clopper_pearson_covers_at_least_nominally_for_every_rate():
    n = 10
    intervals = [clopper_pearson(k, n) for k in range(n + 1)]
    for rate in np.linspace(0.001, 0.999, 301):
        covered = [i.low <= rate <= i.high for i in intervals]
        chances = stats.binom.pmf(np.arange(n + 1), n, rate)
        assert chances[covered].sum() >= 0.95


def test_five_of_five_does_not_show_more_than_half():
    estimate = clopper_pearson(5, 5, null=0.5)
    # 2 / 2^5 and (0.025)^(1/5).
    assert estimate.p_value == pytest.approx(0.0625, abs=1e-15)
    assert estimate.low == pytest.approx(0.025**0.2, abs=1e-12)
    assert estimate.high == 1.0


@pytest.mark.parametrize("function", [wilson, clopper_pearson])
def test_without_runs_a_rate_is_unbounded(function):
    estimate = function(0, 0)
    assert math.isnan(estimate.estimate)
    assert (estimate.low, estimate.high) == (-math.inf, math.inf)


@pytest.mark.parametrize("function", [wilson, clopper_pearson])
def test_failures_mirror_successes(function):
    for k in range(8):
        ours, mirrored = function(k, 7), function(7 - k, 7)
        # One minus a float rounds once.
        assert ours.low == pytest.approx(1 - mirrored.high, abs=1e-14)


@pytest.mark.parametrize("counts", [(3, 2), (-1, 2), (0.5, 2)])
def test_impossible_counts_are_refused(counts):
    with pytest.raises(ValueError, match="0 <= successes <= n"):
        wilson(*counts)


def test_impossible_settings_are_refused():
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        wilson(1, 2, confidence=95)
    with pytest.raises(ValueError, match="two-sided"):
        clopper_pearson(1, 2, alternative="larger")
    with pytest.raises(ValueError, match="`null`"):
        clopper_pearson(1, 2, null=1.5)


@pytest.mark.parametrize("table", [(3, 10, 8, 10), (0, 5, 5, 5), (0, 6, 0, 9)])
def test_newcombe_equals_statsmodels(table):
    theirs = proportion.confint_proportions_2indep(
        *table, method="newcomb", compare="diff"
    )
    low, high = newcombe_limits(*table, 0.95)
    assert (low, high) == pytest.approx(theirs, abs=1e-12)


def test_rates_of_zero_and_one_can_be_tested():
    assert clopper_pearson(0, 5, null=0.0).p_value == 1.0
    assert clopper_pearson(1, 5, null=0.0).p_value == 0.0
    assert clopper_pearson(5, 5, null=1.0).p_value == 1.0
    assert clopper_pearson(4, 5, null=1.0).p_value == 0.0


def test_none_and_all_have_exact_outer_limits():
    for n in range(1, 200):
        for confidence in (0.9, 0.95):
            assert wilson(0, n, confidence=confidence).low == 0.0
            assert wilson(n, n, confidence=confidence).high == 1.0
