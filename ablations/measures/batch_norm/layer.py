"""Measure what batch norm puts out, in training and at inference, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

TEXT_EPSILON, KERAS_EPSILON = 1e-5, 1e-3
EPSILONS = {"text": TEXT_EPSILON, "keras": KERAS_EPSILON}
"""The number that is added to the variance: in the text, and by default in Keras."""

MOMENTUM = 0.99
"""Share of the moving averages that a batch leaves as it was, Keras's default."""

BATCH_SIZES = (2, 32, 256)
OUTLIER = 1e6
"""Deviations by which one row of a batch is off."""

FAR_ROWS = {"10": 10.0, "1000": 1000.0}
"""Deviations from the moving average of a row that is asked for at inference."""

LAGS = (10, 100, 500)
"""Updates of the moving averages after which their lag is measured."""


def normalize(x: np.ndarray, epsilon: float, spare: int = 0) -> np.ndarray:
    """Return (x - mean) / sqrt(var + epsilon) of a batch `[m, features]`.

    The variance divides by m; `spare` is what is taken off m, 1 for the unbiased one.
    """
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=spare) + epsilon)


def follow(averages: np.ndarray, batch: np.ndarray, momentum: float) -> np.ndarray:
    """Return momentum * averages + (1 - momentum) * batch."""
    return momentum * averages + (1.0 - momentum) * batch


def keras_layer(features: int, epsilon: float = KERAS_EPSILON) -> Any:
    """Return a batch-norm layer of Keras in float64, its weights made."""
    import keras

    layer = keras.layers.BatchNormalization(
        epsilon=epsilon, momentum=MOMENTUM, dtype="float64"
    )
    layer.build((None, features))
    return layer


def put_out(layer: Any, x: np.ndarray, *, training: bool) -> np.ndarray:
    """Return the outputs of a layer."""
    return to_numpy(layer(np.float64(x), training=training))


