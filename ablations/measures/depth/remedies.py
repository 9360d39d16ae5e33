"""Measure what dropout, batch norm and gradient clipping do, each on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy

ORDER_RATE = 0.3
"""Share dropped where the place of dropout is asked for."""

ORDER_ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "tanh", "sigmoid")

SHARE_RATES = (0.1, 0.2, 0.5)
NUM_UNITS, NUM_PASSES = 64, 4096
"""Hidden units, and rows that each get a mask of their own."""

FEATURE_SDS = (10.0, 1.0, 0.1, 0.01)
"""Standard deviations of the features that batch norm divides by."""

BATCH_SIZE = 256

CLIP_BOUNDS = (1.0, 0.1)
CLIP_KINDS = {
    "value": "clipvalue",
    "norm": "clipnorm",
    "global_norm": "global_clipnorm",
}
"""Kinds of clipping, each with Keras's name for its bound."""

SCALES = 10.0 ** np.arange(-8.0, 4.0)
"""Factors on the gradients that are clipped, from vanishing to exploding."""

SHAPES = ((16, 8), (8,), (8, 1))


def _dropouts(rate: float, seed: int) -> Iterator[Callable[[], Callable[..., Any]]]:
    """Yield makers of Keras's dropout layer and ours; all of one seed drop alike."""
    import keras

    from models.layers import CounterDropout

    for kind in (keras.layers.Dropout, CounterDropout):
        yield lambda kind=kind: kind(rate, seed=seed)


def dropout_order() -> Quantities:
    """Compare dropout before and after an activation under one mask.

    A difference is the largest between both outputs, for Keras's layer and for ours.
    After the activation, units are zero or 1 / (1 - rate) times what they were.
    """
    from models.activations import ActivationLayer

    x = np.float32(np.random.default_rng(0).standard_normal((256, NUM_UNITS)))
    quantities: dict[str, Any] = {}
    deviations = []
    for name in ORDER_ACTIVATIONS:
        phi = ActivationLayer(name)
        differences = []
        for make in _dropouts(ORDER_RATE, seed=1):
            before = to_numpy(phi(make()(x, training=True)))
            after = to_numpy(make()(phi(x), training=True))
            differences.append(np.abs(before - after).max())
            whole = to_numpy(phi(x)) / (1.0 - ORDER_RATE)
            deviations.append(np.minimum(np.abs(after), np.abs(after - whole)).max())
        quantities[f"difference_{name}"] = np.array(differences)
    zero = to_numpy(ActivationLayer("sigmoid")(np.zeros((1, 1))))
    return {
        **quantities,
        "deviation_from_zero_or_scaled": max(deviations),
        "sigmoid_of_a_dropped_sum": zero.item(),
    }


def dropout_share() -> Quantities:
    """Count the units that dropout drops, for Keras's layer and for ours.

    One pass is one row of 64 units. Deviations are from the rate, in shares of the
    units; the spread is the standard deviation over passes divided by that of a
    binomial distribution.
    """
    ones = np.ones((NUM_PASSES, NUM_UNITS), np.float32)
    of_mean, of_one, spreads, exact = [], [], [], []
    for rate in SHARE_RATES:
        for make in _dropouts(rate, seed=2):
            kept = to_numpy(make()(ones, training=True))
            shares = (kept == 0.0).mean(axis=1)
            of_mean.append(abs(shares.mean() - rate))
            of_one.append(np.abs(shares - rate).max())
            spreads.append(shares.std() / np.sqrt(rate * (1.0 - rate) / NUM_UNITS))
            exact.append(np.mean(np.abs(shares - rate) * NUM_UNITS <= 0.5))
    return {
        "deviation_of_the_mean_share": np.array(of_mean),
        "deviation_in_one_pass": np.array(of_one),
        "spread_over_binomial": np.array(spreads),
        "share_of_passes_with_the_nearest_count": np.array(exact),
    }


