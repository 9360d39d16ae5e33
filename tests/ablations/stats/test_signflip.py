import itertools
import math

import numpy as np
import pytest

from ablations.stats.signflip import NUM_DRAWS, Flips, flip_mean, flip_ratio


def all_signs(n):
    return np.array(list(itertools.product([1, -1], repeat=n)))


def brute_p(residuals):
    """Two-sided p-value straight from its definition, over all 2^n signs."""
    sums = np.abs(all_signs(len(residuals)) @ residuals)
    return np.mean(sums >= np.abs(residuals.sum()) - 1e-12)


@pytest.mark.parametrize("n", [1, 2, 5, 6, 9])
def test_p_values_equal_the_definition_at_every_null(n):
    differences = np.random.default_rng(n).normal(0.4, 1, n)
    flips = flip_mean(differences, np.random.default_rng(0))
    for null in np.linspace(-3, 3, 61):
        assert flips.p_value(null) == brute_p(differences - null)


@pytest.mark.parametrize("alternative", ["greater", "less"])
@pytest.mark.parametrize("shift", [-0.5, 0.0, 0.8])
def test_one_sided_p_values_equal_the_definition(alternative, shift):
    differences = np.random.default_rng(3).normal(shift, 1, 8)
    flips = flip_mean(differences, np.random.default_rng(0))
    sums = all_signs(8) @ differences
    extreme = sums >= differences.sum() - 1e-12
    if alternative == "less":
        extreme = sums <= differences.sum() + 1e-12
    assert flips.p_value(0.0, alternative) == extreme.mean()


@pytest.mark.parametrize("n", [6, 7, 10])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95])
def test_the_interval_holds_exactly_the_nulls_that_are_kept(n, confidence):
    differences = np.random.default_rng(n).lognormal(0, 1, n) - 1
    flips = flip_mean(differences, np.random.default_rng(0))
    low, high = flips.interval(confidence)
    step = 1e-6 * (high - low)
    for null, kept in [
        (low - step, False),
        (low + step, True),
        (high - step, True),
        (high + step, False),
        *[(x, low <= x <= high) for x in np.linspace(low - 1, high + 1, 101)],
    ]:
        assert (brute_p(differences - null) > 1 - confidence + 1e-12) == kept


def test_the_drawn_interval_holds_exactly_the_nulls_that_are_kept():
    flips = flip_mean(
        np.random.default_rng(5).normal(0.5, 1, 25), np.random.default_rng(0)
    )
    low, high = flips.interval(0.95)
    assert flips.p_value(low + 1e-6) > 0.05 >= flips.p_value(low - 1e-6)
    assert flips.p_value(high - 1e-6) > 0.05 >= flips.p_value(high + 1e-6)


def test_drawn_p_values_come_close_to_the_full_enumeration():
    differences = np.random.default_rng(2).normal(0.35, 1, 17)
    drawn = flip_mean(differences, np.random.default_rng(0)).p_value(0.0)
    bits = np.arange(2**16)[:, None] >> np.arange(16) & 1
    sums = differences.sum() - 2 * bits @ differences[:16]
    exact = np.mean(np.abs(sums) >= abs(differences.sum()))
    # Four standard errors of a share of 100,000 draws.
    assert abs(drawn - exact) <= 4 * np.sqrt(exact * (1 - exact) / NUM_DRAWS)


def test_subset_sums_and_sizes_equal_a_matrix_product():
    column = np.random.default_rng(0).normal(size=40)
    flips = Flips(40, np.random.default_rng(1))
    words = flips.words[:, :50]
    bits = (words[:, :, None] >> np.arange(16) & 1).transpose(1, 0, 2).reshape(50, 48)
    assert not bits[:, 40:].any()
    # The same sums, added in another order.
    assert flips.sums(column)[:50] == pytest.approx(bits[:, :40] @ column, abs=1e-12)
    assert flips.sizes()[:50].tolist() == bits.sum(axis=1).tolist()


@pytest.mark.parametrize("n", [7, 30])
def test_changing_all_signs_mirrors_and_permuting_changes_nothing(n):
    differences = np.random.default_rng(n).normal(0.3, 1, n)
    differences[1] = -differences[0]
    shuffled = np.random.default_rng(1).permutation(differences)
    results = [
        flip_mean(values, np.random.default_rng(0))
        for values in (differences, shuffled, -differences)
    ]
    low, high = results[0].interval(0.95)
    assert results[1].interval(0.95) == (low, high)
    assert results[2].interval(0.95) == (-high, -low)
    assert len({result.p_value(0.0) for result in results}) == 1
    assert results[0].p_value(0.1, "less") == results[2].p_value(-0.1, "greater")


