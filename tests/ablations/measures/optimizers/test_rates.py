"""What is left of learning rates: sums by hand, and a rule whose sums fall."""

import numpy as np
import pytest

from ablations.measures.optimizers import rates
from ablations.measures.optimizers.rules import adagrad, rmsprop

SEED = 7


@pytest.fixture(scope="module")
def short():
    """Return updates and sums of three updates, by rule."""
    rules = {"adagrad": adagrad, "rmsprop": rmsprop}
    return {name: rates.long_training(rule, SEED, 3) for name, rule in rules.items()}


def test_sums_and_averages_are_those_computed_by_hand(short):
    noise = np.random.default_rng(SEED).standard_normal(3)
    np.testing.assert_allclose(short["adagrad"][1][:, 0], [1.0, 2.0, 3.0])
    np.testing.assert_allclose(short["adagrad"][1][:, 1], np.cumsum(noise**2))
    np.testing.assert_allclose(short["rmsprop"][1][:, 0], [0.1, 0.19, 0.271])


def test_the_gradient_in_a_valley_is_the_distance_that_is_left(short):
    updates, sums = short["adagrad"]
    left = 1.0 - np.cumsum(updates[:, 2])
    np.testing.assert_allclose(np.diff(sums[:, 2]), left[:2] ** 2)


def test_sums_that_fall_are_noticed():
    assert rates.share_that_falls(np.array([1.0, 2.0, 1.5, 3.0, 3.0])) == 0.25
    _, averages = rates.long_training(rmsprop, SEED, 200)
    _, sums = rates.long_training(adagrad, SEED, 200)
    assert rates.share_that_falls(averages) > 0.1 > rates.share_that_falls(sums)
