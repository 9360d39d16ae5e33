"""Measure what dropout does in a single pass and a single update, and at inference."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.measures.quantities import Quantities, by_name, in_name, to_numpy
from models.numpy_mlp import softmax

RATE = 0.5
NUM_ROWS, NUM_UNITS, NUM_BATCHES = 32, 64, 200
"""A mini-batch, a layer, and mini-batches in a row."""

NUM_PASSES = 4000
"""Rows that get a mask each; all 16 masks of four units are among them, but for a
chance of 1e-100."""

NUM_DRAWS = 1_000_000
RETENTIONS = (0.8, 0.6)
"""Shares of inputs and of hidden units kept, as the notes have it."""

CODE_RATES = (0.3, 0.2)
"""Arguments of the dropout layers of the printed program."""

UPDATES: dict[str, dict[str, Any]] = {
    "sgd": {"name": "SGD"},
    "rmsprop": {"name": "RMSprop"},
    "adagrad": {"name": "Adagrad"},
    "momentum": {"name": "SGD", "momentum": 0.9},
    "adam": {"name": "Adam"},
    "sgd_with_l2": {"name": "SGD", "l2": 0.01},
    "sgd_with_decay": {"name": "SGD", "weight_decay": 0.01},
}
"""Rules of Keras, by the names of quantities, some beside a penalty or decay."""

LEARNING_RATE = 0.01


def kept_units(
    shape: tuple[int, int], rate: float, seed: int, *, count: int = 1, **settings: Any
) -> np.ndarray:
    """Return the units Keras's dropout keeps in batches in a row `[count, *shape]`."""
    import keras

    layer = keras.layers.Dropout(rate, seed=seed, **settings)
    ones = np.ones(shape, np.float32)
    return np.stack([to_numpy(layer(ones, training=True)) > 0 for _ in range(count)])


def subnetworks() -> Quantities:
    """Count what dropout can leave of a 2-2-1 network.

    The four units that can be dropped are two inputs and two hidden ones; biases are
    not zero. Two masks give the same function if the outputs agree at 100 inputs.
    """
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(2, 2)), rng.uniform(0.5, 1.0, 2)
    output, last = rng.normal(size=2), rng.normal()
    x = rng.normal(size=(100, 2))
    masks = np.array(list(product((0.0, 1.0), repeat=4)))
    functions = set()
    for mask in masks:
        hidden = np.maximum((x * mask[:2]) @ kernel + bias, 0.0)
        functions.add(tuple(np.round(hidden @ (mask[2:] * output) + last, 9)))
    (kept,) = kept_units((NUM_PASSES, 4), RATE, seed=0)
    return {
        "masks": len(masks),
        "masks_that_keras_draws": len(np.unique(kept, axis=0)),
        "functions": len(functions),
    }


def batch_masks() -> Quantities:
    """Look at the masks that Keras's dropout draws for mini-batches of 32 rows."""
    shape = NUM_ROWS, NUM_UNITS
    per_row = kept_units(shape, RATE, seed=1, count=NUM_BATCHES)
    shared = kept_units(shape, RATE, seed=1, noise_shape=(1, NUM_UNITS))
    repeats = (per_row[1:] == per_row[:-1]).all(axis=(1, 2))
    return {
        "sets_of_units_in_a_batch": len(np.unique(per_row[0], axis=0)),
        "share_of_batches_with_the_masks_of_the_last": repeats.mean(),
        "sets_of_units_with_one_mask_asked_for": len(np.unique(shared[0], axis=0)),
        "units_that_no_row_of_a_batch_keeps": (~per_row.any(axis=1)).sum(axis=1).max(),
    }


