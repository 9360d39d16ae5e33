import math

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from ablations.stats.proportions import wilson_limits
from ablations.stats.survival import (
    kaplan_meier,
    restricted_times,
)


def generator():
    return np.random.default_rng(0)


def test_missed_and_diverged_runs_count_with_the_whole_budget():
    assert restricted_times([3, 10, 12, math.inf], 10).tolist() == [3, 10, 10, 10]


def test_impossible_times_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        restricted_times([1, math.nan], 10)
    with pytest.raises(ValueError, match="negative"):
        restricted_times([-1], 10)
    with pytest.raises(ValueError, match="`budget`"):
        restricted_times([1], math.inf)


TIMES = [3.0, 3.0, 5.0, 5.0, 7.0, 8.0, 8.0, 12.0, 15.0, 15.0]
REACHED = [1, 1, 1, 0, 1, 0, 1, 1, 0, 0]


def test_the_curve_equals_statsmodels():
    oracle = SurvfuncRight(TIMES, REACHED)
    curve = kaplan_meier(TIMES, REACHED)
    events = oracle.n_events > 0
    assert curve.times.tolist() == np.asarray(oracle.surv_times)[events].tolist()
    assert curve.survival == pytest.approx(oracle.surv_prob[events], abs=1e-12)
    assert curve.at_risk.tolist() == oracle.n_risk[events].tolist()
    # Greenwood's error is what the sample size behind the limits stands for.
    error = np.asarray(oracle.surv_prob_se)[events]
    size = curve.survival * (1 - curve.survival) / error**2
    low, high = wilson_limits(curve.survival * size, size, 0.95)
    assert (curve.low, curve.high) == (pytest.approx(low), pytest.approx(high))


def test_without_censoring_the_limits_are_wilsons():
    curve = kaplan_meier([4.0, 1.0, 2.0, 2.0, math.inf])
    assert curve.survival == pytest.approx([0.8, 0.4, 0.2])
    low, high = wilson_limits([4, 2, 1], 5, 0.95)
    # The survival is a product of three factors: rounding.
    assert curve.low == pytest.approx(low, abs=1e-12)
    assert curve.high == pytest.approx(high, abs=1e-12)


def test_a_diverged_run_stays_at_risk_for_ever():
    curve = kaplan_meier([1.0, 2.0, math.inf], [True, True, False])
    assert curve.at_risk.tolist() == [3, 2]
    assert curve.survival[-1] == pytest.approx(1 / 3)


def test_the_area_under_the_curve_is_the_restricted_mean():
    times, budget = np.array([2.0, 5.0, 5.0, 9.0, math.inf, 40.0]), 20.0
    capped = restricted_times(times, budget)
    curve = kaplan_meier(capped, capped < budget)
    edges = np.concatenate([[0.0], curve.times, [budget]])
    heights = np.concatenate([[1.0], curve.survival])
    assert heights @ np.diff(edges) == pytest.approx(capped.mean(), rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_curve_that_falls_to_zero_keeps_a_wide_limit(n):
    curve = kaplan_meier(np.arange(1.0, n + 1))
    assert curve.survival[-1] == 0
    assert curve.low[-1] == 0
    assert curve.high[-1] == pytest.approx(1.96**2 / (n + 1.96**2), rel=1e-3)


@pytest.mark.parametrize("times", [[], [math.inf, math.inf]])
def test_without_a_success_the_curve_has_no_steps(times):
    curve = kaplan_meier(times)
    assert curve.times.size == curve.survival.size == curve.low.size == 0


def test_a_success_needs_a_time():
    with pytest.raises(ValueError, match="be False where"):
        kaplan_meier([1.0, math.inf], [True, True])


def test_any_positive_budget_and_a_time_of_zero_count():
    assert restricted_times([0.0, 0.25, 0.75], 0.5).tolist() == [0.0, 0.25, 0.5]


def test_the_curve_counts_its_events():
    assert kaplan_meier(TIMES, REACHED).events.tolist() == [2, 1, 1, 1, 1]


def test_a_curve_that_falls_to_zero_has_zero_as_its_limit():
    for n in range(1, 60):
        assert kaplan_meier(np.arange(1.0, n + 1)).low[-1] == 0.0
