"""Recurrent networks: their cells are Keras's, their runs depend on the seed alone."""

import keras
import numpy as np
import pytest
from keras import ops

from ablations.experiments.engines.recurrent import (
    GatedCell,
    PlainCell,
    _builder_of,
    first_weights,
    lstm_answers,
)
from ablations.experiments.gradient_growth import state_gradients
from ablations.experiments.recurrent import RecurrentConfig
from ablations.protocol.experiment import checked
from ablations.training.backend import value_and_gradients

SEEDS = np.arange(2_000_000, 2_000_007)
ECHO = RecurrentConfig(
    length=4, delay=1, units=3, num_rows=16, batch_size=8, num_steps=4, log_steps=(0, 2)
)
COUNTS = RecurrentConfig(
    stream="counts",
    cell="lstm",
    length=4,
    units=3,
    mark_rate=0.3,
    num_rows=16,
    batch_size=8,
    num_steps=4,
    optimizer="adam",
)


def inputs(num_rows: int, length: int, size: int) -> np.ndarray:
    """Draw inputs `[num_rows, length, size]`."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(num_rows, length, size)).astype(np.float32)


def test_a_cell_without_gates_is_that_of_keras():
    x = inputs(5, 6, 2)
    mine = keras.layers.RNN(PlainCell(3, activation="tanh"), unroll=True)
    theirs = keras.layers.SimpleRNN(3)
    mine(x), theirs(x)
    theirs.set_weights([w.numpy() for w in mine.trainable_variables])
    # The order of sums is free in float32.
    np.testing.assert_allclose(mine(x), theirs(x), atol=1e-6)


def test_a_cell_with_a_forget_gate_is_the_lstm_of_keras():
    x = inputs(5, 6, 2)
    mine = keras.layers.RNN(GatedCell(3), unroll=True, return_sequences=True)
    theirs = keras.layers.LSTM(3, return_sequences=True)
    mine(x), theirs(x)
    theirs.set_weights([w.numpy() for w in mine.trainable_variables])
    # The order of sums is free in float32.
    np.testing.assert_allclose(mine(x), theirs(x), atol=1e-6)


def test_without_a_forget_gate_the_state_is_only_added_to():
    cell = GatedCell(3, forget_gate=0.0)
    x, c = inputs(5, 1, 2)[:, 0], inputs(5, 1, 3)[:, 0]
    zero = np.zeros((5, 3), np.float32)
    _, (_, from_zero) = cell(x, [zero, zero])
    _, (_, from_c) = cell(x, [zero, c])
    # The same is added to any state, up to rounding.
    np.testing.assert_allclose(
        ops.convert_to_numpy(from_c), c + ops.convert_to_numpy(from_zero), atol=1e-6
    )


def test_a_cell_can_be_saved():
    cell = GatedCell(3, forget_gate=0.0)
    again = GatedCell.from_config(cell.get_config())
    assert (again.units, again.forget_gate) == (3, 0.0)


def test_first_weights_have_the_radius_and_the_bias_asked_for():
    model = _builder_of(ECHO)()
    weights, _ = first_weights(ECHO.replace(radius=1.5), model, SEEDS)
    largest = np.abs(np.linalg.eigvals(weights[1])).max(axis=1)
    np.testing.assert_allclose(largest, 1.5, rtol=1e-5)  # float32
    config = COUNTS.replace(forget_bias=2.0)
    weights, _ = first_weights(config, _builder_of(config)(), SEEDS)
    expected = np.zeros(12)
    expected[3:6] = 2.0
    np.testing.assert_array_equal(weights[2], np.tile(expected, (7, 1)))


@pytest.mark.parametrize("forget_gate", [0.0, 1.0])
def test_answers_along_streams_are_those_of_the_network(forget_gate):
    model = _builder_of(COUNTS)()
    model.get_layer("recurrent").cell.forget_gate = forget_gate
    weights, _ = first_weights(COUNTS, model, SEEDS[:1])
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value[0])
    x = inputs(6, 4, 2).reshape(6, 8)
    mine = lstm_answers(weights, x[None], forget_gate=forget_gate)[0]
    # The order of sums is free in float32.
    np.testing.assert_allclose(mine, ops.convert_to_numpy(model(x)), atol=1e-6)


def test_gradients_sent_back_are_those_of_keras():
    length, units = 5, 3
    cell = PlainCell(units, activation="tanh")
    layer = keras.layers.RNN(cell, unroll=True)
    x = np.zeros((1, length, units), np.float32)
    layer(x)
    # Inputs that enter a unit each have the gradients of what the units sum up.
    kernel = inputs(1, units, units)[0]
    cell.kernel.assign(np.eye(units))
    cell.recurrent_kernel.assign(kernel)
    x = inputs(2, length, units)[1:]
    direction = np.array([0.6, 0.0, 0.8], np.float32)

    def loss(arguments):
        value = ops.sum(layer(arguments[0]) * direction)
        return value, value

    _, (found,) = value_and_gradients(loss, [ops.convert_to_tensor(x)])
    state, slopes = np.zeros(units), []
    for step in x[0].astype(np.float64):
        state = np.tanh(state @ kernel + step)
        slopes.append(1.0 - state**2)
    lengths = state_gradients(
        kernel[None].astype(np.float64), np.array([slopes]), direction[None]
    )
    # The gradient of a state is that of the next sum, sent through the kernel.
    of_states = ops.convert_to_numpy(found)[0] @ kernel.T
    expected = np.log10(np.linalg.norm(of_states, axis=1))[::-1]
    np.testing.assert_allclose(lengths[0, 1:], expected, atol=1e-5)  # float32


@pytest.mark.parametrize("config", [ECHO, COUNTS], ids=["echo", "counts"])
def test_a_run_is_the_same_alone_and_in_a_crowd_and_holds_what_is_promised(config):
    crowd, alone = config.run(SEEDS), config.run(SEEDS[5:6])
    checked(config, SEEDS, crowd)
    np.testing.assert_array_equal(crowd["steps"][0], config.recorded_steps())
    for name, values in crowd.items():
        # Other runs in the stack may change the order of sums in float32.
        np.testing.assert_allclose(values[5:6], alone[name], atol=1e-5)


def test_the_forget_gate_changes_what_is_learned():
    old, new = (COUNTS.replace(forget_gate=gate).run(SEEDS) for gate in (False, True))
    name = "curve.continued_explained"
    assert not np.allclose(old[name], new[name], atol=1e-3)


def test_a_run_that_explodes_is_reported():
    exploding = ECHO.replace(cell="linear", radius=1e8, learning_rate=1e6)
    assert (exploding.run(SEEDS)["diverged_at"] >= 0).all()
    assert (ECHO.replace(cell="linear").run(SEEDS)["diverged_at"] == -1).all()


def test_a_penalty_that_overshoots_explodes():
    # A rate of 1 and a penalty of 1e12 multiply the kernel by -2e12 per update.
    config = ECHO.replace(cell="linear", l2=1e12, learning_rate=1.0)
    assert (config.run(SEEDS)["diverged_at"] >= 0).all()
