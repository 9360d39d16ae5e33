"""Parts of a network that Keras has, so that a saved network needs only Keras.

What Keras has no layer for is written with its operations, which are saved as well. One
part has no such form: dropout of gradients, `models.layers.CounterDropout`.
"""

from collections.abc import Callable
from typing import Any

from keras import initializers, layers, ops, regularizers

from models.config import ActivationConfig, ConvolutionConfig, MLPConfig
from models.layers import CounterDropout

KERAS_NAMES = {"swish": "silu"}
"""Activations that Keras calls otherwise."""

OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "hard_step": lambda x: ops.sign(ops.relu(x)),
    "square": ops.square,
    "cosine": ops.cos,
}
"""Activations that Keras has no name for."""


class StockParts:
    """Make every part of a network that a config chooses."""

    @staticmethod
    def activation(config: ActivationConfig, name: str) -> Callable[[Any], Any]:
        """Return what applies an activation y = c f(a x + b) + d."""
        parts = [
            _affine(config.input_scale, config.input_shift, f"{name}_input"),
            _function(config, name),
            _affine(config.output_scale, config.output_shift, f"{name}_output"),
        ]

        def apply(x: Any) -> Any:
            for part in parts:
                x = x if part is None else part(x)
            return x

        return apply

    @staticmethod
    def convolution(
        config: ConvolutionConfig, shape: tuple[int, ...], name: str, **settings: Any
    ) -> Callable[[Any], Any]:
        """Return what convolves flat rows of a shape, channels last."""
        kind = layers.Conv1D if len(shape) == 2 else layers.Conv2D
        convolve = kind(
            config.filters,
            config.kernel_size,
            config.stride,
            config.padding,
            name=name,
            **settings,
        )
        unfold = layers.Reshape(shape, name=f"{name}_places")
        flatten = layers.Flatten(name=f"{name}_units")
        return lambda x: flatten(convolve(unfold(x)))

    @staticmethod
    def dropout(config: MLPConfig, rate: float, name: str) -> layers.Layer:
        """Return dropout; its masks are those of Keras."""
        if config.dropout_target == "gradients":
            unit = config.dropout_unit
            return CounterDropout(rate, unit=unit, target="gradients", name=name)
        shape = (1, None) if config.dropout_unit == "batch" else None
        return layers.Dropout(rate, noise_shape=shape, name=name)

    @staticmethod
    def noise(config: MLPConfig, name: str) -> layers.Layer:
        """Return noise; Keras is told multiplicative noise by the rate of a dropout."""
        if config.noise_kind == "additive":
            return layers.GaussianNoise(config.gaussian_noise, name=name)
        variance = config.gaussian_noise**2
        return layers.GaussianDropout(variance / (1 + variance), name=name)

    @staticmethod
    def scale(value: float, name: str) -> layers.Layer:
        """Return multiplication by a fixed number."""
        return layers.Rescaling(value, name=name)

    @staticmethod
    def penalty(l1: float, l2: float) -> regularizers.Regularizer:
        """Return the penalty on absolute and squared weights."""
        return regularizers.L1L2(l1, l2)


def _affine(scale: float, shift: float, name: str) -> layers.Layer | None:
    is_identity = scale == 1 and shift == 0
    return None if is_identity else layers.Rescaling(scale, shift, name=name)


def _function(config: ActivationConfig, name: str) -> Callable[[Any], Any]:
    if config.name in OPERATIONS:
        return OPERATIONS[config.name]
    slope = config.start_slope
    if config.name == "prelu":
        start = initializers.Constant(slope)
        return layers.PReLU(alpha_initializer=start, name=name)
    if config.name == "leaky_relu" and 0 <= slope <= 1:
        return layers.LeakyReLU(slope, name=name)
    if config.name == "leaky_relu":
        return lambda x: ops.where(x > 0, x, slope * x)
    return layers.Activation(KERAS_NAMES.get(config.name, config.name), name=name)
