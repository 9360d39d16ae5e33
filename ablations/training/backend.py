"""The three primitives in which the Keras backends differ, and the device.

Everything else that trains is written with `keras.ops`, whose loops serve both.
"""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import keras

from models.config import ConfigError

Tensor = Any
BACKEND = keras.backend.backend()

LACKING = ("ResourceExhaustedError", "JaxRuntimeError", "XlaRuntimeError")
"""Errors of TensorFlow, JAX and earlier JAX, of which some are for want of memory."""
OF_MEMORY = ("RESOURCE_EXHAUSTED", "OOM", "Out of memory")
"""What those say; a compiled program of TensorFlow says the last alone."""

if BACKEND == "tensorflow":
    import tensorflow as tf

    def map_runs(function: Callable[[Any], Any], arguments: Any) -> Any:
        """Apply a function of one run to every run (axis 0 of every argument).

        There must be two runs or more: the shape of one is lost.

        Raises:
            ConfigError: If TensorFlow cannot map an operation.
        """
        try:
            return tf.vectorized_map(function, arguments, fallback_to_while_loop=False)
        except ValueError as error:
            pattern = r'vectorization defined for (\w+)\s+name: "(\S+)"'
            found = re.search(pattern, str(error))
            if not found:
                raise
            operation, place = found.groups()
            raise ConfigError(
                f"The operation {operation} ({place}) of a layer cannot be stacked on"
                " TensorFlow, which has no rule to map it over runs. Write the layer"
                " with other operations, or set KERAS_BACKEND=jax."
            ) from error

    def value_and_gradients(
        function: Callable[[list[Tensor]], tuple[Tensor, Any]], weights: list[Tensor]
    ) -> tuple[Any, list[Tensor]]:
        """Return `aux` of `loss, aux = function(weights)` and d loss / d weights."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            loss, aux = function(weights)
        zero = tf.UnconnectedGradients.ZERO
        return aux, tape.gradient(loss, weights, unconnected_gradients=zero)

    in_float64 = contextlib.nullcontext
    """Let float64 be float64, which it is on TensorFlow anyway."""

    def compile_program(function: Callable[..., Any]) -> Callable[..., Any]:
        """Compile a function of arrays with XLA; one program per set of shapes."""
        # TensorFlow warns of frequent tracing per code object, which all programs
        # share; a partial is an object of its own.
        own = functools.partial(function)
        return tf.function(own, jit_compile=True, autograph=False)

elif BACKEND == "jax":
    import jax
    from keras.src.backend.common.dtypes import BIT64_TO_BIT32_DTYPE

    ONE_AT_A_TIME = threading.Lock()
    """Held while Keras's table of types is another, which all threads share."""

    def map_runs(function: Callable[[Any], Any], arguments: Any) -> Any:
        """Apply a function of one run to every run (axis 0 of every argument)."""
        return jax.vmap(function)(arguments)

    def value_and_gradients(
        function: Callable[[list[Tensor]], tuple[Tensor, Any]], weights: list[Tensor]
    ) -> tuple[Any, list[Tensor]]:
        """Return `aux` of `loss, aux = function(weights)` and d loss / d weights."""
        (_, aux), gradients = jax.value_and_grad(function, has_aux=True)(weights)
        return aux, gradients

    def compile_program(function: Callable[..., Any]) -> Callable[..., Any]:
        """Compile a function of arrays with XLA; one program per set of shapes."""
        return jax.jit(function)

    @contextlib.contextmanager
    def in_float64() -> Iterator[None]:
        """Let float64 be float64, for which JAX and Keras on it else take float32."""
        with ONE_AT_A_TIME, jax.enable_x64(True):
            narrower = dict(BIT64_TO_BIT32_DTYPE)
            BIT64_TO_BIT32_DTYPE.clear()
            try:
                yield
            finally:
                BIT64_TO_BIT32_DTYPE.update(narrower)

else:
    raise ConfigError(
        f"`KERAS_BACKEND` must be one of ('tensorflow', 'jax'). Received: {BACKEND!r}."
    )


def gpu_names() -> list[str]:
    """Return the names of the GPUs that the backend can use, empty without one."""
    if BACKEND == "tensorflow":
        return [gpu.name for gpu in tf.config.list_logical_devices("GPU")]
    return [str(gpu) for gpu in jax.devices() if gpu.platform in ("gpu", "cuda")]


def versions() -> dict[str, str]:
    """Return the names and versions of what a training was computed with."""
    if BACKEND == "tensorflow":
        return {"keras": keras.__version__, "tensorflow": tf.__version__}
    return {"keras": keras.__version__, "jax": jax.__version__}


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that the device has no memory left."""
    return isinstance(error, MemoryError) or (
        type(error).__name__ in LACKING
        and any(words in str(error) for words in OF_MEMORY)
    )
