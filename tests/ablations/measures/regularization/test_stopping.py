"""The callback is driven as a fit drives it, and quadratics have closed forms."""

import keras
import numpy as np
import pytest

from ablations.measures import measure
from ablations.measures.regularization.stopping import (
    NUM_CURVES,
    PRINTED_VAL_LOSSES,
    paths,
    random_curves,
    replay,
)


class GivenLosses(keras.callbacks.Callback):
    """Put a given number in place of the validation loss, and number the weights."""

    def __init__(self, curve):
        super().__init__()
        self.curve = curve

    def on_epoch_end(self, epoch, logs=None):
        self.model.layers[-1].kernel.assign([[epoch + 1.0]])
        logs["val_loss"] = self.curve[epoch]


@pytest.mark.parametrize("restore", [True, False])
def test_a_replay_ends_as_a_fit_does(restore):
    curve = [0.9, 0.5, np.nan, 0.5, 0.6, 0.4, 0.7, 0.7, 0.7, 0.1]
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    stopping = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=restore)
    history = model.fit(
        np.ones((1, 1)),
        np.ones((1, 1)),
        epochs=len(curve),
        callbacks=[GivenLosses(curve), stopping],
        verbose=0,
    )
    (ours,) = replay([curve], 3, restore=restore)
    assert ours.num_epochs == len(history.epoch) == stopping.stopped_epoch + 1 == 5
    assert ours.best == stopping.best_epoch + 1 == 2
    weight = float(keras.ops.convert_to_numpy(model.layers[-1].kernel)[0, 0])
    assert ours.weights_of == weight == (2 if restore else 5)


def test_the_printed_log_stops_where_it_ends():
    found = measure("printed_log")
    assert (found["epochs_made"], found["best_epoch"]) == (27, 24)
    assert found["best_validation_loss"] == min(PRINTED_VAL_LOSSES)
    # Guessing one half of two classes costs ln 2 per row.
    loss = keras.losses.binary_crossentropy([[0.0], [1.0]], [[0.5], [0.5]])
    guess = float(keras.ops.mean(loss))
    assert found["best_validation_loss_less_ln_2"] == pytest.approx(
        0.7070 - guess, abs=1e-6
    )


def test_random_curves_have_plateaus_turns_and_gaps():
    curves = random_curves()
    assert curves.shape[0] == NUM_CURVES
    assert 0.02 < np.isnan(curves).mean() < 0.1
    assert (np.diff(curves, axis=1) == 0).mean() > 0.1
    np.testing.assert_array_equal(curves, random_curves())
    assert not np.array_equal(curves, random_curves(seed=1), equal_nan=True)


def test_every_step_has_the_ridge_of_its_penalty_and_descent_beside_it():
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((12, 4)), rng.standard_normal((12, 2))
    gram, target, rate = x.T @ x, x.T @ y, 0.01
    found = list(paths(gram, target, rate, num_steps=7))
    assert len(found) == 7
    eye = np.eye(4)
    for step, (w, ridge) in enumerate(found, start=1):
        solved = np.linalg.solve(gram + eye / (rate * step), target)
        np.testing.assert_allclose(ridge, solved, rtol=1e-10)
        # What t steps leave of least squares: 1 - (1 - eta G)^t.
        left = np.linalg.matrix_power(eye - rate * gram, step)
        closed = (eye - left) @ np.linalg.solve(gram, target)
        np.testing.assert_allclose(w, closed, rtol=1e-10)


def test_descent_is_close_to_ridge_and_ends_in_least_squares():
    found = measure("ridge_path")
    assert found["smallest_growth_of_the_norm"] > 0
    # 3,000 steps are not quite the end.
    assert 0.95 < found["largest_norm_over_least_squares"] < 1
    x = np.linspace(0.0, 50.0, 100_001)
    apart = np.abs(1 - np.exp(-x) - x / (1 + x)).max()
    assert apart == pytest.approx(0.2036, abs=1e-4)
    assert found["largest_distance_to_ridge_over_least_squares"] < apart
    assert 1 < found["best_stop"] < 3000
