"""Closed forms, against known integrals, Keras's activations and sampling."""

import keras
import numpy as np
import pytest
from scipy import stats

from ablations.measures.depth import mean_field
from ablations.measures.depth.mean_field import (
    ACTIVATIONS,
    batch_norm_gradient_factor,
    gaussian_mean,
    gradient_factors,
    lengths,
    next_length,
    second_moment,
    slope_second_moment,
    variance,
)
from ablations.training.backend import value_and_gradients
from models.activations import ActivationLayer
from models.config import ConfigError


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_slope_are_those_of_the_keras_layer(name):
    x = np.linspace(-6.0, 6.0, 500, dtype=np.float32)[:, None]
    layer = ActivationLayer(name)
    layer.build(x.shape)

    def total(inputs):
        y = layer(inputs[0])
        return keras.ops.sum(y), y

    value, (slope,) = value_and_gradients(total, [keras.ops.convert_to_tensor(x)])
    value, slope = (keras.ops.convert_to_numpy(v) for v in (value, slope))
    # Both are rounded to float32, and values go up to 6.
    assert np.allclose(ACTIVATIONS[name].value(x), value, atol=3e-6)
    assert np.allclose(ACTIVATIONS[name].slope(x), slope, atol=3e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_moments_agree_with_sampling(name):
    z = np.random.default_rng(0).standard_normal(1_000_000)
    phi = ACTIVATIONS[name]
    q = 1.7
    u = np.sqrt(q) * z
    for sampled, found in (
        (phi.value(u) ** 2, second_moment(name, q)),
        (phi.slope(u) ** 2, slope_second_moment(name, q)),
        ((phi.value(u) - phi.value(u).mean()) ** 2, variance(name, q)),
    ):
        # Five standard errors, and the error of quadrature where there is no spread.
        error = 5.0 * sampled.std() / 1000.0 + 1e-6
        assert abs(sampled.mean() - found) < error


def test_moments_of_relu_and_of_straight_lines_are_known():
    # Quadrature is good to about 1e-6 at kinks.
    assert second_moment("relu", 3.0) == pytest.approx(1.5, rel=1e-6)
    assert slope_second_moment("relu", 3.0) == pytest.approx(0.5, rel=1e-6)
    assert variance("relu", 1.0) == pytest.approx(0.5 - 0.5 / np.pi, rel=1e-5)
    assert second_moment("leaky_relu", 1.0) == pytest.approx(0.52, rel=1e-6)
    assert second_moment("linear", 2.5) == pytest.approx(2.5, rel=1e-9)
    assert gaussian_mean(np.cos, 2.0) == pytest.approx(np.exp(-1.0), rel=1e-9)
    assert gaussian_mean(np.exp, 0.0) == pytest.approx(1.0, rel=1e-12)


def test_the_nodes_have_the_weights_of_a_normal_distribution():
    z, weights = mean_field._nodes(10_000)
    below = weights[z < 1.0].sum()
    # One cell of width 0.002 is in doubt.
    assert below == pytest.approx(stats.norm.cdf(1.0), abs=1e-3)
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)


def test_lengths_follow_the_map_from_the_first_on():
    assert lengths("relu", 2.0, 3.0, 0).shape == (0,)
    assert lengths("relu", 1.0, 4.0, 4) == pytest.approx([4, 2, 1, 0.5], rel=1e-6)
    q = lengths("tanh", 2.0, 1.0, 3, sigma_b2=0.1)
    assert q[1] == next_length("tanh", 2.0, q[0], 0.1)
    assert q[2] == pytest.approx(2.0 * second_moment("tanh", q[1]) + 0.1)


def test_signals_of_tanh_fade_at_a_weight_variance_of_one():
    faded = lengths("tanh", 1.0, 1.0, 200)
    # Near zero tanh(u)^2 is u^2 - 2 u^4 / 3, so q falls by 2 q^2: q_l = 1 / (2 l).
    assert faded[-1] == pytest.approx(1.0 / 400.0, rel=0.05)


def test_gradients_stay_at_the_weight_variances_of_he_and_glorot():
    q = np.array([0.5, 7.0])
    assert gradient_factors("relu", 2.0, q) == pytest.approx([1.0, 1.0], rel=1e-6)
    assert gradient_factors("tanh", 1.0, 1e-8 * q) == pytest.approx(1.0, rel=1e-6)


def test_impossible_moments_are_refused():
    with pytest.raises(ConfigError, match="variance"):
        gaussian_mean(np.tanh, -1.0)
    with pytest.raises(ConfigError, match="Did you mean 'tanh'"):
        second_moment("tanhh", 1.0)


def test_gradients_explode_under_batch_norm_as_published_for_relu():
    found = batch_norm_gradient_factor("relu")
    assert found == pytest.approx(np.pi / (np.pi - 1.0), rel=1e-5)
    assert batch_norm_gradient_factor("linear") == pytest.approx(1.0, rel=1e-9)
