"""Activation functions on `keras.ops` and the layer that applies them."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from models.config import ActivationConfig


def linear(x: Any) -> Any:
    """Return x."""
    return x


def hard_step(x: Any) -> Any:
    """Return 1 where x > 0, else 0; the gradient is zero everywhere."""
    # Unlike a comparison, sign keeps the graph connected: a zero gradient, not none.
    return ops.sign(ops.relu(x))


def gelu(x: Any) -> Any:
    """Return x Phi(x), Phi being the distribution function of a standard normal."""
    return ops.gelu(x, approximate=False)


def leaky_relu(x: Any, slope: Any) -> Any:
    """Return x where x > 0, else slope x; the slope may be a tensor."""
    return ops.where(x > 0, x, slope * x)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "linear": linear,
    "sigmoid": ops.sigmoid,
    "hard_step": hard_step,
    "tanh": ops.tanh,
    "relu": ops.relu,
    "relu6": ops.relu6,
    "leaky_relu": leaky_relu,
    "prelu": leaky_relu,
    "elu": ops.elu,
    "selu": ops.selu,
    "gelu": gelu,
    "swish": ops.silu,
    "softplus": ops.softplus,
    "softmax": ops.softmax,
    "square": ops.square,
    "cosine": ops.cos,
}


@keras.saving.register_keras_serializable(package="models")
class ActivationLayer(keras.layers.Layer):
    """Apply y = c f(a x + b) + d.

    A scale of 1 or a shift of 0 is left out of the graph. The others, and the
    `negative_slope` of a leaky ReLU, are plain attributes read at every call, so they
    may hold scalar tensors while a graph is traced. `prelu` learns one slope per unit
    (the weight `alpha`) from the configured slope on.

    Args:
        activation: Name of f, one of `models.config.ACTIVATIONS`.
        slope: Slope for x < 0 of `leaky_relu`, first slope of `prelu`.
        input_scale: a.
        input_shift: b.
        output_scale: c.
        output_shift: d.
        **kwargs: Passed to `keras.layers.Layer`.

    Raises:
        ConfigError: If the name is unknown or a number is not finite.
    """

    def __init__(
        self,
        activation: str,
        slope: float | None = None,
        input_scale: float = 1.0,
        input_shift: float = 0.0,
        output_scale: float = 1.0,
        output_shift: float = 0.0,
        **kwargs: Any,
    ) -> None:
        """Check the settings; see the class."""
        super().__init__(**kwargs)
        config = ActivationConfig(
            name=activation,
            slope=slope,
            input_scale=input_scale,
            input_shift=input_shift,
            output_scale=output_scale,
            output_shift=output_shift,
        )
        self.activation = config.name
        self._settings = config.model_dump(exclude={"name"})
        self._affine = frozenset(config.affine())
        self.input_scale = config.input_scale
        self.input_shift = config.input_shift
        self.output_scale = config.output_scale
        self.output_shift = config.output_shift
        if config.name == "leaky_relu":
            self.negative_slope = config.start_slope
        if config.name == "prelu":
            self.alpha_initializer = keras.initializers.Constant(config.start_slope)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the slopes of `prelu`, one per unit."""
        if self.activation == "prelu":
            self.alpha = self.add_weight(
                shape=input_shape[1:],
                initializer=self.alpha_initializer,
                name="alpha",
            )

    def call(self, inputs: Any) -> Any:
        """Return the activation of `inputs`, same shape."""
        x = inputs
        if "input_scale" in self._affine:
            x = x * ops.cast(self.input_scale, x.dtype)
        if "input_shift" in self._affine:
            x = x + ops.cast(self.input_shift, x.dtype)
        if self.activation == "leaky_relu":
            x = leaky_relu(x, ops.cast(self.negative_slope, x.dtype))
        elif self.activation == "prelu":
            x = leaky_relu(x, ops.cast(self.alpha, x.dtype))
        else:
            x = FUNCTIONS[self.activation](x)
        if "output_scale" in self._affine:
            x = x * ops.cast(self.output_scale, x.dtype)
        if "output_shift" in self._affine:
            x = x + ops.cast(self.output_shift, x.dtype)
        return x

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same layer again."""
        return {
            **super().get_config(),
            "activation": self.activation,
            **self._settings,
        }
