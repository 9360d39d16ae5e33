"""What dropout, batch norm and clipping do, against arithmetic."""

import numpy as np
import pytest

from ablations.measures.depth.remedies import (
    NUM_UNITS,
    ORDER_ACTIVATIONS,
    ORDER_RATE,
    SHARE_RATES,
    batch_norm_division,
    dropout_order,
    dropout_share,
    norm,
)


@pytest.fixture(scope="module")
def order():
    return dropout_order()


def test_the_place_of_dropout_matters_only_to_what_does_not_scale(order):
    for name in ORDER_ACTIVATIONS:
        difference = order[f"difference_{name}"]
        assert difference.shape == (2,)  # Keras's layer and ours
        if name in ("linear", "relu", "leaky_relu"):
            assert difference.max() < 1e-6  # rounding of float32
        else:
            assert difference.min() > 0.1


def test_a_dropped_sum_is_one_half_after_a_sigmoid(order):
    assert order["sigmoid_of_a_dropped_sum"] == 0.5
    # It is the largest difference, unless a kept unit bends further: the sigmoid of
    # z over its scaled value, at most 1 / 0.7 - 1 for large z.
    assert order["difference_sigmoid"] == pytest.approx(
        max(0.5, 1.0 / (1.0 - ORDER_RATE) - 1.0), abs=1e-6
    )


def test_the_share_of_a_pass_is_a_whole_number_of_units_that_varies():
    found = dropout_share()
    num = 2 * len(SHARE_RATES)
    assert {value.shape for value in found.values()} == {(num,)}
    # Whole units of 64 never make a tenth, so the nearest count is 0.4 units off.
    assert found["deviation_in_one_pass"].min() > 4 / NUM_UNITS
    # The most likely count of 64 coins has a probability of 10 % at rate one half.
    assert found["share_of_passes_with_the_nearest_count"][-2:] == pytest.approx(
        0.0993, abs=0.02
    )
    assert found["spread_over_binomial"] == pytest.approx(np.ones(num), abs=0.05)


def test_batch_norm_shrinks_features_as_its_epsilon_says():
    found = batch_norm_division()
    epsilon = found["epsilon"]
    for sd in (10.0, 1.0, 0.1, 0.01):
        name = f"sd_of_a_feature_of_sd_{sd:g}".replace(".", "_")
        expected = sd / np.sqrt(sd**2 + epsilon)
        assert found[name] == pytest.approx(expected, rel=1e-5)  # float32
    assert found["constant_feature_is_defined_by_the_formula"] == 0.0
    assert found["largest_output_of_a_constant_feature"] < 1e-3


def test_the_norm_is_of_all_tensors_together():
    assert norm([np.array([3.0]), np.array([[0.0], [4.0]])]) == 5.0
