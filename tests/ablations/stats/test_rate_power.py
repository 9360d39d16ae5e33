import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.proportions import clopper_pearson
from ablations.stats.rate_power import (
    power_of_paired_rates,
    power_of_rate,
    seeds_for_paired_rates,
)


@pytest.mark.parametrize(("rate", "bound"), [(0.8, 0.5), (0.2, 0.5), (0.95, 0.9)])
@pytest.mark.parametrize("n", [3, 10, 40])
def test_the_power_of_a_rate_sums_the_runs_that_decide(rate, bound, n):
    intervals = [clopper_pearson(k, n) for k in range(n + 1)]
    decided = [i.low > bound if rate > bound else i.high < bound for i in intervals]
    chances = stats.binom.pmf(np.arange(n + 1), n, rate)
    assert power_of_rate(rate, bound, n) == pytest.approx(chances[decided].sum())


@pytest.mark.parametrize(("n", "margin"), [(20, 0.0), (37, 0.0), (40, 0.1)])
def test_the_power_of_paired_rates_is_within_three_points_of_simulation(n, margin):
    rng = np.random.default_rng(n)
    draws, hits = 1500, 0
    for uniforms in rng.random((draws, 2, n)):
        estimate = paired_rate_difference(uniforms[0] < 0.8, uniforms[1] < 0.5)
        hits += estimate.low > margin
    promised = power_of_paired_rates(0.8, 0.5, n, margin=margin)
    # Three points, and three standard errors of the simulation.
    error = math.sqrt(promised * (1 - promised) / draws)
    assert abs(hits / draws - promised) <= 0.03 + 3 * error


def test_the_power_of_mcnemar_sums_over_all_tables():
    # Six pairs reject only if all are won: (0.9 * 0.8)^6.
    power = power_of_paired_rates(0.9, 0.2, 6)
    assert power == pytest.approx(0.72**6, rel=1e-12)


def test_swapping_the_arms_keeps_the_power():
    for margin in (0.0, 0.1):
        ours = power_of_paired_rates(0.8, 0.5, 30, margin=margin)
        swapped = power_of_paired_rates(0.5, 0.8, 30, margin=-margin)
        assert swapped == pytest.approx(ours)


def test_without_runs_there_is_no_power():
    assert power_of_rate(0.9, 0.5, 0) == 0.0
    assert power_of_paired_rates(0.9, 0.5, 0) == 0.0
    assert power_of_paired_rates(1.0, 1.0, 50) == 0.0


def test_the_planned_numbers_suffice():
    n = seeds_for_paired_rates(0.8, 0.5)
    assert (
        power_of_paired_rates(0.8, 0.5, n)
        >= 0.8
        > power_of_paired_rates(0.8, 0.5, n - 1)
    )


def test_equal_rates_cannot_be_distinguished():
    assert seeds_for_paired_rates(0.5, 0.5) is None
    assert seeds_for_paired_rates(0.6, 0.5, margin=0.1) is None


def test_impossible_rates_are_refused():
    with pytest.raises(ValueError, match="`bound` must lie between 0 and 1"):
        power_of_rate(0.5, 1.5, 10)
    with pytest.raises(ValueError, match="`treatment` must lie between 0 and 1"):
        power_of_paired_rates(-0.5, 0.5, 10)


def test_one_run_can_decide_against_an_improbable_rate():
    # One success of one: P(X >= 1 | 0.01) = 0.01 is below 0.025.
    assert power_of_rate(0.8, 0.01, 1) == pytest.approx(0.8, rel=1e-12)
    assert power_of_paired_rates(1.0, 0.0, 1, margin=0.1, confidence=0.5) == 1.0
    assert seeds_for_paired_rates(1.0, 0.0, margin=0.1, confidence=0.5) == 1


def test_less_confidence_and_smaller_margins_need_fewer_runs():
    for margin, confidence in [(0.1, 0.95), (0.0, 0.8), (0.1, 0.8)]:
        settings = {"margin": margin, "confidence": confidence}
        n = seeds_for_paired_rates(0.9, 0.4, **settings)
        assert power_of_paired_rates(0.9, 0.4, n, **settings) >= 0.8
        assert power_of_paired_rates(0.9, 0.4, n - 1, **settings) < 0.8


def test_a_power_of_one_half_is_exact():
    # P(one of one) = 1/2 exactly, in binary too.
    assert power_of_rate(0.5, 0.01, 1) == 0.5


def test_a_level_that_the_pairs_just_attain_rejects():
    # Six of six discordant pairs: p = 2 / 2^6 = 1 - 0.96875, exact in binary.
    power = power_of_paired_rates(0.9, 0.2, 6, confidence=1 - 2**-5)
    assert power == pytest.approx(0.72**6, rel=1e-12)


def test_more_seeds_than_can_be_planned_are_none():
    assert seeds_for_paired_rates(0.51, 0.5) is None


def test_rates_that_only_sum_to_the_margin_can_be_told_from_it():
    assert seeds_for_paired_rates(0.05, 0.05, margin=0.1) is not None


def test_any_success_tells_a_rate_from_zero():
    assert power_of_rate(0.5, 0.0, 3) == pytest.approx(7 / 8, rel=1e-12)
