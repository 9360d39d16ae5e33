"""Intervals of medians, by hand."""

import math

import numpy as np
import pytest

from ablations.measures.timing import median_at_least, ratios_in_turn, work_ratios


@pytest.mark.parametrize(("n", "place"), [(6, 1), (9, 2), (15, 4), (25, 8)])
def test_the_lower_end_is_the_value_of_the_sign_test(n, place):
    # Conover (1999), table of the sign test: 2 P(B < place) is at most 5 %.
    values = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    assert median_at_least(values) == place


def test_five_values_have_no_lower_end():
    assert median_at_least([1.0, 1.0, 1.0, 1.0, 1.0]) == -math.inf


def test_twice_the_work_surely_takes_longer_and_the_same_work_does_not():
    x = np.ones((200, 200), np.float32)

    def once():
        np.tanh(x)

    def twice():
        np.tanh(x), np.tanh(x)

    times = {"seconds": 0.03, "fewest": 15, "most": 31}
    assert median_at_least(work_ratios(twice, once, **times)) > 1.3
    assert median_at_least(work_ratios(once, once, **times)) < 1.1


def test_ratios_are_taken_until_the_clock_says_stop():
    now = iter(range(100))
    ratios = ratios_in_turn(
        lambda: 6.0, lambda: 2.0, lambda: next(now), seconds=4, fewest=2, most=9
    )
    assert set(ratios) == {3.0}
    assert 2 <= len(ratios) <= 9
