import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.paired import sign_flip_p_value
from ablations.stats.ranks import signed_rank, signed_rank_p_value, win_share

# Hamilton depression scale of nine patients, second visit minus first: Hollander,
# Wolfe and Chicken (2014), table 3.1.
FIRST = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
SECOND = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]


def test_wins_without_ties_are_a_sign_test():
    first = np.arange(10.0)
    second = first + np.array([-1] * 8 + [1] * 2)
    estimate = win_share(first, second)
    oracle = stats.binomtest(8, 10)
    assert estimate.estimate == 0.8
    assert estimate.p_value == pytest.approx(oracle.pvalue, rel=1e-9)
    interval = oracle.proportion_ci(method="exact")
    assert (estimate.low, estimate.high) == pytest.approx(interval, abs=1e-9)


def test_ties_are_split_or_leave():
    first, second = [1, 1, 1, 0, 5, 5], [0, 0, 0, 1, 5, 5]
    split = win_share(first, second, ties="split")
    left = win_share(first, second, ties="exclude")
    assert (split.estimate, split.n) == (4 / 6, 6)
    assert (left.estimate, left.n) == (3 / 4, 4)


def test_an_odd_tie_is_rounded_against_either_claim():
    estimate = win_share([1, 1, 1, 2], [0, 0, 0, 2])
    three, four = stats.binomtest(3, 4), stats.binomtest(4, 4)
    assert estimate.estimate == 3.5 / 4
    assert estimate.low == pytest.approx(three.proportion_ci().low, abs=1e-9)
    assert estimate.high == four.proportion_ci().high
    assert estimate.p_value == pytest.approx(three.pvalue)


def test_diverged_runs_lose_and_tie_among_themselves():
    estimate = win_share([1, -math.inf], [-math.inf, -math.inf])
    assert estimate.estimate == 0.75


@pytest.mark.parametrize("ties", ["split", "exclude"])
def test_swapping_the_arms_mirrors_the_share(ties):
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 3, (2, 15))
    ours, swapped = (
        win_share(first, second, ties=ties),
        win_share(second, first, ties=ties),
    )
    # One minus a float rounds once.
    assert ours.low == pytest.approx(1 - swapped.high, abs=1e-14)
    assert ours.p_value == pytest.approx(swapped.p_value, rel=1e-12)


def test_without_an_untied_pair_nothing_is_known():
    assert win_share([1, 1], [1, 1], ties="exclude").low == -math.inf
    assert win_share([1, 1], [1, 1], ties="split").p_value == 1.0
    assert win_share([], []).p_value == 1.0
    with pytest.raises(ValueError, match="`ties` must be one of"):
        win_share([1], [2], ties="drop")


def test_the_published_example_is_reproduced():
    estimate = signed_rank(np.subtract(FIRST, SECOND))
    # W = 40 of 45: p = 2 * 10 / 512; the published estimate and interval have
    # three decimals.
    assert estimate.p_value == pytest.approx(20 / 512, abs=1e-15)
    assert estimate.estimate == pytest.approx(0.46, abs=5e-4)
    assert (estimate.low, estimate.high) == pytest.approx((0.010, 0.786), abs=5e-4)


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
    shown = signed_rank(effects)
    assert (shown.low <= 0 <= shown.high) == (shown.p_value > 0.05)


# Up to 300 effects both are exact, beyond both by the normal distribution.
@pytest.mark.parametrize("n", [6, 8, 11, 300, 301])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_walsh_interval_holds_exactly_the_centers_that_are_kept(n, confidence):
    effects = np.random.default_rng(n).normal(0.5, 1, n)
    shown = signed_rank(effects, confidence=confidence)
    for center, kept in [
        (shown.low - 1e-6, False),
        (shown.low + 1e-6, True),
        (shown.high - 1e-6, True),
        (shown.high + 1e-6, False),
    ]:
        assert (signed_rank_p_value(effects - center) > 1 - confidence) == kept


@pytest.mark.parametrize("n", range(6))
def test_fewer_than_six_data_sets_leave_the_interval_infinite(n):
    shown = signed_rank(np.arange(1.0, n + 1))
    assert (shown.low, shown.high) == (-math.inf, math.inf)
    assert shown.p_value > 0.05


def test_effects_that_are_all_zero_keep_zero():
    shown = signed_rank([0.0] * 9)
    assert (shown.estimate, shown.low, shown.high, shown.p_value) == (0, 0, 0, 1)


def test_a_diverged_data_set_has_the_largest_rank_not_no_rank():
    effects = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -math.inf]
    finite = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -100.0]
    assert signed_rank_p_value(effects) == signed_rank_p_value(finite)
    assert signed_rank(effects).low == -math.inf
    # Walsh averages -inf, -inf, 0, 3, inf, inf.
    assert signed_rank([-math.inf, 3.0, math.inf]).estimate == 1.5


def test_mirrored_effects_mirror_the_interval():
    effects = np.random.default_rng(1).normal(size=9)
    ours, mirrored = signed_rank(effects), signed_rank(-effects)
    assert (ours.low, ours.high) == (-mirrored.high, -mirrored.low)
    assert ours.p_value == mirrored.p_value


@pytest.mark.parametrize("seed", range(8))
def test_signed_ranks_equal_the_flips_of_their_ranks_whatever_the_ties(seed):
    effects = np.random.default_rng(seed).integers(-2, 4, 7)
    signed = stats.rankdata(np.abs(effects)) * np.sign(effects)
    flipped = sign_flip_p_value(signed, rng=np.random.default_rng(0))
    assert signed_rank_p_value(effects) == pytest.approx(flipped, abs=1e-12)


def test_an_attainable_level_is_attained():
    # Five effects of one sign have p = 2 / 2^5 = 1 - 0.9375, exact in binary.
    shown = signed_rank([1.0, 2.0, 3.0, 4.0, 5.0], confidence=0.9375)
    assert (shown.low, shown.high, shown.p_value) == (1.0, 5.0, 0.0625)
