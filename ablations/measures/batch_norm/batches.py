"""Measure what depends on the number of rows in a batch."""

from __future__ import annotations

import numpy as np

from ablations.measures.batch_norm.layer import TEXT_EPSILON, keras_layer, put_out
from ablations.measures.quantities import Quantities, by_name

SMALL_BATCHES = (1, 2, 4, 32)
SPREAD_BATCHES = (4, 32, 256)
NUM_BATCHES = 10_000


def normalized(x: np.ndarray, epsilon: float) -> np.ndarray:
    """Normalize every batch of a feature `[batches, m]`."""
    centered = x - x.mean(axis=1, keepdims=True)
    return centered / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)


def handed_down(x: np.ndarray, above: np.ndarray, epsilon: float) -> np.ndarray:
    """Return the derivative by x of a loss whose derivative by the outputs is `above`.

    With x^ the outputs, (above - mean(above) - x^ mean(above x^)) / sqrt(var + eps),
    all means over a batch `[batches, m]`.
    """
    outputs = normalized(x, epsilon)
    along = (above * outputs).mean(axis=1, keepdims=True)
    rest = above - above.mean(axis=1, keepdims=True) - outputs * along
    return rest / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)


def told_by_outputs(x: np.ndarray, epsilon: float) -> float:
    """Return the share of a feature's variance that its outputs tell, by a line."""
    outputs = normalized(x, epsilon)
    if outputs.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(x.ravel(), outputs.ravel())[0, 1] ** 2)


def share_handed_down(x: np.ndarray, above: np.ndarray, epsilon: float) -> float:
    """Return the share of a squared gradient that comes through, scale apart."""
    scale = np.sqrt(x.var(axis=1, keepdims=True) + epsilon)
    found = handed_down(x, above, epsilon) * scale
    return float(np.sum(found**2) / np.sum(above**2))


def small_batches(sizes: tuple[int, ...], num_batches: int) -> Quantities:
    """Measure what outputs tell of inputs, and what gradients come through."""
    rng = np.random.default_rng(0)
    quantities: dict[str, float] = {}
    deviations = []
    for m in sizes:
        x, above = rng.standard_normal((2, num_batches, m))
        quantities[f"share_told_by_outputs_of_{m}"] = told_by_outputs(x, TEXT_EPSILON)
        share = share_handed_down(x, above, TEXT_EPSILON)
        quantities[f"share_of_the_gradient_of_{m}"] = share
        layer = keras_layer(num_batches, TEXT_EPSILON)
        found = put_out(layer, x.T, training=True).T
        deviations.append(np.abs(found - normalized(x, TEXT_EPSILON)).max())
    return {**quantities, "deviation_from_keras": max(deviations)}


def batch_norm_of_small_batches() -> Quantities:
    """Measure batch norm on batches of one row to 32."""
    return small_batches(SMALL_BATCHES, NUM_BATCHES)


def spread(sizes: tuple[int, ...], num_batches: int) -> Quantities:
    """Measure how much means and variances differ between batches.

    Deviations over batches: of means in those of the feature, of variances relative to
    their mean. The laws for normal features are 1 / sqrt(m) and sqrt(2 / (m - 1)).
    """
    rng = np.random.default_rng(0)
    quantities: dict[str, float] = {}
    for m in sizes:
        x = rng.standard_normal((num_batches, m))
        of_mean = x.mean(axis=1).std()
        of_variance = x.var(axis=1).std() / x.var(axis=1).mean()
        quantities |= {
            f"spread_of_means_of_{m}": of_mean,
            f"spread_of_variances_of_{m}": of_variance,
            f"spread_of_means_over_its_law_of_{m}": of_mean * np.sqrt(m),
            f"spread_of_variances_over_its_law_of_{m}": of_variance
            / np.sqrt(2.0 / (m - 1)),
        }
        skewed = rng.standard_exponential((num_batches, m)).var(axis=1)
        quantities[f"spread_of_skewed_variances_of_{m}"] = skewed.std() / skewed.mean()
    return quantities


def batch_statistics() -> Quantities:
    """Measure the spread of batch statistics over ten thousand batches."""
    return spread(SPREAD_BATCHES, NUM_BATCHES)


MEASURES = by_name(batch_norm_of_small_batches, batch_statistics)
"""Measurements by name."""
