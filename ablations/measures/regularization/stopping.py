"""Measure what early stopping does: by Keras's callback, and on a quadratic loss.

The callback watches numbers that are given to it epoch by epoch, beside a network whose
one weight is the number of the epoch, so that the weights tell when they were taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ablations.measures.quantities import Quantities, by_name, to_numpy

PRINTED_EPOCHS = (22, 23, 24, 25, 26, 27)
PRINTED_VAL_LOSSES = (0.7082, 0.7076, 0.7070, 0.7079, 0.7089, 0.7094)
"""The end of the log that the notes print."""

PATIENCE_IN_TEXT, PATIENCE_IN_CODE = 5, 3
"""Epochs without improvement that the notes wait for."""

NUM_CURVES = 60
NUM_EPOCHS = 30

NUM_ROWS, NUM_INPUTS, NUM_DRAWS = 60, 30, 400
NOISE = 1.0
NUM_STEPS = 3000


@dataclass(frozen=True)
class Replay:
    """What the callback did; epochs count from 1.

    Attributes:
        num_epochs: Epochs made.
        stopped: Whether training was stopped.
        best: The epoch that the callback calls the best.
        weights_of: The epoch whose weights the network ended with.
    """

    num_epochs: int
    stopped: bool
    best: int
    weights_of: int


def replay(
    curves: Sequence[Sequence[float]],
    patience: int,
    *,
    restore: bool = True,
    min_delta: float = 0.0,
) -> list[Replay]:
    """Show validation losses to `keras.callbacks.EarlyStopping`, curve by curve."""
    import keras

    layer = keras.layers.Dense(1, use_bias=False)
    model = keras.Sequential([keras.Input((1,)), layer])
    found = []
    for curve in curves:
        callback = keras.callbacks.EarlyStopping(
            "val_loss", min_delta, patience, restore_best_weights=restore
        )
        callback.set_model(model)
        model.stop_training = False
        callback.on_train_begin()
        epoch = 0
        for epoch, value in enumerate(curve):
            layer.kernel.assign([[epoch + 1.0]])
            callback.on_epoch_end(epoch, {"val_loss": value})
            if model.stop_training:
                break
        callback.on_train_end()
        weight, best = round(to_numpy(layer.kernel).item()), callback.best_epoch + 1
        found.append(Replay(epoch + 1, model.stop_training, best, weight))
    return found


def printed_log() -> Quantities:
    """Replay the printed log, after a fall from 1 to its first loss.

    What came before epoch 22 is not printed; whatever it was, epoch 24 was the best
    so far, or training would not have stopped after 27.
    """
    before = np.linspace(1.0, PRINTED_VAL_LOSSES[0], PRINTED_EPOCHS[0])[:-1]
    log = [[*map(float, before), *PRINTED_VAL_LOSSES]]
    (code,), (text,) = (replay(log, p) for p in (PATIENCE_IN_CODE, PATIENCE_IN_TEXT))
    best = min(PRINTED_VAL_LOSSES)
    return {
        "epochs_made": code.num_epochs,
        "stopped": code.stopped,
        "best_epoch": code.best,
        "epoch_of_the_weights_kept": code.weights_of,
        "stopped_with_the_patience_of_the_text": text.stopped,
        "difference_of_the_patiences": PATIENCE_IN_TEXT - PATIENCE_IN_CODE,
        "best_validation_loss": best,
        "best_validation_loss_less_ln_2": best - math.log(2.0),
    }


def random_curves(
    num_curves: int = NUM_CURVES, num_epochs: int = NUM_EPOCHS, seed: int = 0
) -> np.ndarray:
    """Draw curves that fall and rise, with plateaus and, in places, NaN `[S, E]`.

    Values are rounded to tenths, so that many are equal; one in twenty is no number.
    """
    rng = np.random.default_rng(seed)
    turn = rng.integers(1, num_epochs, size=(num_curves, 1))
    trend = 3.0 * np.abs(np.arange(num_epochs) - turn) / num_epochs
    values = trend + 0.15 * rng.standard_normal((num_curves, num_epochs))
    missing = rng.random(values.shape) < 0.05
    return np.where(missing, np.nan, np.round(values, 1))


def restored_weights() -> Quantities:
    """Compare the weights that the callback leaves with those of the best epoch.

    The best epoch is the first of the smallest losses seen. Curves start with a
    number, for after NaN nothing counts as better.
    """
    curves = random_curves()
    curves[:, 0] = np.nan_to_num(curves[:, 0], nan=1.0)
    found: dict[str, float] = {}
    for name, patience in (("stopped", 3), ("out_of_epochs", NUM_EPOCHS)):
        for kept, restore in (("restored", True), ("left", False)):
            ends = replay(curves.tolist(), patience, restore=restore)
            chosen = [
                (end, int(np.nanargmin(curve[: end.num_epochs])) + 1)
                for end, curve in zip(ends, curves, strict=True)
                if end.stopped == (name == "stopped")
            ]
            off = [abs(end.weights_of - best) for end, best in chosen]
            found[f"{kept}_{name}"] = float(max(off) if restore else np.mean(off))
            found[f"num_{name}"] = float(len(off))
    return found


def paths(
    gram: np.ndarray, target: np.ndarray, rate: float, num_steps: int = NUM_STEPS
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the weights of descent after every step, and of ridge beside it `[D, Y]`.

    w <- w - eta (G w - b) from w = 0, and (G + lambda I)^-1 b, lambda = 1 / (eta t),
    with eta the rate, G = X^T X symmetric `[D, D]` and b = X^T y the target `[D, Y]`.
    """
    values, vectors = np.linalg.eigh(gram)
    turned = vectors.T @ target
    w = np.zeros_like(target)
    for step in range(1, num_steps + 1):
        w = w - rate * (gram @ w - target)
        penalty = 1.0 / (rate * step)
        yield w, vectors @ (turned / (values + penalty)[:, None])


