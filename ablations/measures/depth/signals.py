"""Measure how signals and gradients pass through deep networks before any training.

The kernels are drawn by Keras; the passes are those of a Keras MLP without biases,
written in NumPy so that several activations share one matrix product. The products are
too small for two threads, which on a busy machine wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.measures.depth import mean_field
from ablations.measures.quantities import Quantities, by_name, to_numpy

WIDTH, DEPTH, NUM_ROWS = 512, 50, 8
"""Size of the deep networks and of their batch."""

SEEDS = tuple(range(8))
"""Seeds of the deep networks; even ones draw normal weights, odd ones uniform."""

NORM_SEEDS, NORM_ROWS, NORM_EPSILON = SEEDS[:2], 128, 1e-3
"""Seeds and batch of the networks with batch norm, and Keras's epsilon."""

BANDS = (1, 10, 20, 30, 40, 50)
"""Hidden layers between which a mean factor per layer is taken."""

SIGMA_W2 = {"glorot": 1.0, "he": 2.0}
"""Variance of a weight times fan_in, where all layers are equally wide."""

PAIRS = tuple((name, rule) for name in ("relu", "tanh", "sigmoid") for rule in SIGMA_W2)
"""Activations and initializers whose propagation is predicted."""

NORMALIZED = (("relu", "he"), ("tanh", "he"))
"""Those predicted with batch norm, where the initializer's scale cancels."""

SHALLOW_DEPTH, SHALLOW_WIDTH, SHALLOW_ROWS, NUM_NETWORKS = 20, 128, 16, 128
"""Networks in which the variance of activations is followed."""


def he_kernels(width: int, count: int, seed: int) -> np.ndarray:
    """Draw square kernels by Keras's He normal or uniform, float32 `[count, N, N]`.

    They are the columns of one wide kernel, whose fan_in is that of each. Divided by
    the root of two they are Glorot's.
    """
    import keras

    kinds = (keras.initializers.HeNormal, keras.initializers.HeUniform)
    wide = kinds[seed % 2](seed=seed)((width, count * width))
    return to_numpy(wide).reshape(width, count, width).transpose(1, 0, 2)


def unit_rows(num_rows: int, width: int, seed: int) -> np.ndarray:
    """Return rows of random direction and mean square 1, float32 `[B, N]`."""
    rows = np.random.default_rng(seed).standard_normal((num_rows, width))
    return np.float32(rows / np.sqrt(np.mean(rows**2, axis=1, keepdims=True)))


