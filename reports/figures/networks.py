"""Compute small stored networks in numpy, from one row of weights per run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.run_config import RunConfig
from ablations.tasks import CORNERS
from models.config import ActivationConfig, MLPConfig

FUNCTIONS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "linear": lambda x, slope: x,
    "relu": lambda x, slope: np.maximum(x, 0.0),
    "leaky_relu": lambda x, slope: np.where(x > 0, x, slope * x),
    "elu": lambda x, slope: np.where(x > 0, x, np.expm1(np.minimum(x, 0.0))),
    "tanh": lambda x, slope: np.tanh(x),
    "sigmoid": lambda x, slope: 0.5 * (1.0 + np.tanh(0.5 * x)),
}
"""The activations that figures can compute, by the names of `models.config`."""

KINKED = ("relu", "leaky_relu")
"""Activations that are linear on both sides of zero."""


@dataclass(frozen=True)
class Networks:
    """Hold S networks with two inputs, one hidden layer of H units and one output.

    Attributes:
        kernel: `[S, 2, H]`.
        bias: `[S, H]`.
        output_kernel: `[S, H]`.
        output_bias: `[S]`.
        activation: That of the hidden layer.
        output_activation: That of the output.
    """

    kernel: np.ndarray
    bias: np.ndarray
    output_kernel: np.ndarray
    output_bias: np.ndarray
    activation: ActivationConfig
    output_activation: ActivationConfig

    def before(self, x: np.ndarray) -> np.ndarray:
        """Return the hidden sums of inputs `[N, 2]`, `[S, N, H]`."""
        return x.astype(np.float64) @ self.kernel + self.bias[:, None, :]

    def after(self, x: np.ndarray) -> np.ndarray:
        """Return the hidden activations of inputs `[N, 2]`, `[S, N, H]`."""
        return activate(self.activation, self.before(x))

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs for inputs `[N, 2]`, `[S, N]`."""
        sums = np.einsum("snh,sh->sn", self.after(x), self.output_kernel)
        return activate(self.output_activation, sums + self.output_bias[:, None])

    def select(self, index: int) -> Networks:
        """Return the network at an index, as a stack of one."""
        one = slice(index, index + 1)
        return Networks(
            self.kernel[one],
            self.bias[one],
            self.output_kernel[one],
            self.output_bias[one],
            self.activation,
            self.output_activation,
        )


HAND_MADE = Networks(
    kernel=np.ones((1, 2, 2)),
    bias=np.array([[0.0, -1.0]]),
    output_kernel=np.array([[1.0, -2.0]]),
    output_bias=np.zeros(1),
    activation=ActivationConfig(name="relu"),
    output_activation=ActivationConfig(name="linear"),
)
"""The solution of XOR that textbooks set by hand."""


def activate(activation: ActivationConfig, x: np.ndarray) -> np.ndarray:
    """Return y = c f(a x + b) + d, elementwise."""
    inner = activation.input_scale * x + activation.input_shift
    slope = activation.start_slope or 0.0
    y = FUNCTIONS[activation.name](inner, slope)
    return activation.output_scale * y + activation.output_shift


def is_plain(model: MLPConfig) -> bool:
    """Tell whether a network is two inputs, one hidden layer, one output, no more."""
    activations = (*model.per_layer("activation"), model.output_activation)
    return (
        (model.input_units, model.output_units) == (2, 1)
        and len(model.hidden_units) == 1
        and all(activation.name in FUNCTIONS for activation in activations)
        and model.use_bias
        and model.batch_norm is None
        and model.skip is None
        and not model.input_skip
    )


def networks_of(config: RunConfig, weights: np.ndarray) -> Networks | None:
    """Arrange stored weights `[S, P]`; None for networks that figures cannot compute.

    A row holds kernel, bias, output kernel and output bias, each row by row.
    """
    if not isinstance(config, ArmConfig) or not is_plain(config.model):
        return None
    model = config.model
    (units,) = model.hidden_units
    if weights.shape[1] != 4 * units + 1:
        return None
    parts = np.split(weights.astype(np.float64), [2 * units, 3 * units, 4 * units], 1)
    kernel, bias, output_kernel, output_bias = parts
    return Networks(
        kernel.reshape(-1, 2, units),
        bias,
        output_kernel,
        output_bias[:, 0],
        model.per_layer("activation")[0],
        model.output_activation,
    )


def corner_outputs(networks: Networks) -> np.ndarray:
    """Return the outputs at (0, 0), (0, 1), (1, 0) and (1, 1), `[S, 4]`."""
    return networks.outputs(CORNERS)


def without_symmetry(outputs: np.ndarray) -> np.ndarray:
    """Order outputs `[S, 4]` so that networks that differ by a symmetry agree.

    Exchanging the inputs, or replacing both by their opposites, maps the XOR rows to
    themselves. So the outputs of the two equal and of the two mixed inputs are each
    sorted: `[S, 4]` holds equal low, equal high, mixed low, mixed high.
    """
    equal = np.sort(outputs[:, [0, 3]], axis=1)
    mixed = np.sort(outputs[:, [1, 2]], axis=1)
    return np.concatenate([equal, mixed], axis=1)
