"""Swings across valleys, at rates and coefficients that nobody judges."""

from functools import partial

import numpy as np
import pytest

from ablations.measures.landscapes import valleys
from ablations.measures.landscapes.descent import descend, noisy, sgd
from ablations.measures.optimizers.rules import momentum, rmsprop


@pytest.mark.parametrize(
    ("rate", "turns", "growth"), [(0.8, 0.0, 0.2), (1.2, 1.0, 0.2), (2.2, 1.0, 1.2)]
)
def test_each_step_of_sgd_multiplies_the_last_one(rate, turns, growth):
    path = descend(sgd, valleys.bowl(), np.ones(3), 10, rate)
    assert valleys.changes_of_side(path).mean() == turns
    ratio = valleys.swing(path, 10) / valleys.swing(path, 1)
    assert ratio == pytest.approx(growth**9)


def test_with_noise_the_swing_stops_shrinking_at_the_floor():
    path = descend(sgd, noisy(valleys.bowl(), 0.1), np.ones(4000), 60, 0.8)
    # e = 0.2^2 e + (0.8 sigma)^2, and a step is 0.8 (w + noise).
    floor = 0.64 * 0.01 / (1.0 - 0.04)
    step = 0.8 * np.sqrt(floor + 0.01)
    assert valleys.swing(path, 60) == pytest.approx(step, rel=0.05)


def test_the_way_that_is_wasted_is_what_goes_there_and_back():
    assert valleys.wasted(np.array([1.0, 0.5, 0.2])) == 0.0
    assert valleys.wasted(np.array([1.0, -0.5, 0.25])) == pytest.approx(1.5)


def test_momentum_adds_up_equal_gradients_and_cancels_changing_ones():
    equal, changing = valleys.signs(momentum, False), valleys.signs(momentum, True)
    assert equal[0] == 1.0
    assert equal[1] == pytest.approx(1.9)
    assert changing[1] == pytest.approx(0.1)
    assert valleys.signs(rmsprop, False)[1] == pytest.approx(1 / np.sqrt(0.19))


def test_heavy_balls_are_those_of_a_recurrence():
    rule = partial(momentum, gamma=np.array([0.3, 0.6]))
    path = descend(rule, valleys.bowl(2.0), np.ones(2), 2, 0.1)
    # Velocities 0.2, then 0.3 * 0.2 + 0.1 * 2 * 0.8 and 0.6 * 0.2 + 0.1 * 2 * 0.8.
    np.testing.assert_allclose(path[2], [0.8 - 0.22, 0.8 - 0.28])


def test_a_ball_that_swings_through_is_told_from_one_that_creeps():
    # Complex roots, and two real ones: gamma 1/4 has its bound at a rate of 1/4.
    rule = partial(momentum, gamma=0.25)
    path = descend(rule, valleys.bowl(), np.ones(2), 50, np.array([0.2, 0.5]))
    creeping, swinging = valleys.past_the_minimum(path)
    assert creeping == 0.0
    assert swinging > 0.01
