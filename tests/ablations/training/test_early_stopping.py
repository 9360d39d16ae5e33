"""The rule of one epoch; whole trainings are compared with Keras elsewhere."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import ops

from ablations.measures.regularization.stopping import random_curves, replay
from ablations.tasks.data import Data
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    OutputsConfig,
    TrainingConfig,
)
from ablations.training.early_stopping import initial_watch, judge_epoch
from ablations.training.stopping_rule import stops
from ablations.training.train import StackResult, train_stack
from models.config import MLPConfig

RULE = EarlyStoppingConfig(restore_best_weights=True)
PER_EPOCH = 3


def judge(values: list[list[float]], steps: list[int], **numbers: list[float]) -> dict:
    """Return the carry after some records `[epoch][R]` at these numbers of updates."""
    num_runs = len(values[0])
    weights = [np.zeros((num_runs, 1), np.float32)]
    carry = {
        "w": weights,
        "s": [],
        "diverged_at": np.full(num_runs, -1, np.int32),
        "stopped_at": np.full(num_runs, -1, np.int32),
        **initial_watch(RULE, weights, []),
    }
    h = {"patience": [0.0], "min_delta": [0.0], "num_steps": [100.0]} | numbers
    h = {name: np.broadcast_to(np.float32(v), num_runs) for name, v in h.items()}
    for k, value in zip(steps, values, strict=True):
        carry |= {"k": np.int32(k), "w": [np.full((num_runs, 1), k, np.float32)]}
        carry = keras.tree.map_structure(ops.convert_to_tensor, carry)
        value = ops.convert_to_tensor(np.float32(value))
        carry = judge_epoch(RULE, carry, value, h, PER_EPOCH)
    return keras.tree.map_structure(ops.convert_to_numpy, carry)


def test_a_run_stops_when_it_has_waited_long_enough():
    values = [[1.0, 1.0, 1.0], [1.5, 1.5, 0.5], [1.4, 1.4, 0.4], [1.3, 0.9, 0.3]]
    carry = judge(values, [3, 6, 9, 12], patience=[1.0, 3.0, 1.0])
    np.testing.assert_array_equal(carry["stopped_at"], [6, -1, -1])
    np.testing.assert_array_equal(carry["best_at"], [3, 12, 12])
    np.testing.assert_array_equal(carry["best_w"][0][:, 0], [3.0, 12.0, 12.0])


def test_an_improvement_smaller_than_asked_is_none():
    carry = judge([[1.0, 1.0], [0.95, 0.85]], [3, 6], min_delta=[0.1, 0.1])
    np.testing.assert_array_equal(carry["stopped_at"], [6, -1])
    np.testing.assert_array_equal(carry["best_at"], [3, 6])


def test_a_record_inside_an_epoch_is_not_judged():
    carry = judge([[9.0], [1.0], [2.0], [0.5]], [0, 3, 4, 6])
    np.testing.assert_array_equal(carry["stopped_at"], [-1])
    np.testing.assert_array_equal(carry["best_at"], [6])


def test_what_comes_after_the_end_of_a_run_is_not_judged():
    values = [[1.0, 1.0], [0.5, 0.5], [0.4, 0.4]]
    carry = judge(values, [3, 6, 9], num_steps=[6.0, 9.0])
    np.testing.assert_array_equal(carry["best_at"], [6, 9])


def test_a_value_that_is_not_a_number_is_no_improvement():
    carry = judge([[1.0], [np.nan]], [3, 6])
    np.testing.assert_array_equal(carry["best_at"], [3])
    np.testing.assert_array_equal(carry["stopped_at"], [6])


def test_a_first_epoch_without_a_number_is_the_best_so_far():
    # As in Keras: nothing is less than NaN, and the wait begins after it.
    values = [[np.nan, np.inf], [0.5, np.inf], [0.4, 0.4]]
    carry = judge(values, [3, 6, 9], patience=[2.0, 2.0])
    np.testing.assert_array_equal(carry["best_at"], [3, 9])
    np.testing.assert_array_equal(carry["stopped_at"], [9, -1])


@pytest.mark.parametrize(
    ("patience", "min_delta"), [(0, 0.0), (3, 0.0), (5, 0.05), (25, 0.0)]
)
def test_masks_stop_and_restore_as_the_callback_of_keras(patience, min_delta):
    curves = random_curves(120, 25, seed=2)
    curves[::20, 0], curves[1::20, 0], curves[2::20] = np.nan, np.inf, 0.5
    epochs = np.arange(1, 26)
    carry = judge(
        curves.T.tolist(),
        (epochs * PER_EPOCH).tolist(),
        patience=[float(patience)],
        min_delta=[min_delta],
    )
    theirs = replay(curves.tolist(), patience, min_delta=min_delta)
    expected = [end.num_epochs * PER_EPOCH if end.stopped else -1 for end in theirs]
    kept = np.array([end.weights_of for end in theirs]) * PER_EPOCH
    np.testing.assert_array_equal(carry["stopped_at"], expected)
    np.testing.assert_array_equal(carry["best_at"], kept)
    np.testing.assert_array_equal(carry["best_w"][0][:, 0], kept)


wanted = np.nan_to_num(random_curves(100, 15, seed=3), nan=0.7)
TARGETS = 1.0 + np.abs(wanted).astype(np.float32)  # [R, E]


def follow_curves(**choices) -> tuple[TrainingConfig, Callable[..., StackResult]]:
    """Return a training, and what trains by it along given curves.

    One linear unit jumps to the target of the epoch.
    """
    num_runs, num_epochs = TARGETS.shape
    ones = np.ones((num_runs, num_epochs, 1), np.float32)
    zero, one = 0.0 * ones[:, :1], ones[:, :1]
    data = Data(ones, TARGETS[..., None], one, zero, one, zero)
    training = TrainingConfig(
        # A step of half the curvature goes to the minimum of one row's error.
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.5),
        batch_size=1,
        epochs=num_epochs,
        metrics=("val_loss",),
        **choices,
    )
    unit = MLPConfig(input_units=1, hidden_units=(), use_bias=False)
    # Every update of an epoch sees the row of the epoch's number.
    orders = np.repeat(np.arange(num_epochs), num_epochs).reshape(1, num_epochs, -1)

    def train(training: TrainingConfig) -> StackResult:
        return train_stack(unit, training, range(num_runs), data, orders=orders)

    return training, train


@pytest.mark.parametrize("patience", [1, 4])
def test_training_along_given_curves_stops_and_restores_as_keras_does(patience):
    rule = EarlyStoppingConfig(patience=patience, restore_best_weights=True)
    training, train = follow_curves(early_stopping=rule)
    targets, (num_runs, num_epochs) = TARGETS, TARGETS.shape
    result = train(training)
    long = training.replace(early_stopping=None, log_steps=tuple(result.log_steps))
    whole = train(long)
    losses = whole.curves["val_loss"]
    np.testing.assert_allclose(losses, targets**2, rtol=1e-5)  # rounding of float32
    theirs = replay(losses.tolist(), patience)
    made = np.array([end.num_epochs if end.stopped else 0 for end in theirs])
    kept = np.array([end.weights_of for end in theirs])
    np.testing.assert_array_equal(
        result.stopped_at, np.where(made, made * num_epochs, -1)
    )
    np.testing.assert_array_equal(result.best_at, kept * num_epochs)
    np.testing.assert_allclose(
        result.weights[0][:, 0, 0], targets[np.arange(num_runs), kept - 1], rtol=1e-5
    )
    read_off = stops(losses, patience)
    np.testing.assert_array_equal(read_off.stopped, made)
    np.testing.assert_array_equal(read_off.kept, kept)
    assert len(set(made)) > 5


def test_outputs_are_kept_with_the_weights_that_each_patience_would_restore():
    num_runs, num_epochs = TARGETS.shape
    patiences = (4, 0, 1)
    ends = tuple(range(num_epochs, num_epochs**2 + 1, num_epochs))
    training, train = follow_curves(
        log_steps=ends, outputs=OutputsConfig(patience=patiences)
    )
    result = train(training)
    for patience, outputs in zip(patiences, result.outputs, strict=True):
        kept = np.full(num_runs, num_epochs)
        if patience:
            ours = replay(result.curves["val_loss"].tolist(), patience)
            kept = np.array([end.weights_of for end in ours])
        expected = TARGETS[np.arange(num_runs), kept - 1]
        for part in ("val", "test"):
            np.testing.assert_allclose(
                outputs[part][:, 0, 0], expected, rtol=1e-5, err_msg=str(patience)
            )
    # The training itself does not stop.
    assert (result.stopped_at == -1).all()
    np.testing.assert_allclose(result.weights[0][:, 0, 0], TARGETS[:, -1], rtol=1e-5)