def passes(
    kernels: np.ndarray,
    x: np.ndarray,
    errors: np.ndarray,
    networks: Sequence[tuple[str, str]],
    epsilon: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Go forward and backward through C networks that differ in phi and in scale.

    Args:
        kernels: He kernels `[L, N, N]`, float32.
        x: Inputs `[B, N]`.
        errors: Gradients with respect to the last activations `[B, N]`.
        networks: Activation and initializer of each.
        epsilon: With it, batch norm stands before phi, in training and unscaled.

    Returns:
        Activations `[L, C, B, N]`, and gradients with respect to what phi is applied
        to, of the same shape.
    """
    phis = [mean_field.activation_named(name) for name, _ in networks]
    ratios = [np.sqrt(SIGMA_W2[rule] / SIGMA_W2["he"]) for _, rule in networks]
    scales = np.float32(ratios)[:, None, None]
    shape = (len(networks), *x.shape)
    z, a, sds = [], [], []
    upper = np.broadcast_to(x, shape)
    for kernel in kernels:
        sums = scales * (upper.reshape(-1, shape[-1]) @ kernel).reshape(shape)
        if epsilon is not None:
            centered = sums - sums.mean(axis=1, keepdims=True)
            spread = (centered**2).mean(axis=1, keepdims=True)
            sds.append(np.sqrt(spread + np.float32(epsilon)))
            sums = centered / sds[-1]
        pairs = zip(phis, sums, strict=True)
        upper = np.float32([phi.value(each) for phi, each in pairs])
        z.append(sums)
        a.append(upper)
    gradients = []
    lower = np.broadcast_to(errors, shape)  # with respect to the activations
    for layer in reversed(range(len(kernels))):
        pairs = zip(phis, z[layer], strict=True)
        here = np.float32([phi.slope(each) for phi, each in pairs]) * lower
        gradients.append(here)
        if epsilon is not None:
            along = (here * z[layer]).mean(axis=1, keepdims=True)
            here = here - here.mean(axis=1, keepdims=True) - z[layer] * along
            here = here / sds[layer]
        sums = here.reshape(-1, shape[-1]) @ kernels[layer].T
        lower = scales * sums.reshape(shape)
    return np.array(a), np.array(gradients[::-1])


def row_errors(num_rows: int, width: int, seed: int) -> np.ndarray:
    """Return one output unit's kernel times a random sign per row `[B, N]`."""
    signs = np.sign(np.random.default_rng(seed).standard_normal((num_rows, 1)))
    return np.float32(signs) * unit_rows(1, width, seed + 1)


@threadpool_limits.wrap(limits=1, user_api="blas")
def moments(
    kernels: np.ndarray,
    networks: Sequence[tuple[str, str]],
    num_rows: int,
    seed: int,
    epsilon: float | None = None,
) -> np.ndarray:
    """Return the mean squares of activations and gradients `[2, C, L]`, in float64."""
    width = kernels.shape[1]
    x = unit_rows(num_rows, width, 3 * seed)
    errors = row_errors(num_rows, width, 3 * seed + 1)
    done = passes(kernels, x, errors, networks, epsilon)
    return np.array([np.mean(np.float64(v) ** 2, axis=(2, 3)).T for v in done])


def predicted_moments(
    activation: str, rule: str, depth: int = DEPTH
) -> tuple[np.ndarray, np.ndarray]:
    """Return what theory says of the same mean squares, `[L]` each, up to a factor."""
    sigma_w2 = SIGMA_W2[rule]
    q = mean_field.lengths(activation, sigma_w2, sigma_w2, depth)
    forward = np.array([mean_field.second_moment(activation, each) for each in q])
    factors = mean_field.gradient_factors(activation, sigma_w2, q)
    return forward, np.cumprod(factors[::-1])[::-1]


def band_factors(moments: np.ndarray, bands: Sequence[int] = BANDS) -> np.ndarray:
    """Return the mean factor per layer between the layers of `bands`, upwards.

    The last axis of `moments` is layers 1, 2, ...
    """
    at = np.array(bands)
    return np.exp(np.diff(np.log(moments[..., at - 1])) / np.diff(at))


def largest_error(measured: np.ndarray, predicted: np.ndarray) -> float:
    """Return the largest relative error of the predicted factor per layer of any band.

    Both are mean squares `[L]`, which may differ by a factor.
    """
    ratios = band_factors(predicted) / band_factors(measured)
    return float(np.abs(ratios - 1.0).max())


def geometric_mean(values: np.ndarray) -> np.ndarray:
    """Return the geometric mean over axis 0, the seeds."""
    return np.exp(np.log(values).mean(axis=0))


def signal_propagation() -> Quantities:
    """Compare closed forms with 50 layers of 512 units, forward and backward.

    An error is the largest over five bands of layers, in each of which the factor per
    layer is averaged over ten layers and eight seeds; two seeds with batch norm. The
    error of a theory that leaves out the activation is the smallest over networks of
    the larger of both directions.
    """
    plain, normalized = [], []
    for seed in SEEDS:
        kernels = he_kernels(WIDTH, DEPTH, seed)
        plain.append(moments(kernels, PAIRS, NUM_ROWS, seed))
        if seed in NORM_SEEDS:
            done = moments(kernels, NORMALIZED, NORM_ROWS, seed, NORM_EPSILON)
            normalized.append(done)
    quantities: dict[str, float] = {}
    blind = []
    typical = geometric_mean(np.array(plain))
    for network, (activation, rule) in enumerate(PAIRS):
        expected = predicted_moments(activation, rule)
        linear = predicted_moments("linear", rule)
        for way, direction in enumerate(("forward", "backward")):
            measured = typical[way, network]
            name = f"{direction}_{activation}_{rule}"
            quantities[f"error_{name}"] = largest_error(measured, expected[way])
            quantities[f"factor_{name}"] = band_factors(measured, (1, DEPTH)).item()
        both = zip(typical[:, network], linear, strict=True)
        blind.append(max(largest_error(m, p) for m, p in both))
    typical = geometric_mean(np.array(normalized))
    for network, (activation, _) in enumerate(NORMALIZED):
        growth = mean_field.batch_norm_gradient_factor(activation)
        error = largest_error(typical[1, network], growth ** -np.arange(float(DEPTH)))
        quantities[f"error_backward_{activation}_batch_norm"] = error
    quantities["smallest_error_without_the_activation"] = min(blind)
    return quantities


def factor_interval(variances: np.ndarray) -> tuple[float, float]:
    """Return the mean factor per layer and half its 95 % interval, by the jackknife.

    The factor is that of the means over networks of their variances in the first and
    the last layer `[S, 2]`.
    """
    from scipy.special import stdtrit

    count = len(variances)
    total = variances.sum(axis=0)

    def factor(sums: np.ndarray) -> Any:
        return (sums[..., 1] / sums[..., 0]) ** (1.0 / (SHALLOW_DEPTH - 1))

    left_out = factor(total - variances)
    spread = np.sqrt((count - 1) * np.mean((left_out - left_out.mean()) ** 2))
    return float(factor(total)), float(stdtrit(count - 1, 0.975) * spread)


def _spread(a: np.ndarray) -> dict[str, np.ndarray]:
    """Return kinds of variance of activations `[S, B, N]`, one per network `[S]`."""
    a = np.float64(a)
    return {
        "variance": a.var(axis=(1, 2)),
        "input_variance": a.var(axis=1, ddof=1).mean(axis=1),
        "second_moment": np.mean(a**2, axis=(1, 2)),
    }


@threadpool_limits.wrap(limits=1, user_api="blas")
def activation_variance(first_seed: int = 0) -> Quantities:
    """Follow the variance of activations through 20 layers of 128 random networks.

    Numbers are the mean factor per layer from the first hidden layer to the last. The
    variance is taken over units and inputs, the input variance over inputs within
    each unit; the second moment is the mean square.

    Args:
        first_seed: Seed of the inputs; that of layer k's normal weights is
            2 (first_seed + k).
    """
    pairs = [(name, rule) for name in ("linear", *dict(PAIRS)) for rule in SIGMA_W2]
    rows = unit_rows(NUM_NETWORKS * SHALLOW_ROWS, SHALLOW_WIDTH, first_seed)
    x = rows.reshape(NUM_NETWORKS, SHALLOW_ROWS, SHALLOW_WIDTH)
    states = dict.fromkeys(pairs, x)
    ends: dict[tuple[str, str], list[dict[str, np.ndarray]]] = {p: [] for p in pairs}
    for layer in range(SHALLOW_DEPTH):
        seed = 2 * (first_seed + layer)
        kernels = he_kernels(SHALLOW_WIDTH, NUM_NETWORKS, seed)
        for activation, rule in pairs:
            scale = np.float32(np.sqrt(SIGMA_W2[rule] / SIGMA_W2["he"]))
            z = scale * (states[activation, rule] @ kernels)
            a = np.float32(mean_field.activation_named(activation).value(z))
            states[activation, rule] = a
            if layer in (0, SHALLOW_DEPTH - 1):
                ends[activation, rule].append(_spread(a))
    quantities, widths = {}, []
    for (activation, rule), (first, last) in ends.items():
        for kind in first:
            both = np.column_stack([first[kind], last[kind]])
            factor, half = factor_interval(both)
            quantities[f"{kind}_{activation}_{rule}"] = factor
            widths.append(half / factor)
    return {**quantities, "largest_half_width": max(widths)}


MEASURES = by_name(signal_propagation, activation_variance)
