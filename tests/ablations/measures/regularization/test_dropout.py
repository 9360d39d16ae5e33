"""What dropout does in one pass and one update, against counting and arithmetic."""

import numpy as np
import pytest

from ablations.measures.regularization.dropout import (
    NUM_ROWS,
    RETENTIONS,
    batch_masks,
    inference_scaling,
    retained_share,
    subnetworks,
    weight_scaling,
    weights_of_dropped_units,
)


def test_masks_without_hidden_units_share_a_function():
    found = subnetworks()
    # Three sets of hidden units times four of inputs, and one function without any.
    assert found["functions"] == 3 * 4 + 1
    assert found["masks"] == found["masks_that_keras_draws"] == 2**4


def test_keras_draws_a_mask_per_row_unless_one_is_asked_for():
    found = batch_masks()
    assert found["sets_of_units_in_a_batch"] == NUM_ROWS
    assert found["sets_of_units_with_one_mask_asked_for"] == 1
    assert found["share_of_batches_with_the_masks_of_the_last"] == 0.0


def test_dropped_units_move_only_where_a_rule_remembers_or_decays():
    found = weights_of_dropped_units()
    for rule in ("sgd", "rmsprop", "adagrad"):
        assert found[f"movement_under_{rule}"] == 0.0
    for rule in ("momentum", "adam", "sgd_with_l2", "sgd_with_decay"):
        assert found[f"movement_under_{rule}"] > 0.001
    assert found["movement_of_kept_units_under_sgd"] > 0.0


def test_decay_and_a_penalty_of_twice_its_size_move_kernels_alike():
    found = weights_of_dropped_units()
    # The penalty l2 w^2 has the gradient 2 l2 w; the decay also takes the biases,
    # which a penalty on kernels leaves alone.
    ratio = found["movement_under_sgd_with_l2"] / found["movement_under_sgd_with_decay"]
    assert ratio == pytest.approx(2.0 * (1 - 1 / 9), rel=0.15)


def test_the_argument_of_keras_is_the_share_dropped():
    found = retained_share()
    assert found["share_kept_by_dropout_0_3"] == pytest.approx(0.7, abs=0.002)
    assert found["share_kept_by_dropout_0_8"] == pytest.approx(0.2, abs=0.002)
    assert found["deviation_of_the_rule"].shape == (len(RETENTIONS),)
    # Not zero: the numbers are drawn.
    assert (found["deviation_of_the_rule"] > 0.0).all()


def test_scaled_weights_are_exact_up_to_the_first_nonlinearity_but_a_softmax():
    found = weight_scaling()
    assert (found["deviation_of_sums"] < 1e-13).all()
    assert (found["deviation_of_the_geometric_mean"] < 1e-13).all()
    assert (found["deviation_of_the_arithmetic_mean"] > 0.01).all()
    assert (found["deviation_of_relu_networks"] > 0.01).all()
    # Half of the units dropped makes masks vary more than a fifth dropped.
    at_half, at_four_fifths = found["deviation_of_relu_networks"]
    assert at_half > at_four_fifths


def test_keras_scales_in_training_and_not_in_use():
    found = inference_scaling()
    np.testing.assert_allclose(found["output_in_use_over_that_without_dropout"], 1.0)
    kept = found["kept_unit_in_training_over_itself"]
    np.testing.assert_allclose(kept, 1 / 0.7, rtol=1e-6)  # float32
    # Some rows of ones are kept and some dropped, so the means differ a little.
    means = found["mean_in_training_less_output_in_use"]
    assert 0.0 < np.abs(means).max() < 0.06
