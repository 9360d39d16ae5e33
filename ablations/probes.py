"""Measure mechanisms inside a training: gradients, updates, activations, weights.

Probes are taken at the recorded updates, on the first rows of the training data, with
the network in training mode, and never change the training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops

from models.activations import ActivationLayer

if TYPE_CHECKING:
    from ablations.train import StackProgram

Tensor = Any

PER_WEIGHT = ("gradient_norm", "update_ratio", "weight_norm")
PER_ACTIVATION = ("activation_mean", "activation_variance", "dead_share")
PROBES = PER_WEIGHT + PER_ACTIVATION
"""Per trainable weight: `gradient_norm`, `update_ratio` (norm of the next update over
norm of the weight) and `weight_norm`, in the order of `model.trainable_variables`.
Per activation layer, in the order of the network: mean and variance over rows and
units, and the share of units that are positive on no row."""

MAX_PROBE_ROWS = 512
"""Rows a probe looks at, the first ones of the training data."""

ACTIVATION_LAYERS = (
    ActivationLayer,
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ELU,
    keras.layers.Softmax,
)


def activation_layers(model: keras.Model) -> list[keras.Layer]:
    """Return the hidden layers whose outputs are probed.

    These are the activation layers, or the dense layers where activations are fused
    into them; a layer that emits the output of the network is not among them.
    """
    last = {id(output) for output in model.outputs}
    for kinds in (ACTIVATION_LAYERS, (keras.layers.Dense,)):
        found = [
            layer
            for layer in model.layers
            if isinstance(layer, kinds) and id(layer.output) not in last
        ]
        hidden = [layer for layer in found if layer.name != "output_activation"]
        if hidden:
            return hidden
    return []


def _rows(program: StackProgram) -> Tensor | None:
    if program.num_rows <= MAX_PROBE_ROWS:
        return None
    return ops.arange(MAX_PROBE_ROWS)


def _norms(tensors: list[Tensor]) -> Tensor:
    """Return the norm of every tensor within each run `[R, L]`."""
    squares = [
        ops.sum(ops.square(ops.reshape(t, (t.shape[0], -1))), axis=1) for t in tensors
    ]
    return ops.sqrt(ops.stack(squares, axis=1))


def probe_sizes(program: StackProgram) -> dict[str, int]:
    """Return the number of weights or layers L that each wanted probe measures."""
    weights = len(program.model.trainable_variables)
    layers = len(activation_layers(program.model))
    return {
        name: weights if name in PER_WEIGHT else layers
        for name in program.training.probes
    }


def measure_probes(
    program: StackProgram, carry: dict[str, Any], run: dict[str, Any]
) -> dict[str, Tensor]:
    """Return each wanted probe `[R, L]` at the present state of a stack."""
    wanted = program.training.probes
    values = {}
    if set(wanted) & {"gradient_norm", "update_ratio"}:
        _, gradients = program.gradients(carry, run, _rows(program))
        values["gradient_norm"] = _norms(gradients)
        clipped = program.clipped(gradients, run)
        moved, _ = program.update(carry, clipped, run)
        steps = [new - old for new, old in zip(moved, carry["w"], strict=True)]
        sizes = ops.maximum(_norms(carry["w"]), np.float32(1e-30))
        values["update_ratio"] = _norms(steps) / sizes
    if "weight_norm" in wanted:
        values["weight_norm"] = _norms(carry["w"])
    if set(wanted) & set(PER_ACTIVATION):
        values |= _activation_moments(program, carry, run)
    return {name: values[name] for name in wanted}


def _activation_moments(
    program: StackProgram, carry: dict[str, Any], run: dict[str, Any]
) -> dict[str, Tensor]:
    layers = activation_layers(program.model)
    view = keras.Model(
        program.model.inputs,
        [*program.model.outputs, *[layer.output for layer in layers]],
    )

    def in_view(all_names: str, tensors: list[Tensor]) -> list[Tensor]:
        by_id = {
            id(variable): tensor
            for variable, tensor in zip(
                getattr(program.model, all_names), tensors, strict=True
            )
        }
        return [by_id[id(variable)] for variable in getattr(view, all_names)]

    outputs, _, _ = program.forward(
        in_view("trainable_variables", carry["w"]),
        in_view("non_trainable_variables", carry["s"]),
        run["attributes"],
        run["data"]["x"],
        _rows(program),
        training=True,
        model=view,
    )
    hidden = outputs[len(program.model.outputs) :]
    every = (1, 2)
    silent = [ops.all(h <= 0.0, axis=1) for h in hidden]
    return {
        "activation_mean": ops.stack([ops.mean(h, axis=every) for h in hidden], 1),
        "activation_variance": ops.stack([ops.var(h, axis=every) for h in hidden], 1),
        "dead_share": ops.stack(
            [ops.mean(ops.cast(s, "float32"), axis=1) for s in silent], 1
        ),
    }