@pytest.mark.parametrize("n", [7, 30])
def test_swapping_the_arms_inverts_a_ratio(n):
    rng = np.random.default_rng(n)
    first, second = rng.lognormal(size=(2, n))
    flips = flip_ratio(first, second, np.random.default_rng(0))
    swapped = flip_ratio(second, first, np.random.default_rng(0))
    low, high = flips.interval(0.95)
    # One division rounds once.
    assert swapped.interval(0.95) == pytest.approx((1 / high, 1 / low), rel=1e-14)
    assert swapped.p_value(1.0) == flips.p_value(1.0)


@pytest.mark.parametrize("ratio", [0.4, 1.0, 1.7])
def test_ratios_are_tested_by_the_signs_of_scaled_differences(ratio):
    first, second = np.random.default_rng(4).lognormal(size=(2, 9))
    flips = flip_ratio(first, second, np.random.default_rng(0))
    assert flips.p_value(ratio) == brute_p(first - ratio * second)


def test_a_ratio_covers_the_truth_as_often_as_promised():
    rng = np.random.default_rng(3)
    draws, misses = 1000, 0
    for treatment, control in rng.exponential(size=(draws, 2, 10)):
        low, high = flip_ratio(1.5 * treatment, control, rng).interval(0.95)
        misses += not low <= 1.5 <= high
    # Four standard errors; scaled arms are exchangeable, so the test is exact.
    assert abs(misses / draws - 25 / 512) <= 4 * math.sqrt(0.05 * 0.95 / draws)


def test_a_ratio_does_not_depend_on_the_unit():
    first, second = np.random.default_rng(2).lognormal(size=(2, 9))
    ours = flip_ratio(first, second, np.random.default_rng(0))
    scaled = flip_ratio(60 * first, 60 * second, np.random.default_rng(0))
    assert scaled.center == pytest.approx(first.mean() / second.mean(), rel=1e-12)
    ends = ours.interval(0.95)
    assert scaled.interval(0.95) == pytest.approx(ends, rel=1e-12)
    assert scaled.p_value(1.0) == ours.p_value(1.0)


def test_differences_equal_but_for_rounding_are_ties():
    rounded = np.array([0.3 - 0.2, 0.1 - 0.2, 0.4 - 0.3, 0.2 - 0.3, 0.6 - 0.5, 0.2])
    exact = np.array([1.0, -1.0, 1.0, -1.0, 1.0, 2.0])
    flips = flip_mean(rounded, np.random.default_rng(0))
    assert flips.p_value(0.0) == flip_mean(exact, np.random.default_rng(0)).p_value(0)
    assert flips.p_value(0.0) == brute_p(exact)


def test_zero_is_inside_exactly_when_the_test_keeps_it():
    rng = np.random.default_rng(8)
    for _ in range(300):
        differences = rng.integers(-2, 5, 8) / 10
        flips = flip_mean(differences, rng)
        low, high = flips.interval(0.95)
        assert (low <= 0 <= high) == (flips.p_value(0.0) > 0.05)


def test_ten_thousand_pairs_have_the_interval_of_the_normal_theory():
    differences = np.random.default_rng(0).normal(size=10_000)
    flips = flip_mean(differences, np.random.default_rng(0))
    low, high = flips.interval(0.95)
    # Within 2 % in a sample this large.
    assert high - low == pytest.approx(2 * 1.96 * differences.std() / 100, rel=0.02)


@pytest.mark.parametrize("scale", [2.0**-30, 2.0**30])
def test_a_ratio_is_tied_relative_to_its_size(scale):
    first, second = np.random.default_rng(4).lognormal(size=(2, 9))
    plain = flip_ratio(first, second, np.random.default_rng(0))
    scaled = flip_ratio(scale * first, second, np.random.default_rng(0))
    for null in np.linspace(0.3, 2, 18):
        assert scaled.p_value(scale * null) == plain.p_value(null)
    low, high = scaled.interval(0.95)
    # A limit and what differs from it by rounding have one p-value.
    for limit in (low, high):
        for near in (limit * (1 - 1e-13), limit * (1 + 1e-13)):
            assert scaled.p_value(near) == scaled.p_value(limit)


