"""Descents, against numbers by hand and against Keras, on slopes that nobody judges."""

import keras
import numpy as np
import pytest

from ablations.measures.landscapes import descent
from ablations.measures.optimizers import rules
from ablations.measures.quantities import to_numpy

OF_KERAS = {
    "sgd": keras.optimizers.SGD,
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "adagrad_of_keras": keras.optimizers.Adagrad,
    "rmsprop_of_keras": keras.optimizers.RMSprop,
    "adam_of_keras": keras.optimizers.Adam,
}


@pytest.mark.parametrize("name", OF_KERAS)
def test_a_form_of_keras_makes_its_steps(name):
    optimizer = OF_KERAS[name](0.1)
    weight = keras.Variable(np.array([1.0, 1e-3], np.float32))
    for _ in range(5):
        optimizer.apply([2.0 * weight.value], [weight])
    rule = (descent.PRINTED | descent.KERAS)[name]
    path = descent.descend(rule, lambda w: 2.0 * w, np.array([1.0, 1e-3]), 5, 0.1)
    np.testing.assert_allclose(to_numpy(weight.value), path[-1], rtol=2e-5, atol=1e-8)


@pytest.mark.parametrize(
    ("rule", "steps"),
    [
        (descent.sgd, [3.0, 3.0]),
        (rules.momentum, [3.0, 5.7]),
        (rules.adagrad, [1.0, 1 / np.sqrt(2)]),
        (rules.rmsprop, [1 / np.sqrt(0.1), 1 / np.sqrt(0.19)]),
        (rules.adam, [1.0, 1.0]),
    ],
)
def test_the_first_two_steps_of_a_printed_rule_on_a_slope_of_three(rule, steps):
    path = descent.descend(rule, lambda w: np.full_like(w, 3.0), np.zeros(1), 2, 0.5)
    np.testing.assert_allclose(-np.diff(path[:, 0]), 0.5 * np.array(steps), rtol=1e-7)


def test_epsilon_holds_an_adaptive_rule_back_where_gradients_are_smaller():
    def first_step(slope):
        return descent.way(descent.on_a_slope(rules.adam, slope, 1))

    assert first_step(1e-8) == pytest.approx(first_step(1.0) / 2, rel=1e-6)


def test_gradients_of_the_saddles_are_changes_of_their_heights():
    heights = {
        descent.saddle: lambda w: w[0] ** 2 - w[1] ** 2,
        descent.linear_chain: lambda w: 0.5 * (1.0 - w[0] * w[1]) ** 2,
    }
    at, move = np.array([0.3, -0.7]), 1e-6 * np.eye(2)
    for gradient, height in heights.items():
        changes = [(height(at + e) - height(at - e)) / 2e-6 for e in move]
        np.testing.assert_allclose(gradient(at), changes, atol=1e-8)


def test_sgd_leaves_a_saddle_by_a_fixed_percentage_per_update():
    # Two percent per update: 1.02^34 < 2 <= 1.02^36.
    assert descent.updates_to_leave(0.5) == 36
    # Both ways after 100 updates, over the length of 100 steps of a hundredth.
    by_hand = 0.5 * np.hypot(1.02**100 - 1.0, 0.98**100 - 1.0)
    found = descent.from_beside(descent.sgd, descent.saddle, 0.5)
    assert found == pytest.approx(by_hand)


def test_noise_makes_a_descent_spread_as_its_variance_says():
    shaken = descent.noisy(lambda w: np.zeros_like(w), 2.0)
    path = descent.descend(descent.sgd, shaken, np.zeros((4000, 1)), 9, 0.5)
    assert descent.way(path) == pytest.approx(3.0, rel=0.05)
    # Without noise nothing moves.
    still = descent.descend(descent.sgd, lambda w: 0.0 * w, np.zeros((2, 1)), 9)
    assert descent.way(still) == 0.0
