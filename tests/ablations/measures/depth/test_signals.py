"""Passes through deep networks, against Keras, and theories that are wrong."""

import keras
import numpy as np
import pytest

from ablations.measures.depth import signals as depth
from ablations.measures.depth.mean_field import batch_norm_gradient_factor
from ablations.measures.depth.signals import (
    PAIRS,
    SIGMA_W2,
    activation_variance,
    band_factors,
    factor_interval,
    geometric_mean,
    he_kernels,
    largest_error,
    moments,
    passes,
    predicted_moments,
    row_errors,
    unit_rows,
)
from ablations.training.backend import value_and_gradients
from models.config import MLPConfig
from models.mlp import build_mlp

ROWS, UNITS, LAYERS = 12, 16, 4


def keras_passes(activation, kernels, x, errors, batch_norm):
    """Return activations and the gradients of every kernel of a Keras MLP."""
    config = MLPConfig(
        input_units=UNITS,
        hidden_units=(UNITS,) * LAYERS,
        activation=activation,
        use_bias=False,
        batch_norm=batch_norm,
        batch_norm_center=False,
        batch_norm_scale=False,
    )
    model = build_mlp(config, seed=0, stackable=True)
    layers = [model.get_layer(f"activation_{k}") for k in range(1, LAYERS + 1)]
    inner = keras.Model(model.input, [layer.output for layer in layers])
    weights = [keras.ops.convert_to_tensor(kernel) for kernel in kernels]
    others = inner.non_trainable_variables

    def total(values):
        outputs, _ = inner.stateless_call(values, others, x, training=True)
        return keras.ops.sum(outputs[-1] * errors), outputs

    outputs, gradients = value_and_gradients(total, weights)
    return [
        np.array([keras.ops.convert_to_numpy(v) for v in values])
        for values in (outputs, gradients)
    ]


@pytest.mark.parametrize("batch_norm", [None, "before"])
def test_passes_are_those_of_the_keras_network(batch_norm):
    kernels = he_kernels(UNITS, LAYERS, seed=4)
    x, errors = unit_rows(ROWS, UNITS, 1), row_errors(ROWS, UNITS, 2)
    epsilon = 1e-3 if batch_norm else None
    activations, gradients = passes(kernels, x, errors, PAIRS, epsilon)
    for network, (name, rule) in enumerate(PAIRS):
        scaled = np.sqrt(SIGMA_W2[rule] / 2.0).astype(np.float32) * kernels
        found, kernel_gradients = keras_passes(name, scaled, x, errors, batch_norm)
        # Rounding of float32 over four layers.
        assert np.allclose(activations[:, network], found, rtol=1e-4, atol=1e-5)
        if batch_norm:
            continue
        below = np.concatenate([x[None], activations[:-1, network]])
        ours = below.transpose(0, 2, 1) @ gradients[:, network]
        size = np.abs(kernel_gradients).max(axis=(1, 2), keepdims=True)
        assert np.abs(ours - kernel_gradients).max() < 1e-4 * size.max()
        assert (np.abs(ours - kernel_gradients) < 1e-4 * size).all()


def test_gradients_pass_through_batch_norm_as_differences_say():
    kernels = np.float64(he_kernels(UNITS, LAYERS, seed=4))
    x, errors = np.float64(unit_rows(ROWS, UNITS, 1)), row_errors(ROWS, UNITS, 2)
    pairs = [("tanh", "he")]

    def output(first):
        done, _ = passes(np.array([first, *kernels[1:]]), x, errors, pairs, 1e-3)
        return np.sum(np.float64(done[-1, 0]) * errors)

    _, gradients = passes(kernels, x, errors, pairs, 1e-3)
    # The kernel's gradient is known where the sums of the first layer are spread.
    sums = x @ kernels[0]
    centered = sums - sums.mean(axis=0)
    sd = np.sqrt(np.mean(centered**2, axis=0) + 1e-3)
    z = centered / sd
    here = gradients[0, 0]
    raw = (here - here.mean(axis=0) - z * np.mean(here * z, axis=0)) / sd
    ours = x.T @ raw
    for place in ((0, 0), (3, 7), (15, 2)):
        step = np.zeros_like(kernels[0])
        step[place] = 0.01
        slope = (output(kernels[0] + step) - output(kernels[0] - step)) / 0.02
        # Activations are rounded to float32; the curvature adds about 1e-3.
        assert ours[place] == pytest.approx(slope, rel=0.02, abs=2e-3)


