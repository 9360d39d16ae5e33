"""Gradients that travel back through recurrent networks, all without training."""

import numpy as np
import pytest

from ablations.experiments.gradient_growth import GradientGrowthConfig, state_gradients

SEEDS = np.arange(2_000_000, 2_000_007)


def test_gradients_are_products_of_slopes_and_kernels():
    kernel = np.array([[[2.0, 0.0], [0.0, 0.5]]])
    slopes = np.array([[[0.1, 1.0], [1.0, 1.0]]])  # of steps 1 and 2
    lengths = state_gradients(kernel, slopes, np.array([[1.0, 0.0]]))
    # Back through step 2: 1 x 2; through step 1: 2 x 0.1 x 2.
    np.testing.assert_allclose(10.0**lengths, [[1.0, 2.0, 0.4]], rtol=1e-12)


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_an_orthogonal_linear_network_multiplies_by_its_radius_at_every_step(radius):
    config = GradientGrowthConfig(start="orthogonal", radius=radius, length=40)
    arrays = config.run(SEEDS)
    # Curves are float32.
    np.testing.assert_allclose(arrays["curve.growth_per_step"], radius, rtol=1e-6)
    expected = np.log10(radius) * np.arange(41)
    found = arrays["probe.log10_state_gradient"]
    np.testing.assert_allclose(found, np.tile(expected, (7, 1, 1)), atol=1e-5)


def test_a_gaussian_linear_network_settles_at_its_radius():
    config = GradientGrowthConfig(start="gaussian", radius=1.5, length=400)
    growth = config.run(SEEDS)["curve.growth_per_step"]
    # Eigenvalues of nearly the largest modulus take long to die out.
    np.testing.assert_allclose(growth, 1.5, rtol=0.02)


def test_products_far_beyond_the_range_of_numbers_stay_finite():
    config = GradientGrowthConfig(start="orthogonal", radius=100.0, length=400)
    grown = config.run(SEEDS)["curve.log10_growth"]
    np.testing.assert_allclose(grown, 800.0, rtol=1e-6)  # float32


def test_tanh_slopes_shorten_what_linear_units_keep():
    fields = {"start": "orthogonal", "radius": 1.5, "length": 40}
    linear, tanh = (
        GradientGrowthConfig(activation=name, **fields).run(SEEDS)["curve.log10_growth"]
        for name in ("linear", "tanh")
    )
    assert (tanh < linear).all()


def test_the_growth_of_a_seed_is_the_same_alone_and_in_a_crowd():
    config = GradientGrowthConfig(activation="tanh", length=20)
    crowd, alone = config.run(SEEDS), config.run(SEEDS[2:3])
    for name, values in crowd.items():
        np.testing.assert_array_equal(values[2:3], alone[name])