def ridge_path() -> Quantities:
    """Follow gradient descent on noisy least squares, and ridge regression beside it.

    After t steps of rate eta on |y - X w|^2 / 2 from w = 0, descent is compared with
    the ridge of penalty lambda = 1 / (eta t). Errors are those of new rows, averaged
    over draws of the noise.

    References:
        Ali, Kolter and Tibshirani (2019), "A Continuous-Time View of Early Stopping for
        Least Squares", theorem 1 and section 6: the paths lie close, and the best of
        one is at most 1.22 times as far from the truth as the best of the other.
    """
    rng = np.random.default_rng(0)
    scales = np.geomspace(1.0, 0.1, NUM_INPUTS)
    x = rng.standard_normal((NUM_ROWS, NUM_INPUTS)) * scales
    truth = rng.standard_normal((NUM_INPUTS, 1))
    y = x @ truth + NOISE * rng.standard_normal((NUM_ROWS, NUM_DRAWS))
    gram, target = x.T @ x, x.T @ y
    least_squares = np.linalg.solve(gram, target)
    rate = 0.5 / np.linalg.eigvalsh(gram)[-1]
    descents, ridges, apart, norms = [], [], [], [np.zeros(NUM_DRAWS)]

    def error(weights: np.ndarray) -> float:
        """Return the mean squared error on new rows, without their own noise."""
        return float((((weights - truth) * scales[:, None]) ** 2).sum(axis=0).mean())

    for w, ridge in paths(gram, target, rate):
        descents.append(error(w))
        ridges.append(error(ridge))
        norms.append(np.linalg.norm(w, axis=0))
        apart.append(np.linalg.norm(w - ridge, axis=0))
    size, floor = np.linalg.norm(least_squares, axis=0), error(least_squares)
    best = int(np.argmin(descents))
    return {
        "smallest_growth_of_the_norm": np.diff(norms, axis=0).min(),
        "largest_norm_over_least_squares": (norms[-1] / size).max(),
        "norm_of_the_best_stop_over_least_squares": (norms[best + 1] / size).mean(),
        "error_of_the_best_stop_over_least_squares": descents[best] / floor,
        "error_of_the_best_stop_over_the_best_ridge": descents[best] / min(ridges),
        "largest_distance_to_ridge_over_least_squares": (apart / size).max(),
        "best_stop": best + 1,
    }


MEASURES = by_name(printed_log, restored_weights, ridge_path)
