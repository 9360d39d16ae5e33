import math

import numpy as np
import pytest

from ablations.stats.paired import sign_flip_p_value
from ablations.stats.power import (
    power_of_mean,
    seeds_for_mean,
    smallest_sufficient,
)


@pytest.mark.parametrize("n", [6, 7, 8, 10, 14])
@pytest.mark.parametrize("effect_size", [0.5, 0.8, 1.2])
def test_the_promised_power_is_within_three_points_of_simulation(n, effect_size):
    rng = np.random.default_rng(n)
    draws = 1500 if n <= 10 else 600
    hits = sum(
        sign_flip_p_value(differences, rng=rng) <= 0.05
        for differences in rng.normal(effect_size, 1, (draws, n))
    )
    promised = power_of_mean(effect_size, n)
    # Three points, and three standard errors of the simulation.
    error = math.sqrt(promised * (1 - promised) / draws)
    assert abs(hits / draws - promised) <= 0.03 + 3 * error


def test_too_few_pairs_have_no_power():
    assert power_of_mean(100.0, 5) == 0.0
    assert power_of_mean(100.0, 6) == pytest.approx(1.0)
    assert power_of_mean(100.0, 9, num_tests=20) == 0.0


def test_power_at_no_effect_is_the_attained_level():
    assert power_of_mean(0.0, 6) == pytest.approx(1 / 32)
    assert power_of_mean(0.0, 10) == pytest.approx(25 / 512, abs=1e-9)
    assert power_of_mean(0.0, 200) == pytest.approx(0.05, abs=1e-9)


def test_six_pairs_need_six_equal_signs():
    # 0.8413 is the chance of a positive difference at one standard deviation.
    chance = 0.8413447460685429
    expected = chance**6 + (1 - chance) ** 6
    assert power_of_mean(1.0, 6) == pytest.approx(expected, rel=1e-12)


def test_power_does_not_depend_on_the_direction():
    assert power_of_mean(-0.7, 12) == power_of_mean(0.7, 12)
    assert power_of_mean(-0.7, 6) == pytest.approx(power_of_mean(0.7, 6))


@pytest.mark.parametrize(("effect", "num_tests"), [(0.2, 1), (0.5, 1), (0.8, 20)])
def test_the_planned_number_is_the_smallest_that_suffices(effect, num_tests):
    n = seeds_for_mean(effect, 1.0, num_tests=num_tests)
    assert power_of_mean(effect, n, num_tests=num_tests) >= 0.8
    assert power_of_mean(effect, n - 1, num_tests=num_tests) < 0.8


def test_large_effects_still_need_the_smallest_sample():
    assert seeds_for_mean(50.0, 1.0) == 6
    assert seeds_for_mean(50.0, 1.0, num_tests=20) == 10
    assert seeds_for_mean(0.1, 0.0) == 6


def test_no_effect_cannot_be_planned_for():
    assert seeds_for_mean(0.0, 1.0) is None
    assert seeds_for_mean(1e-5, 1.0) is None


def test_planning_depends_only_on_the_ratio():
    assert seeds_for_mean(-3.0, 10.0) == seeds_for_mean(0.3, 1.0)


def test_impossible_plans_are_refused():
    with pytest.raises(ValueError, match="`spread` must not be negative"):
        seeds_for_mean(1.0, -1.0)
    with pytest.raises(ValueError, match="`power`"):
        seeds_for_mean(1.0, 1.0, power=80)


@pytest.mark.parametrize("threshold", range(3, 41))
def test_the_smallest_sufficient_number_is_found_between_the_ends(threshold):
    found = smallest_sufficient(lambda n: n >= threshold, 3, 40)
    assert found == threshold


def test_a_number_beyond_the_end_is_not_found():
    assert smallest_sufficient(lambda n: n >= 41, 3, 40) is None


def test_the_family_and_the_confidence_reach_every_part_of_the_plan():
    assert seeds_for_mean(0.1, 0.0, num_tests=20) == 10
    assert seeds_for_mean(0.1, 0.0, confidence=0.5) == 2
    assert seeds_for_mean(1.0, 1.0) is not None
    n = seeds_for_mean(0.5, 1.0, confidence=0.8)
    assert power_of_mean(0.5, n, confidence=0.8) >= 0.8
    assert power_of_mean(0.5, n - 1, confidence=0.8) < 0.8


def test_less_confidence_gives_smaller_samples_power():
    assert power_of_mean(100.0, 5, confidence=0.9) == pytest.approx(1.0)
    assert power_of_mean(100.0, 4, confidence=0.9) == 0.0


def test_a_level_that_the_signs_just_attain_has_its_power():
    # 2 / 2^6 = 1 - 0.96875, exact in binary; so one couple of signs may reject.
    assert power_of_mean(1.0, 6, confidence=1 - 2**-5) == power_of_mean(1.0, 6)


@pytest.mark.parametrize("n", [12, 60, 400])
def test_the_power_of_a_huge_effect_is_one_and_a_number(n):
    for effect_size in (5.0, 30.0, 1e3):
        assert power_of_mean(effect_size, n) == pytest.approx(1.0)


def test_a_family_that_no_sample_can_decide_has_no_power_to_compute():
    with pytest.raises(ValueError, match="at most 5000"):
        power_of_mean(1.0, 60, num_tests=5001)


def test_a_far_tail_that_scipy_cannot_compute_is_left_out():
    # The noncentral t of SciPy has no number for the tail ten errors away.
    assert power_of_mean(0.5, 399) == pytest.approx(1.0)
