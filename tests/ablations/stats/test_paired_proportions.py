import math

import numpy as np
import pytest
from statsmodels.stats import contingency_tables

from ablations.stats.paired_proportions import (
    mcnemar_p_value,
    newcombe_paired_limits,
    paired_rate_difference,
)
from ablations.stats.proportions import wilson_limits


def outcomes(both, only_treatment, only_control, neither):
    treatment = [1] * (both + only_treatment) + [0] * (only_control + neither)
    control = [1] * both + [0] * only_treatment + [1] * only_control + [0] * neither
    return treatment, control


@pytest.mark.parametrize("discordant", [(0, 0), (6, 0), (1, 7), (5, 5), (40, 22)])
def test_mcnemar_equals_statsmodels(discordant):
    table = [[3, discordant[0]], [discordant[1], 4]]
    oracle = contingency_tables.mcnemar(table, exact=True)
    assert mcnemar_p_value(*discordant) == pytest.approx(oracle.pvalue, rel=1e-9)


def test_mid_p_counts_equally_extreme_tables_by_half():
    # 2 (C(8,0) + C(8,1) / 2) / 2^8, by hand.
    assert mcnemar_p_value(1, 7, mid_p=True) == pytest.approx(10 / 256, abs=1e-15)
    # All tables are at least as extreme as the middle one: 1 - C(4,2) / 2^4 / 2.
    assert mcnemar_p_value(2, 2, mid_p=True) == pytest.approx(1 - 3 / 16, abs=1e-15)


def test_six_discordant_pairs_are_the_fewest_that_reject():
    assert mcnemar_p_value(5, 0) > 0.05 >= mcnemar_p_value(6, 0)
    assert mcnemar_p_value(4, 0, mid_p=True) > 0.05 >= mcnemar_p_value(5, 0, mid_p=True)


@pytest.mark.parametrize(
    ("table", "published"),
    [((59, 6, 16, 80), (-0.1186, -0.0046)), ((36, 12, 2, 0), (0.0569, 0.3404))],
)
def test_the_paired_limits_are_the_published_ones(table, published):
    # Fagerland, Lydersen and Laake (2017), chapter 8; Newcombe (1998): four decimals.
    assert newcombe_paired_limits(*table, 0.95) == pytest.approx(published, abs=5e-5)


def test_the_paired_limits_agree_with_a_sum_by_hand():
    # Rates 0.5 and 0.3 of 10; Wilson (0.2366, 0.7634) and (0.1078, 0.6032); ad - bc =
    # 2 * 4 - 3 * 1 = 5, reduced by n / 2 to 0, so phi = 0 and the squares just add.
    low, high = newcombe_paired_limits(2, 3, 1, 4, 0.95)
    assert low == pytest.approx(0.2 - math.hypot(0.2634, 0.3032), abs=1e-4)
    assert high == pytest.approx(0.2 + math.hypot(0.2634, 0.1922), abs=1e-4)


def test_no_difference_is_claimed_where_mcnemar_keeps_it():
    treatment, control = outcomes(1, 1, 7, 12)
    raw_low, raw_high = newcombe_paired_limits(1, 1, 7, 12, 0.95)
    estimate = paired_rate_difference(treatment, control)
    assert raw_high < 0 < 0.05 < estimate.p_value
    assert (estimate.low, estimate.high) == (raw_low, 0.0)
    assert paired_rate_difference(treatment, control, mid_p=True).high == raw_high


def test_equal_rates_are_told_apart_at_most_nominally_often():
    rng = np.random.default_rng(1)
    n, draws, wrong = 12, 2000, 0
    for treatment, control in rng.random((draws, 2, n)) < 0.5:
        estimate = paired_rate_difference(treatment, control)
        wrong += estimate.low > 0 or estimate.high < 0
    # Four standard errors of a 5 % share of 2,000.
    assert wrong / draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / draws)


def test_swapping_and_permuting_paired_arms_mirrors_and_keeps_the_result():
    treatment, control = map(np.array, outcomes(3, 9, 1, 4))
    ours = paired_rate_difference(treatment, control)
    swapped = paired_rate_difference(control, treatment)
    assert (ours.low, ours.high) == pytest.approx((-swapped.high, -swapped.low))
    order = np.random.default_rng(0).permutation(treatment.size)
    assert paired_rate_difference(treatment[order], control[order]) == ours


@pytest.mark.parametrize("value", [0, 1])
def test_arms_that_always_agree_differ_by_nothing(value):
    estimate = paired_rate_difference([value] * 8, [value] * 8)
    assert (estimate.estimate, estimate.p_value) == (0.0, 1.0)
    assert estimate.low < 0 < estimate.high


def test_without_pairs_the_difference_is_unbounded():
    estimate = paired_rate_difference([], [])
    assert (estimate.low, estimate.high) == (-math.inf, math.inf)


def test_rates_and_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="only 0 and 1"):
        paired_rate_difference([0.3, 1], [0, 1])
    with pytest.raises(ValueError, match="one value for each pair"):
        paired_rate_difference([0, 1, 1], [0, 1])


def test_phi_is_reduced_only_where_it_is_positive_and_no_further_than_zero():
    # ad - bc = 1 < n / 2: no correlation is left, as in the sum of squares.
    table = (1, 1, 1, 2)
    rate = 2 / 5
    low, high = wilson_limits(2, 5, 0.95)
    reach = math.hypot(rate - low, high - rate)
    assert newcombe_paired_limits(*table, 0.95) == pytest.approx((-reach, reach))


def test_a_correlation_at_the_smallest_margins_counts():
    # One success of each arm, in different pairs: margins 1 * 1 * 1 * 1, phi = -1.
    low, high = newcombe_paired_limits(0, 1, 1, 0, 0.95)
    bottom, top = wilson_limits(1, 2, 0.95)
    assert (low, high) == pytest.approx((bottom - top, top - bottom))
