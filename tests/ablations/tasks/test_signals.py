"""Signals of digits are made of the parts that MNIST-1D is made of."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from ablations.tasks import TaskConfig, make_task
from ablations.tasks.signals import (
    CANVAS,
    POINTS,
    resampled,
    shapes,
    smoothed,
    widened,
)

RNG = np.random.default_rng(0)


def test_shapes_start_and_end_at_0_and_have_one_deviation():
    found = shapes()
    assert found.shape == (10, 12)
    assert np.abs(found[:, [0, -1]]).max() < 1e-12
    np.testing.assert_allclose(found.std(axis=1), 1 / 6)
    # The 7 leaps up at once, the 6 falls.
    assert found[7].argmax() == 1
    assert found[6, 1] < 0


@pytest.mark.parametrize(("padding", "width"), [(60, 12), (36, 19)])
def test_a_shape_is_stretched_and_0_lies_behind_it(padding, width):
    labels = np.arange(10)
    points, is_shape = widened(labels, np.full(10, padding))
    assert points.shape == (10, CANVAS)
    assert (is_shape.sum(axis=1) == width).all()
    assert (points[~is_shape] == 0).all()
    padded = np.pad(shapes(), ((0, 0), (0, padding)))
    place = np.linspace(0, 11 + padding, CANVAS)
    for digit in labels:
        expected = np.interp(place, np.arange(12 + padding), padded[digit])
        np.testing.assert_allclose(points[digit], expected, atol=1e-12)


def test_noise_is_smoothed_as_scipy_does():
    noise = RNG.normal(size=(3, CANVAS))
    expected = gaussian_filter1d(noise, 2.0, axis=1)
    np.testing.assert_allclose(smoothed(noise), expected, atol=1e-12)


def test_a_straight_line_is_resampled_to_a_straight_line():
    line = np.linspace(0, 1, CANVAS)[None]
    expected = np.linspace(0, 1, POINTS)[None]
    np.testing.assert_allclose(resampled(line), expected, atol=1e-12)


def test_signals_have_mean_0_variance_1_and_all_digits():
    data = make_task(TaskConfig(name="mnist1d", num_train=5000)).rows([0])
    assert data.x.shape == (1, 5000, POINTS)
    # 5,000 rows of some ten independent points.
    assert data.x.mean() == pytest.approx(0, abs=0.02)
    assert data.x.std() == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(data.y[0].mean(axis=0), 0.1, atol=0.02)
    assert data.x_test.shape == (1, 1000, POINTS)


def test_shuffled_points_are_in_one_order_for_all_signals_of_a_seed():
    plain, shuffled = (
        make_task(TaskConfig(name="mnist1d", num_train=50, features=kind)).rows([0, 1])
        for kind in ("raw", "shuffled_pixels")
    )
    orders = []
    for run in range(2):
        columns = {plain.x[run][:, j].tobytes(): j for j in range(POINTS)}
        order = [columns[shuffled.x[run][:, j].tobytes()] for j in range(POINTS)]
        np.testing.assert_array_equal(shuffled.x_test[run], plain.x_test[run][:, order])
        orders.append(order)
    assert orders[0] != orders[1]
    np.testing.assert_array_equal(plain.y, shuffled.y)
