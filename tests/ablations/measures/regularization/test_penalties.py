"""What penalties do, against arithmetic and closed forms."""

import numpy as np
import pytest

from ablations.measures.regularization import penalties
from ablations.measures.regularization.penalties import (
    BENT,
    FIRST_SEEN,
    NUM_INPUTS,
    RATE,
    SYMMETRIC,
    default_weight_decay,
    jitter_and_ridge,
    l2_penalty,
    least_squares_fit,
    optimizer_defaults,
    optimizer_of,
    path,
    printed_parameters,
    random_targets,
    rescaled_networks,
)


def test_the_penalty_of_one_and_two_is_a_hundredth_of_five():
    found = l2_penalty()
    assert found["penalty"] == pytest.approx(0.05)
    # A bias of 5 would add 0.25.
    assert found["loss_where_data_are_fitted"] == pytest.approx([0.05, 0.05])
    assert found["gradient_error"] < 1e-6  # seven digits of weights up to 2


def test_the_printed_penalty_leaves_out_biases_and_the_output():
    share = penalties.printed_penalty()["penalized_share_of_parameters"]
    assert share == (32 * 128 + 128 * 64) / 12545


def test_the_printed_network_has_the_printed_parameters():
    found = printed_parameters()
    assert found["first_hidden_layer"] == 32 * 128 + 128
    assert found["second_hidden_layer"] == 128 * 64 + 64
    assert found["output_layer"] == 65
    assert found["total"] == 12545
    assert found["dropout_layers"].tolist() == [0, 0]
    assert found["not_trainable"] == 0
    assert found["kilobytes"] == 12545 * 4 / 1024


def test_scales_cancel_where_they_can_and_only_there():
    found = rescaled_networks()
    for kind in SYMMETRIC:
        assert found[f"change_of_{kind}"] < 1e-5  # rounding of float32
    for kind in BENT:
        assert found[f"change_of_{kind}"] > 0.5
    # He's weights: 8 x 32 of variance 2 / 8, and 32 of variance 2 / 32.
    expected = (100 * 64 + 0.01 * 2) / (64 + 2)
    assert found["squared_norm_ratio_of_relu"] == pytest.approx(expected, rel=0.03)
    # Two halves make a quarter, and batch norm undoes the only one it meets.
    assert found["spread_of_halved_relu"] == pytest.approx(0.25, rel=1e-4)
    assert found["spread_of_halved_leaky_relu"] == pytest.approx(0.25, rel=1e-4)
    assert found["spread_of_halved_batch_norm"] == pytest.approx(1.0, rel=1e-4)


def test_a_path_of_gradient_descent_under_a_penalty_is_its_formula():
    gradient, start = least_squares_fit()
    found = path(
        optimizer_of("sgd", learning_rate=RATE), gradient, start, l2=0.1, num_steps=5
    )
    w = start
    for step in range(5):
        w = w - RATE * (gradient(w) + 0.2 * w)
        # Keras keeps seven digits.
        assert found[step + 1] == pytest.approx(w, rel=1e-5, abs=1e-6)


def test_the_gradient_of_the_fit_is_a_derivative():
    gradient, start = least_squares_fit()
    step = 1e-4
    columns = [
        (gradient(start + step * e) - gradient(start - step * e)) / (2 * step)
        for e in np.eye(NUM_INPUTS)
    ]
    hessian = np.array(columns)
    assert hessian == pytest.approx(hessian.T, abs=1e-8)  # of a quadratic function
    assert (np.linalg.eigvalsh(hessian) > 0).all()


def test_defaults_are_read_of_optimizers_and_not_of_what_wraps_them():
    defaults = optimizer_defaults()
    assert {"SGD", "RMSprop", "Adagrad", "Adam", "AdamW", "Lion"} <= set(defaults)
    assert not {"Optimizer", "LossScaleOptimizer"} & set(defaults)
    assert defaults["AdamW"] == 0.004
    assert defaults["SGD"] is None
    found = default_weight_decay()
    decaying = [name for name, value in defaults.items() if value]
    assert found["num_that_decay"] == len(decaying)
    assert found["share_that_decay"] == len(decaying) / len(defaults)
    assert found["num_since_adam"] <= len(FIRST_SEEN)


def test_a_default_decays_weights_that_have_no_gradient():
    import keras

    for name, decays in (("Adam", False), ("AdamW", True)):
        w = keras.Variable(np.ones(2, np.float32))
        getattr(keras.optimizers, name)(0.1).apply([np.zeros(2, np.float32)], [w])
        after = keras.ops.convert_to_numpy(w.value)
        assert after == pytest.approx(np.full(2, 1.0 - 0.1 * 0.004 * decays), abs=1e-7)


def test_jitter_comes_nearer_to_the_penalty_with_more_copies():
    found = jitter_and_ridge()
    few, many = (found[f"distance_of_{n}_copies_from_ridge"] for n in ("few", "many"))
    assert found["distance_of_ridge_from_no_penalty"] > 0.1
    # The error falls as the root of 1,000 times the copies.
    assert few / 100 < many < few / 10


def test_noise_is_best_guessed_by_one_half():
    found = random_targets()
    # Three standard errors of 20,000 uniform numbers.
    assert found["squared_error_of_one_half"] == pytest.approx(1 / 12, abs=0.0016)
    assert found["absolute_error_of_one_half"] == pytest.approx(1 / 4, abs=0.0031)
    # 32 of 20,000 dimensions are fitted by chance.
    assert found["share_explained_by_inputs"] == pytest.approx(0.0016, abs=0.0012)
