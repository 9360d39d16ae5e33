import jax
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from ablations.training.backend import (
    compile_program,
    gpu_names,
    is_out_of_memory,
    map_runs,
    value_and_gradients,
    versions,
)
from models.config import ConfigError


def test_a_function_of_one_run_is_mapped_over_all():
    w, x = np.arange(6.0).reshape(3, 2), np.ones((2, 4))
    arguments = {"w": ops.convert_to_tensor(w)}
    result = map_runs(lambda one: {"p": one["w"][None] @ x}, arguments)
    np.testing.assert_allclose(result["p"][:, 0], w @ x)


def test_gradients_are_those_of_the_formula_and_zero_where_nothing_depends():
    def loss_of(weights):
        loss = ops.sum(weights[0] ** 2)
        return loss, {"twice": 2.0 * loss}

    weights = [ops.convert_to_tensor([1.0, 3.0]), ops.convert_to_tensor([5.0])]
    aux, (first, second) = value_and_gradients(loss_of, weights)
    np.testing.assert_allclose(aux["twice"], 20.0)
    np.testing.assert_allclose(first, [2.0, 6.0])
    np.testing.assert_allclose(second, [0.0])


def test_a_program_is_traced_once_per_shape():
    traces = []

    def double(x):
        traces.append(x.shape)
        return 2.0 * x

    program = compile_program(double)
    for value in ([1.0], [2.0], [1.0, 2.0]):
        result = program(ops.convert_to_tensor(value))
        np.testing.assert_allclose(result, 2.0 * np.array(value))
    assert len(traces) == 2


def test_an_operation_that_cannot_be_mapped_is_named():
    def draw(one):
        return tf.random.stateless_normal((2,), seed=one["seed"])

    seeds = ops.convert_to_tensor(np.zeros((3, 2), np.int32))
    with pytest.raises(
        ConfigError, match=r"The operation Stateless.* cannot be stacked"
    ):
        map_runs(draw, {"seed": seeds})


def test_only_a_lack_of_memory_is_called_one():
    with pytest.raises(Exception, match=r"Out of memory") as raised:
        jax.numpy.zeros((2**25, 2**25))
    assert is_out_of_memory(raised.value)
    # TensorFlow tries for ten seconds before it raises what is put together here.
    error = tf.errors.ResourceExhaustedError
    for told in (
        "OOM when allocating tensor with shape[9,9] and type float by allocator cpu",
        "Out of memory while trying to allocate 4.00PiB. [Op:__inference_program_9]",
    ):
        assert is_out_of_memory(error(None, None, told))
    assert not is_out_of_memory(error(None, None, "too many files"))
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(type(raised.value)("too many files"))
    assert not is_out_of_memory(ValueError("OOM"))


def test_versions_and_devices_are_named():
    assert versions()["keras"] == keras.__version__
    assert len(versions()) == 2
    assert isinstance(gpu_names(), list)
