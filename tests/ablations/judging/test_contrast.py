"""Estimates over pairs, with what is tested and planned of them."""

import math

import numpy as np
import pytest

from ablations.judging.contrast import (
    Contrast,
    level_that_excludes,
    of_means,
    of_ratio,
    seeds_that_decide,
)
from ablations.stats.power import MAX_NUM_SEEDS


def test_one_pair_has_no_spread_and_two_have_one():
    assert math.isnan(of_means(np.array([1.0])).spread)
    assert of_means(np.array([1.0, 3.0])).spread == pytest.approx(math.sqrt(2))


def test_the_spread_of_a_ratio_is_that_of_many_draws_of_it():
    rng = np.random.default_rng(0)
    pairs = rng.gamma(50.0, 2.0, (2, 100, 400))
    found = of_ratio(*pairs[:, :, 0])
    ratios = pairs[0].mean(axis=0) / pairs[1].mean(axis=0)
    # The spread of a mean of 100; both are drawn, to about 10 % and 4 %.
    assert found.spread / 10 == pytest.approx(ratios.std(), rel=0.3)


def test_a_number_that_no_interval_leaves_out_has_a_p_value_of_one():
    assert level_that_excludes(lambda _: (-1.0, 1.0), 0.0) == 1.0


def test_a_bound_of_zero_is_told_at_exactly_the_level_of_the_p_value():
    # All 12 signs agree: p = 2 / 2^12, and powers of two are exact.
    found = of_means(np.arange(1.0, 13.0))
    assert found.word(0.0, 1 - 2 / 2**12, upwards=True) == "holds"
    assert found.word(0.0, 1 - 1.9 / 2**12, upwards=True) == "undecided"


def planned(estimate: float, spread: float, confidence: float = 0.95):
    def unbounded(_):
        return -math.inf, math.inf

    found = Contrast(estimate, 20, spread, unbounded, lambda _: 1.0)
    return seeds_that_decide(found, 0.0, confidence)


def test_what_is_open_takes_at_least_one_seed_more_than_there_are():
    assert planned(5.0, 1.0) == (21, MAX_NUM_SEEDS)
    assert planned(0.5, 1.0)[0] > 21


def test_no_number_of_seeds_decides_beyond_the_drawn_signs():
    assert planned(5.0, 1.0, 1 - 1e-6) == (None, MAX_NUM_SEEDS)
