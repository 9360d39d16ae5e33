"""The rule of one epoch; whole trainings are compared with Keras elsewhere."""

import keras
import numpy as np
from keras import ops

from ablations.early_stopping import initial_watch, judge_epoch
from ablations.training_config import EarlyStoppingConfig

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
