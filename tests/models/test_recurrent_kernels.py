"""Recurrent kernels start at the radius asked for."""

import numpy as np
import pytest

from models.recurrent_kernels import recurrent_kernels

SEEDS = np.arange(2_000_000, 2_000_007)


@pytest.mark.parametrize("start", ["orthogonal", "gaussian"])
def test_kernels_start_at_the_radius_asked_for(start):
    kernels = recurrent_kernels(SEEDS, 6, start, 1.5)
    largest = np.abs(np.linalg.eigvals(kernels)).max(axis=1)
    np.testing.assert_allclose(largest, 1.5, rtol=1e-12)  # rounding of eigenvalues


def test_an_orthogonal_kernel_keeps_lengths():
    kernels = recurrent_kernels(SEEDS, 6, "orthogonal", 1.0)
    products = kernels @ np.swapaxes(kernels, 1, 2)
    # Six products are summed in double precision.
    np.testing.assert_allclose(products, np.tile(np.eye(6), (7, 1, 1)), atol=1e-14)


def test_starts_of_one_seed_differ_by_their_radius_only():
    one, two = (recurrent_kernels(SEEDS, 6, "orthogonal", r) for r in (1.0, 2.0))
    np.testing.assert_allclose(two, 2.0 * one, rtol=1e-15)