def averages(layer: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return copies of the moving mean and variance."""
    mean, variance = layer.moving_mean, layer.moving_variance
    return to_numpy(mean).copy(), to_numpy(variance).copy()


def features(
    rows: int, deviations: tuple[float, ...], seed: int, mean: float = 2.0
) -> np.ndarray:
    """Draw normal features of these deviations; each mean is so many deviations."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((rows, len(deviations))) + mean) * np.array(deviations)


def formula(
    rows: int, deviations: tuple[float, ...], epsilons: dict[str, float]
) -> Quantities:
    """Compare Keras's layer with the formula, for each epsilon."""
    x = features(rows, deviations, seed=0)
    quantities: dict[str, float] = {}
    faults = []
    for name, epsilon in epsilons.items():
        found = put_out(keras_layer(x.shape[1], epsilon), x, training=True)
        variance = x.var(axis=0) / (x.var(axis=0) + epsilon)
        quantities |= {
            f"deviation_from_the_formula_with_epsilon_of_{name}": np.abs(
                found - normalize(x, epsilon)
            ).max(),
            f"mean_of_outputs_with_epsilon_of_{name}": np.abs(found.mean(axis=0)).max(),
            f"deviation_of_the_variance_with_epsilon_of_{name}": np.abs(
                found.var(axis=0) - variance
            ).max(),
        }
        wrong = normalize(x, 0.0), normalize(x, epsilon, spare=1)
        faults += [np.abs(found - fault).max() for fault in wrong]
        constant = np.full((rows, 1), 3.0)
        outputs = put_out(keras_layer(1, epsilon), constant, training=True)
        quantities[f"largest_of_a_constant_with_epsilon_of_{name}"] = np.abs(
            outputs
        ).max()
    return {**quantities, "smallest_deviation_of_a_fault": min(faults)}


def batch_norm_formula() -> Quantities:
    """Compare Keras's layer with the formula, and its epsilon with that of the text."""
    import keras

    epsilon = keras.layers.BatchNormalization().epsilon
    return {
        **formula(256, (10.0, 1.0, 0.1, 0.01), EPSILONS),
        "log10_of_the_epsilon_of_keras": np.log10(epsilon),
    }


def largest_over_bound(rows: int, outlier: float, scale: float = 1.0) -> float:
    """Return the largest output in training over sqrt(rows - 1).

    One row of the batch is so many deviations from the others.
    """
    x = features(rows, (1.0,), seed=rows, mean=0.0)
    x[0] += outlier
    layer = keras_layer(1, TEXT_EPSILON)
    layer.gamma.assign([scale])
    return float(np.abs(put_out(layer, x, training=True)).max() / np.sqrt(rows - 1))


def largest_at_inference(deviations: float) -> float:
    """Return the output for a row so many deviations off the moving average."""
    layer = keras_layer(1, TEXT_EPSILON)
    layer.moving_mean.assign([5.0])
    layer.moving_variance.assign([4.0])
    row = np.array([[5.0 + 2.0 * deviations]])
    return float(np.abs(put_out(layer, row, training=False)).max())


def batch_norm_bound() -> Quantities:
    """Measure outputs over the bound sqrt(m - 1) of a batch of m rows.

    At inference they are over that of 256 rows, the batch that its averages are of.
    """
    quantities = {
        f"largest_over_the_bound_of_{m}": largest_over_bound(m, OUTLIER)
        for m in BATCH_SIZES
    }
    most = max(BATCH_SIZES)
    for name, far in FAR_ROWS.items():
        over = largest_at_inference(far) / np.sqrt(most - 1)
        quantities[f"inference_over_the_bound_{name}_off"] = over
    scaled = largest_over_bound(most, OUTLIER, scale=10.0)
    return {**quantities, "largest_over_the_bound_scaled_by_10": scaled}


def averaged(num_batches: int, rows: int) -> Quantities:
    """Compare moving averages and outputs at inference with their formulas."""
    deviations = (0.5, 2.0, 10.0)
    layer = keras_layer(len(deviations))
    mean, variance = np.zeros(len(deviations)), np.ones(len(deviations))
    for seed in range(num_batches):
        x = features(rows, deviations, seed)
        put_out(layer, x, training=True)
        mean = follow(mean, x.mean(axis=0), MOMENTUM)
        variance = follow(variance, x.var(axis=0), MOMENTUM)
    before = averages(layer)
    new = features(64, deviations, seed=num_batches)
    crowd = put_out(layer, new, training=False)
    alone = np.vstack([put_out(layer, row[None], training=False) for row in new])
    by_formula = (new - mean) / np.sqrt(variance + KERAS_EPSILON)
    own = normalize(new, KERAS_EPSILON)
    return {
        "deviation_of_the_moving_mean": np.abs(before[0] / mean - 1.0).max(),
        "deviation_of_the_moving_variance": np.abs(before[1] / variance - 1.0).max(),
        "deviation_of_the_outputs": np.abs(crowd - by_formula).max(),
        "difference_alone_and_in_a_crowd": np.abs(alone - crowd).max(),
        "change_of_the_averages_by_use": max(
            np.abs(a - b).max() for a, b in zip(before, averages(layer), strict=True)
        ),
        "difference_to_statistics_of_the_batch": np.abs(crowd - own).max(),
    }


def lag(updates: tuple[int, ...]) -> Quantities:
    """Measure how far moving averages lag behind a batch that never changes.

    `left` is the distance of the moving mean from the batch's over that at the start;
    `gap` the root mean squared difference between the outputs at inference and in
    training, whose deviation is 1.
    """
    x = features(256, (2.0,), seed=0)
    layer, done = keras_layer(1), 0
    start = x.mean() - averages(layer)[0][0]
    quantities: dict[str, float] = {}
    for stop in updates:
        for _ in range(done, stop):
            in_training = put_out(layer, x, training=True)
        done = stop
        left = (x.mean() - averages(layer)[0][0]) / start
        gap = put_out(layer, x, training=False) - in_training
        quantities[f"left_after_{stop}"] = left
        quantities[f"gap_after_{stop}"] = np.sqrt(np.mean(gap**2))
    return quantities


def batch_norm_inference() -> Quantities:
    """Measure what inference uses, and how far it lags behind training."""
    return {**averaged(100, 32), **lag(LAGS)}


MEASURES = by_name(batch_norm_formula, batch_norm_bound, batch_norm_inference)
"""Measurements by name."""
