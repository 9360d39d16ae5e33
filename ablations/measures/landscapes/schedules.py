"""Measure what is counted and looked up: rates, iterations and defaults."""

from __future__ import annotations

import inspect
import math

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

START, END, TAU = 0.1, 0.01, 100
"""The printed example of a decay."""

NUM_UPDATES = 160

SETTINGS = ((128, 32), (100, 32))
"""Rows and batch sizes."""

EPOCHS = (1, 3)


def printed_rate(k: np.ndarray) -> np.ndarray:
    """Return (1 - alpha) eta_0 + alpha eta_tau, alpha = k / tau."""
    alpha = k / TAU
    return (1.0 - alpha) * START + alpha * END


def linear_decay() -> Quantities:
    """Compare the printed decay with Keras's, and with the updates that SGD makes.

    SGD's weight under a gradient of one has moved by the sum of the rates.
    """
    import keras

    k = np.arange(NUM_UPDATES)
    rates = np.where(k < TAU, printed_rate(k), END)
    decay = keras.optimizers.schedules.PolynomialDecay(START, TAU, END, power=1.0)
    found = np.array([to_numpy(decay(step)) for step in k], np.float64)
    weight, sgd = keras.Variable(np.zeros(1, np.float32)), keras.optimizers.SGD(decay)
    sgd.build([weight])
    for _ in k:
        sgd.apply([keras.ops.ones(1)])
    moved = -to_numpy(weight.value).item()
    return {
        **{f"rate_of_keras_after_{at}": found[at] for at in (0, 50, 100, 150)},
        "deviation_from_keras": np.abs(rates - found).max(),
        "deviation_of_the_way_of_sgd": abs(moved / rates.sum() - 1.0),
        "rate_after_150_without_a_stop": printed_rate(np.array(150)),
    }


def updates_of_keras(rows: int, size: int, epochs: int) -> int:
    """Return how many updates Keras makes in so many epochs."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    data = np.zeros((rows, 1), np.float32)
    model.fit(data, data, batch_size=size, epochs=epochs, verbose=0)
    return int(to_numpy(model.optimizer.iterations.value))


def iterations() -> Quantities:
    """Compare the updates that Keras makes with epochs times n / m.

    A number of updates is over the printed one.
    """
    quantities: dict[str, float] = {}
    off = []
    for rows, size in SETTINGS:
        for epochs in EPOCHS:
            made = updates_of_keras(rows, size, epochs)
            name = f"iterations_over_the_printed_of_{rows}_rows_in_epochs_{epochs}"
            quantities[name] = made / (epochs * rows / size)
            off.append(abs(made - epochs * math.ceil(rows / size)))
    return {**quantities, "deviation_from_rounding_up": max(off)}


def default_optimizers() -> Quantities:
    """Tell whether Adam is what a library takes if no optimizer is named."""
    import keras
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    named = inspect.signature(keras.Model.compile).parameters["optimizer"].default
    solvers = [net().solver for net in (MLPClassifier, MLPRegressor)]
    return {
        "keras_takes_adam": float(named == "adam"),
        "scikit_learn_takes_adam": np.array([float(s == "adam") for s in solvers]),
    }


MEASURES = by_name(linear_decay, iterations, default_optimizers)
"""Measurements by name."""
