"""Follow rows through trained networks in NumPy: layers, probabilities and slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.config import MLPConfig, one_of, requirement


@dataclass(frozen=True)
class Networks:
    """Trained networks of one config, as they answer at inference.

    Attributes:
        config: ReLU layers, or none; dropout is off, batch norm stands before ReLU
            and takes its moving statistics.
        weights: Trainable weights in the order of the model, each `[R, ...]`.
        state: Moving means and variances in the order of the model, each `[R, H]`;
            what else a model keeps, such as the state of its generators, is left out.

    Raises:
        ConfigError: If the config has other parts.
    """

    config: MLPConfig
    weights: Sequence[np.ndarray]
    state: Sequence[np.ndarray] = ()

    def __post_init__(self) -> None:
        """Refuse what is not followed here."""
        config = self.config
        names = {activation.name for activation in config.per_layer("activation")}
        others = config.skip or config.input_skip or config.batch_norm == "after"
        if names - {"relu"} or others or not config.use_bias:
            must = "must be ReLU layers with biases, batch norm before them or none"
            raise requirement("model", must, config.structure())

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs `[R, N, K]` for inputs `[N, D]` or `[R, N, D]`."""
        return self._pass(x)[0]

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Return the softmax of the outputs `[R, N, K]`."""
        return softmax(self.logits(x))

    def roughness(self, x: np.ndarray) -> np.ndarray:
        """Return how fast the probabilities change with the inputs `[R]`.

        That is the root mean square, over rows, of the Frobenius norm of dp/dx.

        Args:
            x: Inputs `[N, D]` or `[R, N, D]`.
        """
        z, slopes = self._pass(x)
        named = self._named()
        g = np.swapaxes(named["output/kernel"], 1, 2)[:, None]  # [R, 1, K, H]
        for k in range(len(self.config.hidden_units), 0, -1):
            kernel = np.swapaxes(named[f"hidden_{k}/kernel"], 1, 2)[:, None]
            g = (g * slopes[k - 1][:, :, None]) @ kernel  # [R, N, K, D]
        p = softmax(z)[..., None]  # [R, N, K, 1]
        jacobian = p * (g - (p * g).sum(axis=2, keepdims=True))
        return np.sqrt((jacobian**2).sum(axis=(2, 3)).mean(axis=1))

    def _named(self) -> dict[str, np.ndarray]:
        """Return all weights by name, in float64; vectors are `[R, 1, H]`."""
        shapes = self.config.weight_shapes()
        kept = iter(self.weights)
        moving = iter(self.state)
        found = {}
        for name in shapes:
            array = next(moving if "moving_" in name else kept).astype(np.float64)
            found[name] = array if array.ndim == 3 else array[:, None]
        return found

    def _pass(self, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return the outputs, and what each layer's sums are multiplied by."""
        named = self._named()
        a, slopes = np.asarray(x, np.float64), []
        for k in range(1, len(self.config.hidden_units) + 1):
            z = a @ named[f"hidden_{k}/kernel"] + named[f"hidden_{k}/bias"]
            scale: np.ndarray | float = 1.0
            if self.config.batch_norm:
                norm = f"batch_norm_{k}"
                spread = named[f"{norm}/moving_variance"]
                scale = 1.0 / np.sqrt(spread + self.config.batch_norm_epsilon)
                scale = scale * named.get(f"{norm}/gamma", 1.0)
                z = (z - named[f"{norm}/moving_mean"]) * scale
                z = z + named.get(f"{norm}/beta", 0.0)
            slopes.append((z > 0) * scale)
            a = np.maximum(z, 0.0)
        return a @ named["output/kernel"] + named["output/bias"], slopes


def moving(config: MLPConfig, state: list[np.ndarray]) -> list[np.ndarray]:
    """Return the moving statistics among what a model keeps, each `[R, H]`."""
    return [array for array in state if config.batch_norm and array.dtype.kind == "f"]


def softmax(z: np.ndarray) -> np.ndarray:
    """Return exp(z) over its sum along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def right_share(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the share of rows whose largest probability is the target's `[...]`."""
    return (p.argmax(axis=-1) == y.argmax(axis=-1)).mean(axis=-1)


SMALLEST_PROBABILITY = 1e-12
"""Bound below which a probability counts as it, where its logarithm is taken."""


def crossentropy(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy of probabilities `[..., N, K]`, in nats `[...]`."""
    logs = np.log(np.maximum(p, SMALLEST_PROBABILITY))
    return -(y * logs).sum(axis=-1).mean(axis=-1)


FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    # Written so that no exponential overflows.
    "sigmoid": lambda z: 0.5 * (1.0 + np.tanh(0.5 * z)),
}
"""Activations that can be followed."""


def check_followable(config: MLPConfig) -> None:
    """Refuse networks with other parts than layers, activations and batch norm.

    Dropout and noise are fine: they are off where rows are followed.

    Raises:
        ConfigError: If there is such a part.
    """
    for activation in config.per_layer("activation"):
        one_of("activation", activation.name, FUNCTIONS)
        if activation.affine():
            must = "must have no scales and shifts where layers are followed"
            raise requirement("activation", must, activation)
    if config.skip is not None or config.input_skip:
        must = "must be off where layers are followed"
        raise requirement("skip", must, config.skip or "input_skip")
    if config.batch_norm == "after" or not config.use_bias:
        must = "must be None or 'before', with biases, where layers are followed"
        raise requirement("batch_norm", must, config.batch_norm)


def hidden_layers(
    config: MLPConfig, weights: Sequence[np.ndarray], x: np.ndarray
) -> list[np.ndarray]:
    """Return the activations of every hidden layer of every run, each `[R, N, H]`.

    Batch norm takes mean and variance of the rows given, as in training.

    Args:
        config: The networks.
        weights: Their trainable weights in the order of the model, each `[R, ...]`.
        x: Inputs `[R, N, D]`, or `[N, D]` for all runs.

    Raises:
        ConfigError: If a part of the network cannot be followed.
    """
    check_followable(config)
    names = [name for name in config.weight_shapes() if "moving" not in name]
    # [R, 1, H], to meet [R, N, H].
    by_name = {
        name: w.astype(np.float64) if w.ndim == 3 else w[:, None].astype(np.float64)
        for name, w in zip(names, weights, strict=True)
    }
    a, found = x.astype(np.float64), []
    for k, activation in enumerate(config.per_layer("activation"), 1):
        z = a @ by_name[f"hidden_{k}/kernel"] + by_name[f"hidden_{k}/bias"]
        if config.batch_norm:
            z -= z.mean(axis=1, keepdims=True)
            z /= np.sqrt(z.var(axis=1, keepdims=True) + config.batch_norm_epsilon)
            z = z * by_name.get(f"batch_norm_{k}/gamma", 1.0)
            z = z + by_name.get(f"batch_norm_{k}/beta", 0.0)
        a = FUNCTIONS[activation.name](z)
        found.append(a)
    return found
