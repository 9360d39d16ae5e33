"""Follow rows through trained networks in NumPy: layers, probabilities and slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from models.config import ActivationConfig, MLPConfig, one_of, requirement

SMALLEST_PROBABILITY = 1e-12
"""Bound below which a probability counts as it, where its logarithm is taken."""


class Function(NamedTuple):
    """An activation f and its derivative, given z and the slope below zero."""

    value: Callable[[np.ndarray, float], np.ndarray]
    derivative: Callable[[np.ndarray, float], np.ndarray]


def _sigmoid(z: np.ndarray) -> np.ndarray:
    # Written so that no exponential overflows.
    return 0.5 * (1.0 + np.tanh(0.5 * z))


FUNCTIONS: dict[str, Function] = {
    "linear": Function(lambda z, slope: z, lambda z, slope: np.ones_like(z)),
    "relu": Function(lambda z, slope: np.maximum(z, 0.0), lambda z, slope: z > 0),
    "leaky_relu": Function(
        lambda z, slope: np.where(z > 0, z, slope * z),
        lambda z, slope: np.where(z > 0, 1.0, slope),
    ),
    "elu": Function(
        lambda z, slope: np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
        lambda z, slope: np.exp(np.minimum(z, 0.0)),
    ),
    "tanh": Function(
        lambda z, slope: np.tanh(z), lambda z, slope: 1.0 - np.tanh(z) ** 2
    ),
    "sigmoid": Function(
        lambda z, slope: _sigmoid(z), lambda z, slope: _sigmoid(z) * _sigmoid(-z)
    ),
}
"""Activations that can be followed, by the names of `models.config`."""


class Layer(NamedTuple):
    """What one hidden layer makes of rows `[R, N, H]`.

    Attributes:
        sums: What enters the activation.
        outputs: What leaves it.
        scale: What batch norm multiplies kernel times inputs by, 1 without it.
    """

    sums: np.ndarray
    outputs: np.ndarray
    scale: np.ndarray | float


@dataclass(frozen=True)
class Networks:
    """R trained networks of one config, as they answer at inference.

    Dropout and noise are off.

    Attributes:
        config: Dense layers with biases, activations of `FUNCTIONS`, and batch norm
            before them or none.
        weights: Trainable weights in the order of the model, each `[R, ...]`.
        state: Moving means and variances in the order of the model, each `[R, H]`;
            None where batch norm takes mean and variance of the rows that are
            followed, as in training.

    Raises:
        ConfigError: If the config has other parts.
    """

    config: MLPConfig
    weights: Sequence[np.ndarray]
    state: Sequence[np.ndarray] | None = None

    def __post_init__(self) -> None:
        """Refuse what is not followed here."""
        check_followable(self.config)

    def layers(self, x: np.ndarray) -> list[Layer]:
        """Return the hidden layers for inputs `[N, D]` or `[R, N, D]`."""
        return self._layers_after(0, x)

    def select(self, index: int) -> Networks:
        """Return the network at an index, as a stack of one."""
        one = slice(index, index + 1)
        state = None if self.state is None else [array[one] for array in self.state]
        return Networks(self.config, [array[one] for array in self.weights], state)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs `[R, N, K]`, before any activation of the output."""
        return self.logits_after(0, x)

    def logits_after(self, number: int, signals: np.ndarray) -> np.ndarray:
        """Return the outputs `[R, N, K]` that follow from those of one layer.

        Args:
            number: A hidden layer, from 1, or 0 for the inputs.
            signals: Its outputs `[N, H]` or `[R, N, H]`.
        """
        after = self._layers_after(number, signals)
        last = after[-1].outputs if after else np.asarray(signals, np.float64)
        return last @ self.named["output/kernel"] + self.named["output/bias"]

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs `[R, N, K]` for inputs `[N, D]` or `[R, N, D]`."""
        return activate(self.config.output_activation, self.logits(x))

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Return the softmax of the outputs `[R, N, K]`."""
        return softmax(self.logits(x))

    def roughness(self, x: np.ndarray) -> np.ndarray:
        """Return how fast the probabilities change with the inputs `[R]`.

        That is the root mean square, over rows, of the Frobenius norm of dp/dx.

        Args:
            x: Inputs `[N, D]` or `[R, N, D]`.

        Raises:
            ConfigError: If batch norm takes its statistics from the rows.
        """
        if self.config.batch_norm and self.state is None:
            raise requirement("state", "must be given where slopes are taken", None)
        layers = self.layers(x)
        slopes = [
            slope(activation, layer.sums) * layer.scale
            for activation, layer in zip(
                self.config.per_layer("activation"), layers, strict=True
            )
        ]
        g = np.swapaxes(self.named["output/kernel"], 1, 2)[:, None]  # [R, 1, K, H]
        for k in range(len(layers), 0, -1):
            kernel = np.swapaxes(self.named[f"hidden_{k}/kernel"], 1, 2)[:, None]
            g = (g * slopes[k - 1][:, :, None]) @ kernel  # [R, N, K, D]
        p = softmax(self.logits(x))[..., None]  # [R, N, K, 1]
        jacobian = p * (g - (p * g).sum(axis=2, keepdims=True))
        return np.sqrt((jacobian**2).sum(axis=(2, 3)).mean(axis=1))

    @cached_property
    def named(self) -> dict[str, np.ndarray]:
        """All weights by name, in float64; vectors are `[R, 1, H]`."""
        kept, state = iter(self.weights), iter(self.state or ())
        found = {}
        for name in self.config.weight_shapes():
            is_state = "moving_" in name
            if is_state and self.state is None:
                continue
            array = np.asarray(next(state if is_state else kept), np.float64)
            found[name] = array if array.ndim == 3 else array[:, None]
        return found

    def _layers_after(self, number: int, signals: np.ndarray) -> list[Layer]:
        a, found = np.asarray(signals, np.float64), []
        activations = self.config.per_layer("activation")
        for k, activation in enumerate(activations[number:], number + 1):
            z = a @ self.named[f"hidden_{k}/kernel"] + self.named[f"hidden_{k}/bias"]
            scale: np.ndarray | float = 1.0
            if self.config.batch_norm:
                z, scale = self._normalized(k, z)
            a = activate(activation, z)
            found.append(Layer(z, a, scale))
        return found

    def _normalized(self, k: int, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return sums after batch norm, and what it multiplies them by."""
        epsilon = self.config.batch_norm_epsilon
        gamma = self.named.get(f"batch_norm_{k}/gamma", np.float64(1.0))
        beta = self.named.get(f"batch_norm_{k}/beta", 0.0)
        if self.state is None:
            z = z - z.mean(axis=1, keepdims=True)
            deviation = np.sqrt(z.var(axis=1, keepdims=True) + epsilon)
            return z / deviation * gamma + beta, gamma / deviation
        spread = self.named[f"batch_norm_{k}/moving_variance"]
        scale = 1.0 / np.sqrt(spread + epsilon) * gamma
        return (z - self.named[f"batch_norm_{k}/moving_mean"]) * scale + beta, scale


def activate(activation: ActivationConfig, z: np.ndarray) -> np.ndarray:
    """Return y = c f(a z + b) + d, elementwise.

    Raises:
        ConfigError: If f is none of `FUNCTIONS`.
    """
    function = FUNCTIONS[one_of("activation", activation.name, FUNCTIONS)].value
    below = activation.start_slope or 0.0
    if not activation.affine():
        return function(z, below)
    y = function(activation.input_scale * z + activation.input_shift, below)
    return activation.output_scale * y + activation.output_shift


def slope(activation: ActivationConfig, z: np.ndarray) -> np.ndarray:
    """Return dy/dz = a c f'(a z + b), elementwise."""
    inner = activation.input_scale * z + activation.input_shift
    derivative = FUNCTIONS[activation.name].derivative
    scale = activation.input_scale * activation.output_scale
    return scale * derivative(inner, activation.start_slope or 0.0)


def check_followable(config: MLPConfig) -> None:
    """Refuse networks with other parts than layers, activations and batch norm.

    Raises:
        ConfigError: If there is such a part.
    """
    for activation in config.per_layer("activation"):
        one_of("activation", activation.name, FUNCTIONS)
    if config.skip is not None or config.input_skip:
        must = "must be off where layers are followed"
        raise requirement("skip", must, config.skip or "input_skip")
    if config.convolutions:
        must = "must be off where layers are followed"
        raise requirement("convolutions", must, config.convolutions)
    if config.batch_norm == "after" or not config.use_bias:
        must = "must be None or 'before', with biases, where layers are followed"
        raise requirement("batch_norm", must, config.batch_norm)


def moving(config: MLPConfig, state: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the moving statistics among what a model keeps, each `[R, H]`."""
    return [array for array in state if config.batch_norm and array.dtype.kind == "f"]


def softmax(z: np.ndarray) -> np.ndarray:
    """Return exp(z) over its sum along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def right_share(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the share of rows whose largest probability is the target's `[...]`."""
    return (p.argmax(axis=-1) == y.argmax(axis=-1)).mean(axis=-1)


def crossentropy(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy of probabilities `[..., N, K]`, in nats `[...]`."""
    logs = np.log(np.maximum(p, SMALLEST_PROBABILITY))
    return -(y * logs).sum(axis=-1).mean(axis=-1)
