import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.paired import (
    attainable_p,
    paired_mean_difference,
    sign_flip_p_value,
    smallest_num_pairs,
)

# Darwin's maize, crossed minus self-fertilized, in eighths of an inch.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def generator():
    return np.random.default_rng(0)


def test_darwins_maize_gives_fishers_count():
    # Fisher (1935), section 21: 863 of 32,768 sums in each tail, 28 of them ties.
    estimate = paired_mean_difference(DARWIN, rng=generator())
    assert estimate.p_value == 2 * 863 / 32768
    assert estimate.low < 0 < estimate.high


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("differences", [[0.3, 1, 2, -1, 0.7, 0, 4], DARWIN[:10]])
def test_p_values_equal_scipys_permutation_test(differences, alternative):
    oracle = stats.permutation_test(
        (np.array(differences),),
        np.mean,
        permutation_type="samples",
        n_resamples=np.inf,
        alternative=alternative,
    )
    ours = sign_flip_p_value(differences, rng=generator(), alternative=alternative)
    assert ours == pytest.approx(oracle.pvalue, abs=1e-12)


def test_a_shifted_null_is_the_test_of_shifted_differences():
    shifted = sign_flip_p_value(np.array(DARWIN) - 10, rng=generator())
    assert sign_flip_p_value(DARWIN, rng=generator(), null=10) == shifted
    assert paired_mean_difference(DARWIN, rng=generator(), null=10).p_value == shifted


@pytest.mark.parametrize("n", range(6))
def test_too_few_pairs_leave_the_interval_infinite(n):
    estimate = paired_mean_difference([1.0] * n, rng=generator())
    assert (estimate.low, estimate.high) == (-math.inf, math.inf)
    assert estimate.p_value == attainable_p(n) > 0.05
    assert estimate.n == n
    assert math.isnan(estimate.estimate) == (n == 0)


def test_six_pairs_can_decide():
    estimate = paired_mean_difference([1, 2, 3, 4, 5, 6], rng=generator())
    assert estimate.p_value == 2 / 2**6
    # Only the smallest and the largest of the 63 subset means are left out.
    assert (estimate.low, estimate.high) == (1.0, 6.0)


def test_identical_arms_never_differ():
    estimate = paired_mean_difference([0.0] * 12, rng=generator())
    assert (estimate.estimate, estimate.low, estimate.high) == (0, 0, 0)
    assert estimate.p_value == 1.0


@pytest.mark.parametrize("n", [8, 40])
def test_rescaling_the_metric_rescales_the_interval(n):
    differences = np.random.default_rng(1).normal(0.3, 1, n)
    ours = paired_mean_difference(differences, rng=generator())
    scaled = paired_mean_difference(1000 * differences, rng=generator())
    assert scaled.p_value == ours.p_value
    # The products round, once each.
    assert (scaled.low, scaled.high) == pytest.approx(
        (1000 * ours.low, 1000 * ours.high), rel=1e-12
    )


@pytest.mark.parametrize("bad", [[1.0, math.nan], [1.0, math.inf], [[1.0], [2.0]]])
def test_unusable_differences_are_refused(bad):
    with pytest.raises(ValueError, match="`differences` must"):
        paired_mean_difference(bad, rng=generator())


@pytest.mark.parametrize("n", [6, 10, 12])
def test_the_interval_misses_as_often_as_theory_says(n):
    # For a continuous symmetric distribution exactly floor(0.05 2^(n-1)) / 2^(n-1).
    rng = np.random.default_rng(n)
    draws, misses = 2000, 0
    for differences in rng.standard_t(2, (draws, n)) + 3:
        estimate = paired_mean_difference(differences, rng=rng)
        misses += not estimate.low <= 3 <= estimate.high
    expected = math.floor(0.05 * 2 ** (n - 1)) / 2 ** (n - 1)
    # Four standard errors.
    error = math.sqrt(expected * (1 - expected) / draws)
    assert abs(misses / draws - expected) <= 4 * error


def test_the_drawn_interval_misses_as_often_as_promised():
    rng = np.random.default_rng(7)
    draws, misses = 400, 0
    for differences in rng.laplace(size=(draws, 20)):
        estimate = paired_mean_difference(differences, rng=rng)
        misses += not estimate.low <= 0 <= estimate.high
    # Four standard errors of a 5 % share of 400.
    assert abs(misses / draws - 0.05) <= 4 * math.sqrt(0.05 * 0.95 / draws)


def test_attainable_p_values_and_smallest_designs():
    assert attainable_p(0) == attainable_p(1) == 1.0
    assert attainable_p(6) == 1 / 32
    assert attainable_p(17) == 1 / 100_001
    assert smallest_num_pairs() == 6
    assert smallest_num_pairs(20) == 10
    assert smallest_num_pairs(confidence=0.9) == 5
    assert smallest_num_pairs(confidence=0.5) == 2
    assert smallest_num_pairs(5000) == 17


def test_impossible_designs_are_refused():
    with pytest.raises(ValueError, match="at most 5000"):
        smallest_num_pairs(5001)
    with pytest.raises(ValueError, match="positive"):
        smallest_num_pairs(0)
    with pytest.raises(ValueError, match="negative"):
        attainable_p(-1)


def test_one_pair_is_tested_and_none_decides_nothing():
    assert sign_flip_p_value([3.0], rng=generator(), alternative="greater") == 0.5
    assert sign_flip_p_value([], rng=generator()) == 1.0


def test_the_method_says_whether_all_signs_were_used():
    for n, how in [(16, "all signs"), (17, "100000 draws")]:
        estimate = paired_mean_difference(np.arange(n), rng=generator())
        assert estimate.method == f"sign-flip permutation, {how}"