def batch_norm_division() -> Quantities:
    """Normalize features of known spread by Keras's layer, in training.

    The formula without epsilon gives every feature a standard deviation of 1, and
    0 / 0 where the feature is constant.
    """
    import keras

    x = np.random.default_rng(0).standard_normal((BATCH_SIZE, len(FEATURE_SDS)))
    x = (x - x.mean(axis=0)) / x.std(axis=0) * np.array(FEATURE_SDS)
    x = np.float32(np.column_stack([x, np.full(BATCH_SIZE, 3.0)]))
    layer = keras.layers.BatchNormalization()
    y, wide = np.float64(to_numpy(layer(x, training=True))), np.float64(x)
    centered, variance = wide - wide.mean(axis=0), wide.var(axis=0)
    with np.errstate(invalid="ignore"):
        textbook = centered[:, -1] / np.sqrt(variance[-1])
    with_epsilon = centered / np.sqrt(variance + layer.epsilon)
    names = [f"sd_of_a_feature_of_sd_{in_name(sd)}" for sd in FEATURE_SDS]
    return {
        **{name: y[:, k].std() for k, name in enumerate(names)},
        "constant_feature_is_defined_by_the_formula": np.isfinite(textbook).all(),
        "largest_output_of_a_constant_feature": np.abs(y[:, -1]).max(),
        "deviation_from_the_formula_with_epsilon": np.abs(y - with_epsilon).max(),
        "epsilon": layer.epsilon,
    }


def _ours(kind: str, bound: float, gradients: list[np.ndarray]) -> list[np.ndarray]:
    """Clip as the stack trainer does, for a stack of one run."""
    from keras import ops

    from ablations.training.optimizers import clip_gradients

    stacked = [ops.convert_to_tensor(g[None]) for g in gradients]
    done = clip_gradients(stacked, kind, ops.convert_to_tensor(np.float32([bound])))
    return [to_numpy(g)[0] for g in done]


def _of_keras(kind: str, bound: float, gradients: list[np.ndarray]) -> list[np.ndarray]:
    """Clip as Keras does, seen in the step that gradient descent of rate 1 takes."""
    import keras

    optimizer = keras.optimizers.SGD(learning_rate=1.0, **{CLIP_KINDS[kind]: bound})
    weights = [keras.Variable(np.zeros_like(g)) for g in gradients]
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], weights)
    return [-to_numpy(w.value) for w in weights]


def norm(gradients: list[np.ndarray]) -> float:
    """Return the norm of all tensors together, in float64."""
    return float(np.sqrt(sum(np.sum(np.float64(g) ** 2) for g in gradients)))


SIZES: dict[str, Callable[[list[np.ndarray]], float]] = {
    "value": lambda gradients: max(np.abs(g).max() for g in gradients),
    "norm": lambda gradients: max(norm([g]) for g in gradients),
    "global_norm": norm,
}
"""What each kind of clipping bounds."""


def gradient_clipping() -> Quantities:
    """Clip gradients from vanishing to exploding, as the trainer and as Keras do.

    A ratio is the norm after clipping over that before, the largest of all gradients;
    small gradients have a norm below the bound. The excess is of the clipped norm, or
    entry, over the bound, relative to it, and so is the gap where it must be met.
    """
    rng = np.random.default_rng(0)
    unit = [np.float32(rng.standard_normal(shape)) for shape in SHAPES]
    quantities: dict[str, float] = {}
    excess, gaps = [], []
    for kind in CLIP_KINDS:
        small, every = [], []
        for clip in (_ours, _of_keras):
            for bound in CLIP_BOUNDS:
                for scale in SCALES:
                    gradients = [np.float32(scale) * g for g in unit]
                    done = clip(kind, bound, gradients)
                    every.append(norm(done) / norm(gradients))
                    if norm(gradients) < bound:
                        small.append(every[-1])
                    excess.append(SIZES[kind](done) / bound - 1.0)
                gaps.append(abs(excess[-1]))  # at the largest scale
        quantities[f"ratio_of_small_gradients_by_{kind}"] = max(small)
        quantities[f"ratio_by_{kind}"] = max(every)
    return {
        **quantities,
        "excess_over_the_bound": max(excess),
        "gap_of_a_large_gradient_to_the_bound": max(gaps),
    }


MEASURES = by_name(dropout_order, dropout_share, batch_norm_division, gradient_clipping)
