"""What one hidden layer fits, and what layers without activation are."""

import pytest

from ablations.measures.activations.approximation import (
    linear_stacks,
    one_hidden_layer,
)


def test_a_polynomial_fits_no_better_with_more_units():
    errors = one_hidden_layer()
    square = [errors[f"largest_error_of_{w}_square"] for w in (16, 256)]
    assert square[1] == pytest.approx(square[0], rel=1e-3)
    # The best line through a sine of both signs misses it by most of its height.
    assert errors["largest_error_of_256_linear"] > 0.5


def test_cosines_fit_a_sine_better_with_more_units():
    errors = one_hidden_layer()
    assert errors["largest_error_of_64_cosine"] < errors["largest_error_of_4_cosine"]


def test_one_layer_stands_for_linear_ones_and_not_for_relu():
    found = linear_stacks()
    for depth in (2, 5, 10):
        assert found[f"deviation_of_{depth}_layers"] < 1e-5
        assert found[f"rank_of_{depth}_layers"] == 3
        assert found[f"share_left_of_{depth}_layers_of_relu"] > 0.05
