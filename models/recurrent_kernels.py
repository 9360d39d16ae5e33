"""Draw recurrent kernels of a chosen spectral radius.

It is the largest modulus of an eigenvalue.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from models.randomness import name_index, unit_uniform

Start = Literal["orthogonal", "gaussian"]


def normal_numbers(seeds: np.ndarray, stream: str, name: str, size: int) -> np.ndarray:
    """Draw standard normal numbers `[S, size]`, by Box and Muller."""
    unit = unit_uniform(seeds, stream, name_index(name), 2 * size)
    first, second = unit[:, :size], unit[:, size:]
    return np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)


def recurrent_kernels(
    seeds: np.ndarray, units: int, start: Start, radius: float
) -> np.ndarray:
    """Draw recurrent kernels and scale them to a spectral radius.

    Args:
        seeds: `[S]`, non-negative integers.
        units: Number of units.
        start: `orthogonal` draws uniformly among orthogonal matrices, all of whose
            eigenvalues have modulus 1; `gaussian` draws independent normal entries.
        radius: Largest modulus of an eigenvalue after scaling.

    Returns:
        float64 `[S, units, units]`.
    """
    kernels = normal_numbers(seeds, "initial", "recurrent kernel", units**2)
    kernels = kernels.reshape(-1, units, units)
    if start == "orthogonal":
        q, r = np.linalg.qr(kernels)
        # The signs make the distribution uniform over orthogonal matrices.
        return radius * q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]
    largest = np.abs(np.linalg.eigvals(kernels)).max(axis=1)
    return radius * kernels / largest[:, None, None]
