"""Timings hold on any machine in what does not depend on its speed."""

import os
import time

import keras
import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from ablations.measures.depth.threads import (
    BATCH_SIZES,
    WIDTHS,
    seconds_of,
    speed_up,
    thread_speed_up,
    training_step,
    usable_cores,
)
from ablations.training.backend import value_and_gradients


def test_the_step_is_gradient_descent_as_keras_computes_it():
    step, (x, y, first, second) = training_step(width=8, batch_size=5)

    def loss(weights):
        hidden = keras.ops.relu(keras.ops.matmul(x, weights[0]))
        error = keras.ops.matmul(hidden, weights[1]) - y
        return keras.ops.mean(keras.ops.square(error)), error

    tensors = [keras.ops.convert_to_tensor(w.copy()) for w in (first, second)]
    _, gradients = value_and_gradients(loss, tensors)
    starts = [first.copy(), second.copy()]
    step()
    for start, now, gradient in zip(starts, (first, second), gradients, strict=True):
        expected = start - 5e-4 * keras.ops.convert_to_numpy(gradient)
        # Weights of order one in float32.
        assert np.allclose(now, expected, atol=1e-6)
        assert np.abs(now - start).max() > 1e-5


def test_what_no_thread_can_help_has_a_speed_up_of_about_one():
    found = speed_up(lambda: time.sleep(2e-3), ThreadpoolController())
    # A busy machine wakes late now and then, which the median passes over.
    assert found == pytest.approx(1.0, abs=0.5)


def test_seconds_are_of_all_repeats():
    assert seconds_of(lambda: time.sleep(5e-3), 4) >= 0.02


def test_usable_cores_are_some_of_the_machine_s():
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


def test_every_size_is_timed():
    found = thread_speed_up()
    ratios = [v for name, v in found.items() if name.startswith("speed_up_")]
    assert len(ratios) == len(WIDTHS) * len(BATCH_SIZES)
    assert all(np.isfinite(ratio) and ratio > 0 for ratio in ratios)
    assert found["usable_cores"] == usable_cores()
    assert found["largest_speed_up"] >= found["speed_up_1024_wide_256_rows"]