def _update_once(rule: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return how far weights of dropped and of kept units move, mean sizes.

    One update with all units goes before, so that optimizers remember something; the
    second drops a set of units for the whole mini-batch.
    """
    import keras
    from keras import ops

    from ablations.training.backend import value_and_gradients

    rng = np.random.default_rng(2)
    shapes = ((5, NUM_UNITS), (NUM_UNITS,), (NUM_UNITS, 3))
    weights = [keras.Variable(np.float32(0.3 * rng.normal(size=s))) for s in shapes]
    x, y = (np.float32(rng.normal(size=(NUM_ROWS, size))) for size in (5, 3))
    settings = dict(rule)
    kind, l2 = settings.pop("name"), settings.pop("l2", 0.0)
    optimizer = getattr(keras.optimizers, kind)(LEARNING_RATE, **settings)
    layer = keras.layers.Dropout(RATE, noise_shape=(1, NUM_UNITS), seed=3)
    drawn = layer(np.ones((1, NUM_UNITS), np.float32), training=True)
    before = weights
    for mask in (ops.ones_like(drawn), drawn):

        def loss(values: list[Any], mask: Any = mask) -> tuple[Any, Any]:
            kernel, bias, output = values
            hidden = ops.tanh(ops.matmul(x, kernel) + bias) * mask
            error = ops.mean(ops.square(ops.matmul(hidden, output) - y))
            squares = sum(ops.sum(ops.square(v)) for v in (kernel, output))
            return error + l2 * squares, error

        before = [to_numpy(w.value).copy() for w in weights]
        values = [ops.convert_to_tensor(w) for w in before]
        optimizer.apply(value_and_gradients(loss, values)[1], weights)
    after = [to_numpy(w.value) for w in weights]
    moves = [np.abs(new - old) for new, old in zip(after, before, strict=True)]
    kept = to_numpy(drawn)[0] > 0
    own = np.concatenate([moves[0], moves[1][None], moves[2].T])  # [weights, units]
    return own[:, ~kept].mean(), own[:, kept].mean()


def weights_of_dropped_units() -> Quantities:
    """Make one update in which half of the units are dropped, by each rule of Keras.

    Movements are those of the weights into, of and out of dropped units, on average,
    as a share of those of kept units.
    """
    found: dict[str, float] = {}
    for name, rule in UPDATES.items():
        dropped, kept = _update_once(rule)
        found[f"movement_under_{name}"] = dropped / kept
        if name == "sgd":
            found["movement_of_kept_units_under_sgd"] = kept
    return found


def retained_share() -> Quantities:
    """Count how often r <= p keeps a unit, and what Keras keeps at a rate.

    Deviations are from p, and for Keras from 1 - rate.
    """
    r = np.random.default_rng(4).random(NUM_DRAWS)

    def kept(rate: float) -> float:
        return kept_units((1000, NUM_DRAWS // 1000), rate, seed=5).mean()

    by_rule = [abs((r <= p).mean() - p) for p in RETENTIONS]
    by_keras = [abs(kept(1.0 - p) - p) for p in RETENTIONS]
    rates = (*CODE_RATES, 0.8)
    return {
        "deviation_of_the_rule": np.array(by_rule),
        "deviation_of_dropout_of_1_minus_p": np.array(by_keras),
        **{f"share_kept_by_dropout_{in_name(rate)}": kept(rate) for rate in rates},
    }


KEPT = (0.5, 0.8)
"""Shares of units kept where all masks are enumerated."""

NUM_NETWORKS = 10

NUM_MASKED = 8
"""Units that are dropped, so that there are 2^8 masks."""

FACTORS = np.arange(0.0, 1.2001, 0.01)
"""Factors on weights that are tried in place of p."""


@threadpool_limits.wrap(limits=1, user_api="blas")
def weight_scaling() -> Quantities:
    """Compare weights scaled by p with all 2^8 sub-networks, by their probabilities.

    Units are dropped in the first of the layers; the weights out of them are scaled.
    A deviation is the largest over 100 rows of each of ten random networks, for
    p = 0.5 and 0.8. Sums and outputs of ReLU networks are relative to their standard
    deviation over rows; the others are of probabilities. The best factor is that which
    comes nearest to the mean of ReLU sub-networks, in mean square over all networks.
    """
    masks = np.array(list(product((0.0, 1.0), repeat=NUM_MASKED)))  # [M, H]
    count = masks.sum(axis=1)
    found: dict[str, list[float]] = {}
    for p in KEPT:
        chance = p**count * (1.0 - p) ** (NUM_MASKED - count)  # [M]
        networks = (
            _scaled_against_masks(seed, p, masks, chance)
            for seed in range(NUM_NETWORKS)
        )
        deviations, misses = zip(*networks, strict=True)
        for name in deviations[0]:
            largest = max(each[name] for each in deviations)
            found.setdefault(f"deviation_{name}", []).append(largest)
        best = FACTORS[np.mean(misses, axis=0).argmin()]
        found.setdefault("distance_of_the_best_factor_from_p", []).append(abs(best - p))
    return {name: np.array(values) for name, values in found.items()}


def _scaled_against_masks(
    seed: int, p: float, masks: np.ndarray, chance: np.ndarray
) -> tuple[dict[str, float], np.ndarray]:
    """Return deviations of one random network, and how far each factor misses `[F]`."""
    rng = np.random.default_rng((6, seed))
    h = np.maximum(rng.normal(size=(100, NUM_MASKED)), 0.0)
    first = rng.normal(size=(NUM_MASKED, NUM_MASKED)) * np.sqrt(2.0 / NUM_MASKED)
    bias = 0.3 * rng.normal(size=NUM_MASKED)
    second = rng.normal(size=(NUM_MASKED, 3))

    def mean(values: np.ndarray) -> np.ndarray:
        return np.tensordot(chance, values, axes=1)

    def behind_relu(sums: np.ndarray) -> np.ndarray:
        return np.maximum(sums, 0.0) @ second

    sums = (h * masks[:, None]) @ first + bias  # [M, N, H]
    whole, unscaled = h @ (p * first) + bias, h @ first + bias
    log_p = np.log(softmax(sums[..., :3]))
    scaled = softmax(whole[..., :3])
    deep, deep_scaled = mean(behind_relu(sums)), behind_relu(whole)
    deviations = {
        "of_sums": np.abs(mean(sums) - whole).max() / whole.std(),
        "of_sums_without_scaling": np.abs(mean(sums) - unscaled).max() / whole.std(),
        "of_the_geometric_mean": np.abs(softmax(mean(log_p)) - scaled).max(),
        "of_the_arithmetic_mean": np.abs(mean(np.exp(log_p)) - scaled).max(),
        "of_relu_networks": np.abs(deep - deep_scaled).max() / deep.std(),
    }
    others = np.array([behind_relu(h @ (f * first) + bias) for f in FACTORS])
    return deviations, ((others - deep) ** 2).mean(axis=(1, 2)) / deep.var()


def inference_scaling() -> Quantities:
    """Compare a Keras network with dropout of 0.3, in use and in training, to itself.

    The network without dropout has the same weights. Ratios are of outputs; the mean
    in training is over 4,000 masks, relative to the spread of outputs over rows.
    """
    import keras

    rate = CODE_RATES[0]
    rng = np.random.default_rng(7)
    x = np.float32(rng.normal(size=(16, NUM_UNITS)))
    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    dropout = keras.layers.Dropout(rate, seed=8)

    def outputs(x: np.ndarray, training: bool) -> np.ndarray:
        return to_numpy(dense(dropout(x, training=training)))

    plain, ones = to_numpy(dense(x)), np.abs(x) + 1.0
    passed = to_numpy(dropout(ones, training=True))
    many = outputs(np.tile(x, (4_000, 1)), training=True).reshape(-1, len(x))
    bias = many.mean(axis=0) - plain[:, 0]
    return {
        "output_in_use_over_that_without_dropout": outputs(x, training=False) / plain,
        "kept_unit_in_training_over_itself": (passed / ones)[passed > 0],
        "mean_in_training_less_output_in_use": bias / plain.std(),
    }


MEASURES = by_name(
    subnetworks,
    batch_masks,
    weights_of_dropped_units,
    retained_share,
    weight_scaling,
    inference_scaling,
)
