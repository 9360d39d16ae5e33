"""Counts of updates against the time that the flow takes, fits against polynomials."""

import keras
import pytest
from scipy.integrate import quad
from threadpoolctl import threadpool_limits

from ablations.measures.activations.saturation import (
    MOST_UPDATES,
    RATE,
    SLOPES,
    error_beyond,
    sigmoid,
    updates_until,
)
from ablations.training.backend import value_and_gradients

LOSSES = {"mse": "mean_squared_error", "bce": "binary_crossentropy"}


@pytest.fixture
def one_thread():
    with threadpool_limits(limits=1, user_api="blas"):
        yield


@pytest.mark.parametrize("loss", SLOPES)
def test_slopes_are_those_of_the_losses_of_keras(loss):
    for z in (-1.5, 0.5, 3.0):

        def total(weights):
            p = keras.ops.sigmoid(weights[0])
            y = keras.ops.zeros((1, 1))
            return keras.ops.mean(getattr(keras.losses, LOSSES[loss])(y, p)), p

        _, (slope,) = value_and_gradients(total, [keras.ops.full((1, 1), z)])
        expected = float(keras.ops.convert_to_numpy(slope)[0, 0])
        # Keras computes in float32.
        assert SLOPES[loss](z) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("start", [0.5, 3.0])
def test_updates_take_as_long_as_the_flow_that_they_follow(loss, start):
    time, _ = quad(lambda z: 1.0 / SLOPES[loss](z), -1.0, start)
    # A step of a tenth overshoots what it follows by a few in a hundred.
    count = updates_until(SLOPES[loss], start, -1.0)
    assert count * RATE == pytest.approx(time, rel=0.05)


def test_a_missing_factor_is_noticed():
    right = updates_until(SLOPES["mse"], 3.0, 0.0)
    without_slope = updates_until(lambda z: 2.0 * sigmoid(z), 3.0, 0.0)
    assert right > 5 * without_slope


def test_a_start_that_is_there_needs_no_update_and_a_flat_loss_never_ends():
    assert updates_until(SLOPES["bce"], -3.0, -2.0) == 0
    assert updates_until(lambda z: 0.0, 1.0, 0.0) == MOST_UPDATES


def test_what_is_fitted_is_right_inside_and_a_line_stays_right_beyond(one_thread):
    inside, _ = error_beyond("tanh", 1.0, 900_000)
    assert inside < 1e-4
    # On so short an interval the sine is a line, which layers without bends follow on.
    inside, beyond = error_beyond("linear", 0.01, 900_000)
    assert inside < 1e-6
    assert beyond < 1e-5
