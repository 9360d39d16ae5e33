"""What batch norm puts out, against numbers that one can work out by hand."""

import numpy as np
import pytest

from ablations.measures.batch_norm import layer as measured
from ablations.measures.batch_norm.layer import (
    averaged,
    follow,
    formula,
    keras_layer,
    lag,
    largest_at_inference,
    largest_over_bound,
    normalize,
    put_out,
)


def test_a_batch_of_three_is_normalized_as_by_hand():
    # Mean 2, variance 8 / 3, and a constant feature.
    x = np.array([[0.0, 7.0], [2.0, 7.0], [4.0, 7.0]])
    by_hand = 2 / np.sqrt(8 / 3 + 1)
    for found in (normalize(x, 1.0), put_out(keras_layer(2, 1.0), x, training=True)):
        np.testing.assert_allclose(found[:, 0], [-by_hand, 0, by_hand], atol=1e-12)
        np.testing.assert_allclose(found[:, 1], 0, atol=1e-12)


def test_the_variance_divides_by_all_rows_unless_told_to_spare_one():
    x = np.array([[-1.0], [1.0]])
    np.testing.assert_allclose(normalize(x, 0.0), x)
    np.testing.assert_allclose(normalize(x, 0.0, spare=1), x / np.sqrt(2))


def test_another_epsilon_than_the_layer_has_is_noticed(monkeypatch):
    exact = formula(20, (1.0, 3.0), {"large": 0.1})
    assert exact["deviation_from_the_formula_with_epsilon_of_large"] < 1e-9
    assert exact["smallest_deviation_of_a_fault"] > 1e-3
    monkeypatch.setattr(measured, "keras_layer", lambda d, _: keras_layer(d, 0.2))
    assert (
        formula(20, (1.0,), {"large": 0.1})[
            "deviation_of_the_variance_with_epsilon_of_large"
        ]
        > 0.01
    )


def test_an_outlier_reaches_the_bound_of_its_batch_and_no_more():
    # Of five rows one is off: it comes out near 2, the root of 4.
    assert largest_over_bound(5, 1e5) == pytest.approx(1, abs=1e-4)
    assert largest_over_bound(5, 1e5) <= 1
    assert largest_over_bound(5, 0.0) < 0.99
    assert largest_over_bound(5, 1e5, scale=3.0) == pytest.approx(3, abs=1e-3)


def test_a_row_comes_out_as_far_off_as_it_goes_into_inference():
    assert largest_at_inference(3.0) == pytest.approx(3, rel=1e-4)


def test_averages_move_by_what_the_momentum_leaves():
    np.testing.assert_allclose(follow(np.array([0.0]), np.array([4.0]), 0.75), [1.0])
    left = lag((1, 2))
    assert left["left_after_2"] == pytest.approx(0.99**2)
    # After one update: mean 0.01 of the batch's, variance 1 + 0.01 (var - 1).
    assert left["gap_after_1"] > 1


def test_averages_by_another_momentum_are_noticed(monkeypatch):
    right = averaged(5, 8)
    assert right["deviation_of_the_moving_variance"] < 1e-9
    assert right["deviation_of_the_outputs"] < 1e-9
    wrong = lambda averages, batch, _: follow(averages, batch, 0.9)  # noqa: E731
    monkeypatch.setattr(measured, "follow", wrong)
    assert averaged(5, 8)["deviation_of_the_moving_mean"] > 0.1
