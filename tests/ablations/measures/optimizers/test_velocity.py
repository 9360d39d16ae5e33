"""The velocity of momentum: sums by hand, gains by theory."""

from functools import partial

import numpy as np
import pytest

from ablations.measures.optimizers import velocity
from ablations.measures.optimizers.rules import RATE, adagrad, momentum, trace


def test_a_velocity_is_the_sum_of_gradients_by_their_age():
    gradients = np.array([[1.0], [2.0], [4.0]])
    found = velocity.velocity_sum(gradients, rate=1.0, gamma=0.5)
    np.testing.assert_allclose(found[:, 0], [1.0, 2.5, 5.25])
    updates, _ = trace(partial(momentum, rate=1.0, gamma=0.5), gradients)
    np.testing.assert_allclose(found, updates)
    # Without weights it is another sum.
    plain = velocity.velocity_sum(gradients, rate=1.0, gamma=1.0)
    np.testing.assert_allclose(plain[:, 0], [1.0, 3.0, 7.0])


def test_updates_have_the_gain_of_a_leaky_sum():
    count, gamma = 400, 0.5
    k = np.arange(count)
    alternating, straight = np.where(k % 2, -1.0, 1.0), np.ones(count)
    size = partial(velocity.size_of_updates, gamma=gamma)
    assert size(alternating) == pytest.approx(1 / (1 + gamma))
    assert size(straight) == pytest.approx(1 / (1 - gamma))
    every_second = np.where(k // 2 % 2, -1.0, 1.0)
    assert size(every_second) == pytest.approx(1 / np.sqrt(1 + gamma**2))
    random = np.random.default_rng(7).choice((-1.0, 1.0), 20_000)
    assert size(random, 20_000) == pytest.approx(1 / np.sqrt(1 - gamma**2), rel=0.03)


def test_only_a_rate_of_its_own_takes_a_rare_feature_farther():
    def steps(count):
        return np.mean(1 / np.sqrt(np.arange(1, count + 1)))

    rare = partial(velocity.rare_over_frequent, count=100, between=4)
    assert rare(momentum) == pytest.approx(1.0)
    assert rare(adagrad) == pytest.approx(steps(25) / steps(100), rel=1e-6)


def test_plain_descent_takes_the_rate_times_the_gradient():
    updates, _ = trace(partial(momentum, gamma=0.0), np.array([[3.0], [3.0]]))
    np.testing.assert_allclose(updates, 3.0 * RATE)
