"""Layers whose randomness is counted, and whose settings may be tensors.

`keras.layers.Dropout` cannot be mapped over a stack on TensorFlow and draws other masks
on JAX. The layers here draw with Threefry, keyed by the state of an ordinary
`keras.random.SeedGenerator`, and give the same numbers on every backend, eager or
compiled, alone or in a stack.
"""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from models.config import (
    ConvolutionConfig,
    Finite,
    FrozenConfig,
    NonNegative,
    Rate,
    one_of,
)
from models.randomness import threefry2x32

ELEMENT_ROUNDS = 13
UNITS = ("sample", "batch")
TARGETS = ("activations", "gradients")
KINDS = ("additive", "multiplicative")


class _Settings(FrozenConfig):
    rate: Rate = 0.0
    stddev: NonNegative = 0.0
    value: Finite = 1.0


def _words(state: Any, num_rows: Any, num_columns: int) -> tuple[Any, Any]:
    """Draw two uint32 words per row and column, each [num_rows, num_columns].

    The state [2] of a generator, seed and number of the call, is mixed into a key with
    the full rounds; row and column are the counter. So row i does not depend on how
    many rows there are.
    """
    seed, call = ops.unstack(ops.cast(state, "uint32"), 2)
    zero = ops.zeros_like(seed)
    key0, key1 = threefry2x32(ops, seed, zero, call, zero)
    rows = ops.cast(ops.arange(num_rows, dtype="int32"), "uint32")
    columns = ops.convert_to_tensor(np.arange(num_columns, dtype=np.uint32))
    return threefry2x32(
        ops, key0, key1, rows[:, None], columns[None, :], ELEMENT_ROUNDS
    )


def _unit(words: Any, bits: int) -> Any:
    """Return the first bits of the words as float32 multiples of 2^-bits."""
    shift = ops.convert_to_tensor(np.uint32(32 - bits))
    return ops.cast(
        ops.cast(ops.right_shift(words, shift), "int32"), "float32"
    ) * ops.convert_to_tensor(np.float32(2.0**-bits))


def _flat_size(shape: tuple[int | None, ...], layer: str) -> int:
    if len(shape) < 2 or None in shape[1:]:
        raise ValueError(
            f"{layer} needs inputs [batch, ...] whose other sizes are known. "
            f"Received: {tuple(shape)}."
        )
    return math.prod(shape[1:])


