"""Measure what mini-batches do: to the step, and to weights of rare features."""

from __future__ import annotations

import itertools
import math

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

BATCH_SIZES = (1, 8, 32)
SGD_RATE = 0.1

NUM_ROWS, DRAWN = 8, (1, 2, 4)
"""Rows of which every batch is drawn once, and sizes of these batches."""

SHARES = np.array([0.9, 0.09, 0.01])
"""Shares of rows that show each feature; a row shows one."""

NOISE = 0.5
"""Standard deviation of the targets' noise; the weights to learn are one."""

ERROR = 0.01
"""Mean squared error at which a weight counts as learned, a tenth of the weight."""

LEARNING_FROM = {"one": 1, "thirty_two": 32, "all": math.inf}
"""Rows per update."""

COMMON_RATE, BUDGET = 0.1, 1000
RATES = np.geomspace(1e-4, 1e3, 1401)


def mini_batch_steps() -> Quantities:
    """Compare a step of Keras's SGD with the printed one, for batches of three sizes.

    The printed step takes the rate times the mean gradient of the rows, worked out row
    by row for a linear unit and a squared error.
    """
    import keras

    rng = np.random.default_rng(0)
    deviations, of_the_sum = {}, []
    for size in BATCH_SIZES:
        kernel, x = rng.standard_normal((3, 1)), rng.standard_normal((size, 3))
        y = rng.standard_normal((size, 1))
        layer = keras.layers.Dense(1, use_bias=False)
        model = keras.Sequential([keras.Input((3,)), layer])
        model.compile(keras.optimizers.SGD(SGD_RATE), "mse", run_eagerly=True)
        model.set_weights([np.float32(kernel)])
        model.train_on_batch(np.float32(x), np.float32(y))
        gradients = 2.0 * (x @ kernel - y) * x
        found = to_numpy(layer.kernel.value)[:, 0]
        printed = kernel[:, 0] - SGD_RATE * gradients.mean(axis=0)
        summed = kernel[:, 0] - SGD_RATE * gradients.sum(axis=0)
        deviations[f"deviation_with_batches_of_{size}"] = np.abs(found - printed).max()
        if size > 1:
            of_the_sum.append(np.abs(found - summed).max())
    return {**deviations, "smallest_deviation_of_the_sum": min(of_the_sum)}


def spread_over(gradients: np.ndarray, batches: np.ndarray) -> tuple[float, float]:
    """Return the mean and the variance of mean gradients over batches `[B, m]`."""
    means = gradients[batches].mean(axis=1)
    return float(means.mean()), float(means.var())


def batch_means() -> Quantities:
    """Compare mean gradients of all batches of eight rows with the mean of all rows.

    The variance over batches is over that of single rows, times m if rows are drawn
    with replacement, and times m (n - 1) / (n - m) if not.
    """
    gradients = np.random.default_rng(0).standard_normal(NUM_ROWS)
    biases, laws = [], {}
    for kind in ("with", "without"):
        found = []
        for m in DRAWN:
            rows = range(NUM_ROWS)
            drawn = (
                itertools.product(rows, repeat=m)
                if kind == "with"
                else itertools.combinations(rows, m)
            )
            mean, variance = spread_over(gradients, np.array(list(drawn)))
            biases.append(abs(mean - gradients.mean()))
            left = 1.0 if kind == "with" else (NUM_ROWS - m) / (NUM_ROWS - 1)
            found.append(variance * m / (gradients.var() * left))
        laws[f"variance_times_size_{kind}_replacement"] = np.array(found)
    return {"largest_bias": max(biases), **laws}


def error_law(
    share: np.ndarray, rate: np.ndarray, size: float, noise: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return a and b of e' = a e + b, the mean squared error of a weight per update.

    Of m rows, k show the feature, k binomial: the weight moves by rate (k / m) times
    its error, and by rate / m times the noise of each of them.
    """
    spread = share * (1.0 - share) / size
    a = 1.0 - 2.0 * rate * share + rate**2 * (share**2 + spread)
    return a, rate**2 * noise**2 * share / size


def updates_needed(
    share: np.ndarray, rate: np.ndarray, size: float, noise: float
) -> np.ndarray:
    """Return after how many updates a weight is learned, infinite for never."""
    a, b = error_law(share, rate, size, noise)
    with np.errstate(all="ignore"):
        floor = b / (1.0 - a)
        needed = np.log((ERROR - floor) / (1.0 - floor)) / np.log(a)
    never = (a >= 1.0) | (floor >= ERROR)
    return np.where(never, np.inf, np.where(a <= 0.0, 1.0, np.maximum(needed, 1.0)))


def error_after(
    share: np.ndarray, rate: np.ndarray, size: float, noise: float, updates: int
) -> np.ndarray:
    """Return the mean squared error of a weight after so many updates."""
    a, b = error_law(share, rate, size, noise)
    with np.errstate(all="ignore"):
        left = a**updates
        error = left + b * (1.0 - left) / (1.0 - a)
    return np.where(a < 1.0, error, np.inf)


def gain_of_own_rates(scores: np.ndarray) -> float:
    """Return the worst score under the best single rate, over that under own rates.

    Args:
        scores: Lower is better, `[rates, features]`.
    """
    return float(scores.max(axis=1).min() / scores.min(axis=0).max())


def rare_features() -> Quantities:
    """Measure what one rate costs where features are shown by 90, 9 and 1 % of rows.

    Everything is in closed form for a linear unit. `gain` is the number of updates
    until every weight is learned at the best single rate, over that with the best rate
    for each; `gain_in_error` is that of the loss after 1,000 updates.
    """
    rates = RATES[:, None]
    quantities: dict[str, float] = {}
    for name, size in LEARNING_FROM.items():
        for noise, words in ((NOISE, ""), (0.0, "_without_noise")):
            needed = updates_needed(SHARES, rates, size, noise)
            gain = gain_of_own_rates(needed)
            quantities[f"gain_with_batches_of_{name}{words}"] = gain
        slow = updates_needed(SHARES, np.array(COMMON_RATE), size, 0.0)
        quantities[f"times_as_many_with_batches_of_{name}"] = slow[-1] / slow[0]
        moved = 1.0 - (1.0 - SHARES[-1]) ** size
        quantities[f"share_of_updates_that_move_it_of_{name}"] = moved
    after = SHARES * error_after(SHARES, rates, 1, NOISE, BUDGET)
    single, own = after.sum(axis=1).min(), after.min(axis=0).sum()
    return {**quantities, "gain_in_error_with_batches_of_one": single / own}


MEASURES = by_name(mini_batch_steps, batch_means, rare_features)
"""Measurements by name."""
