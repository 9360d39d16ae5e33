"""Ask trained ReLU networks for probabilities, and how fast these change, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.config import MLPConfig, requirement


@dataclass(frozen=True)
class Networks:
    """Hold trained networks of one config, as they answer at inference.

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