class _RandomLayer(keras.layers.Layer):
    """A seed generator of its own, which draws one number per input."""

    def __init__(self, seed: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def _draw(self, inputs: Any, num_rows: Any) -> tuple[Any, Any, tuple]:
        """Return half as many pairs of words as a row needs, and the shape."""
        size = _flat_size(inputs.shape, type(self).__name__)
        words = _words(self.seed_generator.next(), num_rows, (size + 1) // 2)
        return *words, (-1, *inputs.shape[1:])

    def _join(self, first: Any, second: Any, shape: tuple) -> Any:
        """Lay the numbers made from both words next to each other."""
        both = ops.concatenate([first, second], axis=1)
        return ops.reshape(both[:, : math.prod(shape[1:])], shape)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape


@keras.saving.register_keras_serializable(package="models")
class CounterDropout(_RandomLayer):
    """Drop units at random in training: y = x m / (1 - rate), P(m = 0) = rate.

    The identity at inference. `rate` is a plain attribute read at every call and may
    hold a scalar tensor while a graph is traced.

    Args:
        rate: Share of units dropped.
        unit: "sample" draws a mask for each sample, "batch" one for all of them.
        target: "activations" applies the mask to the units; "gradients" returns the
            units as they are and applies it to their gradient only.
        seed: First word of the state of the seed generator; None takes one from
            Keras.
        **kwargs: Passed to `keras.layers.Layer`.

    Raises:
        ConfigError: If a setting is out of range.

    References:
        Srivastava et al., "Dropout", 2014, section 4.
        https://jmlr.org/papers/v15/srivastava14a.html
    """

    def __init__(
        self,
        rate: float,
        unit: str = "sample",
        target: str = "activations",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Check the settings; see the class."""
        super().__init__(seed, **kwargs)
        self.rate = _Settings(rate=rate).rate
        self.unit = one_of("unit", unit, UNITS)
        self.target = one_of("target", target, TARGETS)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return `inputs` with units dropped, same shape."""
        if not training:
            return inputs
        num_rows = 1 if self.unit == "batch" else ops.shape(inputs)[0]
        *words, shape = self._draw(inputs, num_rows)
        uniform = self._join(*(_unit(word, 24) for word in words), shape)
        rate = ops.cast(self.rate, "float32")
        survivors = inputs * ops.cast(1.0 / (1.0 - rate), inputs.dtype)
        kept = ops.where(uniform < rate, ops.zeros_like(inputs), survivors)
        if self.target == "gradients":
            return ops.stop_gradient(inputs) + (kept - ops.stop_gradient(kept))
        return kept

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same layer again."""
        return {
            **super().get_config(),
            "rate": self.rate,
            "unit": self.unit,
            "target": self.target,
            "seed": self.seed,
        }


@keras.saving.register_keras_serializable(package="models")
class CounterGaussianNoise(_RandomLayer):
    """Add y = x + stddev n, or multiply y = x (1 + stddev n), n ~ N(0, 1), in training.

    The identity at inference. `stddev` is a plain attribute read at every call and may
    hold a scalar tensor while a graph is traced. Multiplicative noise of
    stddev = sqrt(rate / (1 - rate)) has the variance of dropout.

    Args:
        stddev: Standard deviation of the noise.
        kind: "additive" or "multiplicative".
        seed: First word of the state of the seed generator; None takes one from
            Keras.
        **kwargs: Passed to `keras.layers.Layer`.

    Raises:
        ConfigError: If a setting is out of range.
    """

    def __init__(
        self,
        stddev: float,
        kind: str = "additive",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Check the settings; see the class."""
        super().__init__(seed, **kwargs)
        self.stddev = _Settings(stddev=stddev).stddev
        self.kind = one_of("kind", kind, KINDS)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return `inputs` with noise, same shape."""
        if not training:
            return inputs
        *words, shape = self._draw(inputs, ops.shape(inputs)[0])
        # Box and Muller; midpoints of 2^23 cells are exact in float32 and never 0.
        first, second = (_unit(word, 23) + np.float32(2.0**-24) for word in words)
        radius = ops.sqrt(-2.0 * ops.log(first))
        angle = np.float32(2.0 * np.pi) * second
        normal = self._join(radius * ops.cos(angle), radius * ops.sin(angle), shape)
        noise = ops.cast(normal * ops.cast(self.stddev, "float32"), inputs.dtype)
        if self.kind == "multiplicative":
            return inputs + inputs * noise
        return inputs + noise

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same layer again."""
        return {
            **super().get_config(),
            "stddev": self.stddev,
            "kind": self.kind,
            "seed": self.seed,
        }


@keras.saving.register_keras_serializable(package="models")
class Scale(keras.layers.Layer):
    """Multiply by a fixed number, which may be a scalar tensor while tracing.

    Args:
        value: The factor.
        **kwargs: Passed to `keras.layers.Layer`.

    Raises:
        ConfigError: If the factor is not finite.
    """

    def __init__(self, value: float, **kwargs: Any) -> None:
        """Check the factor; see the class."""
        super().__init__(**kwargs)
        self.value = _Settings(value=value).value
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return `value * inputs`, same shape."""
        return inputs * ops.cast(self.value, inputs.dtype)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same layer again."""
        return {**super().get_config(), "value": self.value}


@keras.saving.register_keras_serializable(package="models")
class PatchConvolution(keras.layers.Layer):
    """Multiply every window of a signal or image by one kernel, as a dense layer does.

    The same numbers as `keras.layers.Conv1D` or `Conv2D`, whose kernels TensorFlow
    cannot map over a stack. Rows come in and go out flat: `[batch, units]`.

    Args:
        filters: Number of filters.
        kernel_size: Offsets along each axis.
        stride: Places from one window to the next.
        padding: "valid" or "same".
        shape: What a row is, channels last.
        use_bias: Whether every filter has a bias.
        kernel_initializer: Initializer of the kernel.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: Penalty on the kernel, or None.
        **kwargs: Passed to `keras.layers.Layer`.

    Raises:
        ConfigError: If a setting is out of range or no window fits.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        stride: int,
        padding: str,
        shape: tuple[int, ...],
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        """Check the settings; see the class."""
        super().__init__(**kwargs)
        self._config = ConvolutionConfig(
            filters=filters, kernel_size=kernel_size, stride=stride, padding=padding
        )
        self.shape = tuple(shape)
        self.output_grid = self._config.output_shape(self.shape)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create kernel and bias."""
        self.kernel = self.add_weight(
            shape=self._config.kernel_shape(self.shape),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self._config.filters,),
                initializer=self.bias_initializer,
                name="bias",
            )

    def call(self, inputs: Any) -> Any:
        """Return what the filters say of every window, `[batch, units]`."""
        windows = [self._config.windows(size) for size in self.shape[:-1]]
        x = ops.reshape(inputs, (-1, *self.shape))
        padding = [(before, behind) for _, before, behind in windows]
        x = ops.pad(x, ((0, 0), *padding, (0, 0)))
        # One slice per offset: a compiler pulls gradients back through slices faster
        # than through a gather. The last axis first, so that offsets come out in order.
        for axis in range(len(windows), 0, -1):
            parts = [
                x[(slice(None),) * axis + (self._slice(offset, windows[axis - 1]),)]
                for offset in range(self._config.kernel_size)
            ]
            x = ops.concatenate(parts, axis=-1)
        kernel = ops.reshape(self.kernel, (-1, self._config.filters))
        y = ops.matmul(ops.reshape(x, (-1, kernel.shape[0])), kernel)
        if self.use_bias:
            y = y + self.bias
        return ops.reshape(y, (-1, math.prod(self.output_grid)))

    def _slice(self, offset: int, windows: tuple[int, int, int]) -> slice:
        stride = self._config.stride
        return slice(offset, offset + (windows[0] - 1) * stride + 1, stride)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return batch and units."""
        return (input_shape[0], math.prod(self.output_grid))

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same layer again."""
        sizes = ("filters", "kernel_size", "stride", "padding")
        return {
            **super().get_config(),
            **{name: getattr(self._config, name) for name in sizes},
            "shape": self.shape,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
        }


@keras.saving.register_keras_serializable(package="models")
class ElasticNet(keras.regularizers.Regularizer):
    """Penalize l1 sum |w| + l2 sum w^2, with factors that may be scalar tensors.

    `keras.regularizers.L1L2` compares its factors with zero at every call, which a
    tensor does not allow in a graph.

    Args:
        l1: Factor of the sum of absolute values.
        l2: Factor of the sum of squares.
    """

    def __init__(self, l1: float, l2: float) -> None:
        """Keep the factors."""
        self.l1 = l1
        self.l2 = l2

    def __call__(self, x: Any) -> Any:
        """Return the penalty of the weights `x`, a scalar."""
        l1, l2 = ops.cast(self.l1, x.dtype), ops.cast(self.l2, x.dtype)
        return l1 * ops.sum(ops.absolute(x)) + l2 * ops.sum(ops.square(x))

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same penalty again."""
        return {"l1": self.l1, "l2": self.l2}
