"""What is timed is a gradient; how long it takes is no matter here."""

import keras
import numpy as np
import pytest

from ablations.measures.backpropagation.cost import (
    backward,
    by_differences,
    forward,
    network,
    ratios_in_turn,
)
from ablations.measures.timing import median_between


def test_the_loss_is_that_of_keras():
    parameters, x, y = network(6)
    loss, signals = forward(parameters, x, y)
    hidden = np.maximum(x @ parameters[0] + parameters[1], 0.0)
    np.testing.assert_array_equal(signals[1], hidden)
    logits = np.maximum(hidden @ parameters[2] + parameters[3], 0.0) @ parameters[4]
    said = keras.losses.categorical_crossentropy(y, logits, from_logits=True)
    # Keras computes in float32.
    assert loss == pytest.approx(float(np.mean(said)), rel=1e-5)


def test_both_ways_give_the_same_gradient_and_a_missing_factor_is_noticed():
    parameters, x, y = network(6)
    size = sum(p.size for p in parameters)
    differences = by_differences(parameters, x, y, size)
    flat = np.concatenate([g.ravel() for g in backward_of(parameters, x, y)])
    # One-sided differences are right to the spacing.
    np.testing.assert_allclose(differences, flat, atol=1e-4)
    assert np.abs(differences - flat * len(y)).max() > 0.1
    np.testing.assert_array_equal(by_differences(parameters, x, y, 5), differences[:5])


def backward_of(parameters, x, y):
    return backward(parameters, forward(parameters, x, y)[1], y)


def test_differences_leave_the_parameters_as_they_were():
    parameters, x, y = network(4)
    before = [p.copy() for p in parameters]
    by_differences(parameters, x, y, 50)
    for was, now in zip(before, parameters, strict=True):
        np.testing.assert_array_equal(was, now)


def test_the_interval_of_a_median_is_of_order_statistics():
    # Of 30 numbers the 10th and the 21st, by tables of the sign test.
    assert median_between(np.arange(1.0, 31.0)) == (15.5, 10.0, 21.0)
    # The smallest and the largest of six miss the median in 2 of 64 cases.
    assert median_between(np.arange(6.0)) == (2.5, 0.0, 5.0)
    assert np.isinf(median_between(np.arange(5.0))[1:]).all()


def test_steps_take_turns():
    called = []
    ratios = ratios_in_turn(lambda: called.append("a"), lambda: called.append("b"), 2)
    assert ratios.shape == (2,)
    assert (ratios > 0).all()
    assert {"a", "b"} == set(called)
