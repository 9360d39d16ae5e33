"""Follow rows through trained networks layer by layer, in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.config import MLPConfig, one_of, requirement

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
