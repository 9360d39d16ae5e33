"""Timings hold on any machine in what does not depend on its speed."""

import contextlib
import functools
import os

import keras
import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from ablations.measures import timing
from ablations.measures.depth import threads
from ablations.measures.depth.threads import (
    BATCH_SIZES,
    WIDTHS,
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


class Machine:
    """Stands in for the threads; a step gains what it says from the second one."""

    def __init__(self, clock):
        self.clock, self.num_threads = clock, None

    @contextlib.contextmanager
    def limit(self, limits, user_api):
        assert user_api == "blas"
        self.num_threads = limits
        yield
        self.num_threads = None

    def step(self, gain, late=0.0):
        seconds = {1: 2e-3, 2: 2e-3 / gain}
        takes = {n: self.clock.step(each, late) for n, each in seconds.items()}
        return lambda: takes[self.num_threads]()


@pytest.fixture
def machine(clock, monkeypatch):
    """Have all timings of this module read a clock that only steps move."""
    for function in (timing.seconds_of, timing.ratios_in_turn):
        timed = functools.partial(function, clock=clock)
        monkeypatch.setattr(threads, function.__name__, timed)
    return Machine(clock)


@pytest.mark.parametrize("gain", [1.0, 1.7])
def test_the_speed_up_is_what_the_second_thread_gains(gain, machine):
    # A busy machine is late now and then, which the median passes over.
    found = speed_up(machine.step(gain, late=0.1), machine)
    assert found == pytest.approx(gain, rel=0.05)


def test_a_training_step_is_made_under_both_limits(machine):
    step, (_, _, first, _) = training_step(width=16, batch_size=32)
    start, used = first.copy(), []

    def watched():
        step()
        libraries = ThreadpoolController().select(user_api="blas").info()
        used.append(max([each["num_threads"] for each in libraries], default=0))
        machine.clock.now += 1.0

    assert speed_up(watched, ThreadpoolController()) == 1.0
    assert np.abs(first - start).max() > 1e-5
    assert set(used) in ({1, 2}, {0})  # none where the system's library has no limit


def test_seconds_are_of_all_repeats(clock):
    assert timing.seconds_of(clock.step(5e-3), 4, clock) == pytest.approx(0.02, rel=0.1)


def test_usable_cores_are_some_of_the_machine_s():
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


def test_every_size_is_timed(machine, monkeypatch):
    gains = {
        (width, batch): 1.0 + width * batch / 256**2
        for width in WIDTHS
        for batch in BATCH_SIZES
    }
    monkeypatch.setattr(threads, "ThreadpoolController", lambda: machine)
    monkeypatch.setattr(
        threads, "training_step", lambda *size: (machine.step(gains[size]), ())
    )
    found = thread_speed_up()
    ratios = {name: v for name, v in found.items() if name.startswith("speed_up_")}
    assert ratios == {
        f"speed_up_{width}_wide_{batch}_rows": pytest.approx(gain, rel=0.05)
        for (width, batch), gain in gains.items()
    }
    assert found["usable_cores"] == usable_cores()
    assert found["largest_speed_up"] == found["speed_up_1024_wide_256_rows"]
    wide, narrow = (ratios[f"speed_up_{width}_wide_256_rows"] for width in (1024, 16))
    assert found["gain_by_width"] == wide - narrow
    by_batch = [
        ratios[f"speed_up_{width}_wide_256_rows"]
        - ratios[f"speed_up_{width}_wide_32_rows"]
        for width in WIDTHS
    ]
    assert found["gain_by_batch_size"] == pytest.approx(np.mean(by_batch))
