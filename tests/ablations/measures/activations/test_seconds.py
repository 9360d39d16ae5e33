"""What is timed computes what Keras computes."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from ablations.measures import timing
from ablations.measures.activations.seconds import (
    BACKWARD,
    FORWARD,
    ROWS,
    least_ratio,
    training_step,
    zeroed,
)
from ablations.measures.activations.slopes import autodiff
from ablations.training.backend import value_and_gradients

X = np.float32([-3.0, -0.5, -1e-3, 1e-3, 0.7, 4.0])


@pytest.mark.parametrize("name", FORWARD)
def test_outputs_and_slopes_are_those_of_keras(name):
    expected = keras.ops.convert_to_numpy(keras.activations.get(name)(X))
    outputs = FORWARD[name](X)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-7)
    slopes = BACKWARD[name](np.ones_like(X), outputs)
    np.testing.assert_allclose(slopes, autodiff(name, X), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", FORWARD)
def test_an_update_is_gradient_descent_as_keras_computes_it(name):
    step, (x, y, first, second) = training_step(name)

    def loss(weights):
        hidden = keras.activations.get(name)(keras.ops.matmul(x, weights[0]))
        error = keras.ops.matmul(hidden, weights[1]) - y
        return keras.ops.sum(keras.ops.square(error)) / 2, error

    tensors = [keras.ops.convert_to_tensor(w.copy()) for w in (first, second)]
    _, gradients = value_and_gradients(loss, tensors)
    starts = [first.copy(), second.copy()]
    step()
    for start, now, gradient in zip(starts, (first, second), gradients, strict=True):
        expected = start - 1e-4 / ROWS * keras.ops.convert_to_numpy(gradient)
        # Weights of order one in float32.
        np.testing.assert_allclose(now, expected, atol=1e-6)
        assert np.abs(now - start).max() > 1e-6


def test_a_share_of_the_inputs_is_zero():
    assert np.mean(zeroed(0.9) == 0) == pytest.approx(0.9, abs=0.01)


def test_only_what_takes_longer_each_time_is_surely_slower(clock, monkeypatch):
    monkeypatch.setattr(timing, "time", SimpleNamespace(thread_time=clock))
    unit = clock.step(1e-4)
    assert least_ratio(unit, unit) <= 1.0
    assert least_ratio(clock.step(1e-4, late=0.1), unit) <= 1.0
    assert least_ratio(clock.step(0.9e-4), unit) < 0.95
    assert 1.05 < least_ratio(clock.step(1.1e-4), unit) <= 1.1
    assert 1.05 < least_ratio(clock.step(1.1e-4, late=0.1), unit)