def test_side_by_side_kernels_are_he_and_over_root_two_glorot():
    kernels = he_kernels(64, 30, seed=0)
    assert kernels.shape == (30, 64, 64)
    # Four standard errors of the deviation of 122,880 draws are 0.8 %.
    assert kernels.std() == pytest.approx(np.sqrt(2.0 / 64), rel=0.008)
    one = he_kernels(64, 1, seed=2)[0]
    glorot = keras.initializers.GlorotNormal(seed=2)((64, 64))
    glorot = keras.ops.convert_to_numpy(glorot)
    assert np.allclose(one / np.sqrt(2.0), glorot, rtol=1e-5)
    assert np.abs(he_kernels(64, 30, seed=1)).max() <= np.sqrt(6.0 / 64)


def test_rows_have_mean_square_one_and_signs_that_differ():
    assert np.mean(unit_rows(5, 100, 0) ** 2, axis=1) == pytest.approx(np.ones(5))
    errors = row_errors(40, 8, 0)
    assert np.abs(errors) == pytest.approx(np.abs(errors[:1]).repeat(40, axis=0))
    assert 5 < (errors[:, 0] > 0).sum() < 35


def test_band_factors_are_mean_factors_per_layer():
    moments_of_layers = 3.0 * 0.8 ** np.arange(20.0)
    assert band_factors(moments_of_layers, (1, 5, 20)) == pytest.approx([0.8, 0.8])
    assert geometric_mean(np.array([[1.0], [4.0]])) == pytest.approx([2.0])


def small_moments(num_seeds=6, layers=20):
    """Return mean squares of small deep networks, geometric mean over seeds."""
    found = [moments(he_kernels(256, layers, s), PAIRS, 4, s) for s in range(num_seeds)]
    return geometric_mean(np.array(found))


def test_closed_forms_agree_with_networks_of_another_size_and_other_seeds():
    measured = small_moments()
    for network, (name, rule) in enumerate(PAIRS):
        predicted = predicted_moments(name, rule, depth=20)
        for way in range(2):
            found = band_factors(measured[way, network], (1, 20))
            expected = band_factors(predicted[way], (1, 20))
            # sqrt(5 / 256) = 14 % per layer, over 19 layers and 6 seeds: 1.3 %.
            assert found == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("wrong", [0.9, 1.1])
def test_a_planted_wrong_factor_is_noticed(wrong):
    layers = np.arange(50.0)
    for name, rule in PAIRS:
        for truth in predicted_moments(name, rule):
            assert largest_error(truth, truth) == 0.0
            assert largest_error(truth, truth * wrong**layers) > 0.09
            # In one band of five alone it is noticed too.
            late = np.where(layers > 40, wrong ** (layers - 40), 1.0)
            assert largest_error(truth, truth * late) > 0.08


def test_swapped_activations_and_initializers_are_noticed():
    for name, rule in PAIRS:
        truth = predicted_moments(name, rule)
        for other in PAIRS:
            if other == (name, rule):
                continue
            both = zip(truth, predicted_moments(*other), strict=True)
            assert max(largest_error(t, p) for t, p in both) > 0.05


def test_a_batch_norm_theory_without_the_mean_is_noticed():
    # Leaving the mean of phi out of its variance gives a factor of 1 for ReLU.
    true = batch_norm_gradient_factor("relu") ** -np.arange(50.0)
    assert largest_error(true, np.ones(50)) > 0.3


def test_the_interval_of_a_factor_covers_it():
    rng = np.random.default_rng(0)
    steps = depth.SHALLOW_DEPTH - 1
    truth = 0.9
    covered = 0
    for _ in range(300):
        first = rng.lognormal(0.0, 0.3, 60)
        last = first * truth**steps * rng.lognormal(-0.125, 0.5, 60)
        factor, half = factor_interval(np.column_stack([first, last]))
        covered += abs(factor - truth) <= half
    # 95 % of 300 is 285 with a standard deviation of 3.8; skew costs a little.
    assert 268 <= covered <= 298


def test_the_variance_of_activations_is_what_theory_says_on_other_seeds():
    found = activation_variance(first_seed=1000)
    last = depth.SHALLOW_DEPTH
    for name, rule in (("linear", "glorot"), *PAIRS):
        predicted, _ = predicted_moments(name, rule, last)
        expected = band_factors(predicted, (1, last)).item()
        # 0.5 % of noise over 128 networks of 128 units.
        assert found[f"second_moment_{name}_{rule}"] == pytest.approx(
            expected, rel=0.02
        )
    assert found["input_variance_relu_he"] < found["variance_relu_he"] - 0.05
