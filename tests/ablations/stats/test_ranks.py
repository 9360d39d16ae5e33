import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.paired import sign_flip_p_value
from ablations.stats.ranks import signed_rank_p_value

# Hamilton depression scale of nine patients, second visit minus first: Hollander,
# Wolfe and Chicken (2014), table 3.1.
FIRST = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
SECOND = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]


def test_the_published_example_is_reproduced():
    p_value = signed_rank_p_value(np.subtract(FIRST, SECOND))
    # W = 40 of 45: p = 2 * 10 / 512.
    assert p_value == pytest.approx(20 / 512, abs=1e-15)


@pytest.mark.parametrize("n", [1, 5, 6, 12, 40, 300])
def test_signed_ranks_without_ties_equal_scipy(n):
    effects = np.random.default_rng(n).normal(0.3, 1, n)
    oracle = stats.wilcoxon(effects, method="exact")
    assert signed_rank_p_value(effects) == pytest.approx(oracle.pvalue, rel=1e-9)


def test_signed_ranks_with_ties_and_zeros_equal_the_flips_of_their_ranks():
    effects = np.array([1, 1, -1, 0, 0, 2, 3, 3, 3, -2])
    signed = stats.rankdata(np.abs(effects)) * np.sign(effects)
    flipped = sign_flip_p_value(signed, rng=np.random.default_rng(0))
    assert signed_rank_p_value(effects) == pytest.approx(flipped, abs=1e-12)


def test_many_effects_use_a_close_normal_approximation():
    effects = np.random.default_rng(0).normal(0.1, 1, 320)
    oracle = stats.wilcoxon(effects, method="exact")
    corrected = stats.wilcoxon(effects, method="asymptotic", correction=True)
    ours = signed_rank_p_value(effects)
    assert ours == pytest.approx(corrected.pvalue, rel=1e-9)
    # The normal distribution is this close to the exact one.
    assert ours == pytest.approx(oracle.pvalue, rel=0.01)


# Up to 300 effects both are exact, beyond both by the normal distribution.


def test_a_diverged_data_set_has_the_largest_rank_not_no_rank():
    effects = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -math.inf]
    finite = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -100.0]
    assert signed_rank_p_value(effects) == signed_rank_p_value(finite)


@pytest.mark.parametrize("seed", range(8))
def test_signed_ranks_equal_the_flips_of_their_ranks_whatever_the_ties(seed):
    effects = np.random.default_rng(seed).integers(-2, 4, 7)
    signed = stats.rankdata(np.abs(effects)) * np.sign(effects)
    flipped = sign_flip_p_value(signed, rng=np.random.default_rng(0))
    assert signed_rank_p_value(effects) == pytest.approx(flipped, abs=1e-12)
