"""Read the networks of two inputs and one hidden layer out of stored weights."""

from __future__ import annotations

import numpy as np

from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.run_config import RunConfig
from ablations.tasks import CORNERS
from models.config import ActivationConfig, MLPConfig
from models.numpy_mlp import FUNCTIONS, Networks, activate

HAND_MADE = Networks(
    MLPConfig(
        input_units=2, hidden_units=(2,), activation=ActivationConfig(name="relu")
    ),
    [
        np.ones((1, 2, 2)),
        np.array([[0.0, -1.0]]),
        np.array([[[1.0], [-2.0]]]),
        np.zeros((1, 1)),
    ],
)
"""The solution of XOR that textbooks set by hand."""


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
    (units,) = config.model.hidden_units
    if weights.shape[1] != 4 * units + 1:
        return None
    parts = np.split(weights.astype(np.float64), [2 * units, 3 * units, 4 * units], 1)
    kernel, bias, output_kernel, output_bias = parts
    arrays = [
        kernel.reshape(-1, 2, units),
        bias,
        output_kernel[:, :, None],
        output_bias,
    ]
    return Networks(config.model, arrays)


def outputs_at(networks: Networks, x: np.ndarray) -> np.ndarray:
    """Return the outputs for inputs `[N, 2]`, `[S, N]`.

    Products are summed in one order, so that a point has the same output in any crowd.
    """
    (hidden,) = networks.layers(x)
    kernel, bias = networks.named["output/kernel"], networks.named["output/bias"]
    sums = np.einsum("snh,sh->sn", hidden.outputs, kernel[:, :, 0])
    return activate(networks.config.output_activation, sums + bias[:, :, 0])


def corner_outputs(networks: Networks) -> np.ndarray:
    """Return the outputs at (0, 0), (0, 1), (1, 0) and (1, 1), `[S, 4]`."""
    return outputs_at(networks, CORNERS)


def without_symmetry(outputs: np.ndarray) -> np.ndarray:
    """Order outputs `[S, 4]` so that networks that differ by a symmetry agree.

    Exchanging the inputs, or replacing both by their opposites, maps the XOR rows to
    themselves. So the outputs of the two equal and of the two mixed inputs are each
    sorted: `[S, 4]` holds equal low, equal high, mixed low, mixed high.
    """
    equal = np.sort(outputs[:, [0, 3]], axis=1)
    mixed = np.sort(outputs[:, [1, 2]], axis=1)
    return np.concatenate([equal, mixed], axis=1)