def test_drawing_no_sign_or_every_sign_bounds_a_ratio_by_zero_and_infinity():
    first, second = np.random.default_rng(4).lognormal(0.5, 1, (2, 17))
    # The first generator that draws both an empty and a full set of 17 signs.
    seed = next(
        seed
        for seed in range(100)
        if {0, 17} <= set(Flips(17, np.random.default_rng(seed)).sizes().tolist())
    )
    sizes = Flips(17, np.random.default_rng(seed)).sizes()
    for one, other in [(first, second), (second, first)]:
        flips = flip_ratio(one, other, np.random.default_rng(seed))
        # Nothing is left on one side of such a flip; the other has all, the center.
        ends = [flips.lower == 0, np.isinf(flips.upper)]
        counts = sorted(int(np.count_nonzero(end)) for end in ends)
        assert counts == sorted(np.bincount(sizes)[[0, 17]].tolist())
        assert flips.upper[ends[0]] == pytest.approx(flips.center, rel=1e-12)
        assert flips.lower[ends[1]] == pytest.approx(flips.center, rel=1e-12)
        plain = flip_mean(one - other, np.random.default_rng(seed)).p_value(0.0)
        # Four standard errors: the pairs are in another order.
        assert abs(flips.p_value(1.0) - plain) <= 4 * np.sqrt(2 * plain / NUM_DRAWS)


def test_a_center_has_the_p_value_one_and_its_negative_does_not():
    flips = flip_mean(np.arange(1.0, 9.0), np.random.default_rng(0))
    assert flips.p_value(4.5) == 1.0
    assert flips.p_value(-4.5) == 2 / 2**8


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.96875, 0.99])
def test_the_limits_are_order_statistics_of_subset_means(confidence):
    differences = np.random.default_rng(6).normal(0.3, 1, 10)
    members = (1 - all_signs(10)) / 2
    members = members[members.any(axis=1)]
    means = np.sort(members @ differences / members.sum(axis=1))
    left_out = int((1 - confidence) * 2**10 / 2)
    low, high = flip_mean(differences, np.random.default_rng(0)).interval(confidence)
    # Hartigan's: so many of the 2^n - 1 subset means beyond either limit.
    expected = means[left_out - 1], means[-left_out]
    assert (low, high) == pytest.approx(expected, rel=1e-12)


def test_sixteen_pairs_are_the_last_whose_signs_are_all_used():
    assert Flips(16, np.random.default_rng(0)).total == 2**15
    assert Flips(17, np.random.default_rng(0)).total == NUM_DRAWS + 1
    best = flip_mean(np.arange(1.0, 17.0), np.random.default_rng(0))
    assert best.p_value(0.0) == 2 / 2**16


def test_drawing_no_sign_or_every_sign_keeps_any_mean():
    differences = np.random.default_rng(4).normal(size=17)
    seed = next(
        seed
        for seed in range(100)
        if {0, 17} <= set(Flips(17, np.random.default_rng(seed)).sizes().tolist())
    )
    num_empty, num_full = np.bincount(Flips(17, np.random.default_rng(seed)).sizes())[
        [0, 17]
    ]
    for values in (differences, -differences):
        flips = flip_mean(values, np.random.default_rng(seed))
        counts = sorted([np.sum(np.isinf(flips.lower)), np.sum(np.isinf(flips.upper))])
        assert counts == sorted([num_empty, num_full])
        assert flips.p_value(-1e9) == (1 + np.sum(np.isinf(flips.lower))) / flips.total


def test_a_limit_that_is_zero_but_for_rounding_is_zero():
    # The subset -0.3, 0.1, 0.2 has the fourth smallest mean; its sum rounds to 3e-17.
    differences = np.array([0.1, 0.2, -0.3, 1.0, 2.0, 3.0, 4.0, 5.0])
    flips = flip_mean(differences, np.random.default_rng(0))
    low, _ = flips.interval(1 - 4 / 128)
    assert low == 0.0
    assert flips.p_value(0.0) == 5 / 128


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_limits_are_the_exact_order_statistics_in_many_samples(confidence):
    for seed in range(300):
        differences = np.random.default_rng(seed).normal(size=9 + seed % 6)
        flips = flip_mean(differences, np.random.default_rng(0))
        rank = int((1 - confidence) * flips.total + 1e-9)
        expected = np.sort(flips.lower)[rank - 1], np.sort(flips.upper)[-rank]
        assert flips.interval(confidence) == expected
