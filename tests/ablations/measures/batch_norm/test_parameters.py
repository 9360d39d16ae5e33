"""What scale and shift undo, and what is missing without them."""

import numpy as np
import pytest

from ablations.measures.batch_norm.parameters import (
    UNITS,
    learned,
    left_by,
    left_without,
    missed,
    undo,
)


def test_a_feature_moved_by_its_deviation_is_missed_by_one():
    x = np.array([[0.0, 1.0], [2.0, 1.5], [4.0, 2.0]])
    assert missed(x, x) == 0
    # Deviations are the roots of 8 / 3 and of 1 / 6; the largest distance counts.
    assert missed(x + np.sqrt(1 / 6), x) == pytest.approx(1)


def test_other_batches_are_missed_by_the_error_of_their_statistics():
    found = undo(100)
    # A mean misses by 1 / m, a deviation by 1 / 2m, and so do those it was set by.
    expected = np.sqrt(2 * 1.5 / 100)
    assert expected / 2 < found["missed_on_other_batches"] < 2 * expected


def test_descent_comes_nearer_by_a_fifth_with_each_update():
    # 1 - 2 rate var, where var of what is normalized is nearly one.
    assert learned(10, 6) / learned(10, 5) == pytest.approx(0.8, abs=1e-3)


def test_a_factor_and_a_constant_behind_leave_nothing():
    x = np.linspace(-1, 1, 5)
    assert left_by(np.array([3 * x + 2]), x) == pytest.approx(0, abs=1e-12)
    # Rows in two pairs of values that do not go together.
    a, b = np.array([1.0, 1, -1, -1]), np.array([1.0, -1, 1, -1])
    assert left_by(a[None], b) == 1
    assert left_by(np.zeros((1, 4)), b) == 1


def test_a_unit_that_lacks_nothing_is_found_and_one_that_does_is_not():
    x = np.linspace(-3, 3, 101)
    tanh = UNITS["tanh"]
    assert left_without("scale", tanh, -1.0, 0.4, x) == pytest.approx(0, abs=1e-12)
    assert left_without("shift", tanh, 2.5, 0.0, x) == pytest.approx(0, abs=1e-12)
    step = lambda z: np.float64(z > 0)  # noqa: E731
    assert left_without("shift", step, 1.0, 1.5, x) > 0.1
