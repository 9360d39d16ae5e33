"""Measure mechanisms inside a training: gradients, updates, activations, weights.

Probes are taken at the recorded updates, on the first rows of the training data, with
the network in training mode, and never change the training.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ablations.optimizers import (
    SMALLEST_NORM,
    apply_update,
    clip_gradients,
    squared_norms,
)
from ablations.stacked_model import StackedModel
from models.activations import ActivationLayer
from models.config import one_of

Tensor = Any

PER_WEIGHT = ("gradient_norm", "update_ratio", "weight_norm")
PER_ACTIVATION = ("activation_mean", "activation_variance", "dead_share")
PROBES = PER_WEIGHT + PER_ACTIVATION
"""Per trainable weight: `gradient_norm` (before clipping), `update_ratio` (norm of the
next update over norm of the weight) and `weight_norm`, in the order of
`model.trainable_variables`. Per activation layer, in the order of the network: mean and
variance over rows and units, and the share of units that are positive on no row."""

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


def activation_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """Return the hidden layers whose outputs are probed.

    These are the activation layers, or the dense layers where activations are fused
    into them; a layer that emits the output of the network is not among them.
    """
    last = {id(output) for output in model.outputs}
    for kinds in (ACTIVATION_LAYERS, (keras.layers.Dense,)):
        found = [layer for layer in model.layers if isinstance(layer, kinds)]
        hidden = [layer for layer in found if id(layer.output) not in last]
        if hidden:
            return hidden
    return []


class Probes:
    """Take the probes that a training asks for.

    Args:
        stacked: The network and its training.
        num_rows: Training rows of one run.

    Raises:
        ConfigError: If a probe is unknown.
    """

    def __init__(self, stacked: StackedModel, num_rows: int) -> None:
        """Build the view of the network that also emits its activations."""
        self._stacked, self._num_rows = stacked, num_rows
        self._wanted = stacked.training.probes
        for name in self._wanted:
            one_of("probes", name, PROBES)
        self._layers: list[keras.layers.Layer] = []
        if set(self._wanted) & set(PER_ACTIVATION):
            model = stacked.model
            self._layers = activation_layers(model)
            self._view = keras.Model(
                model.inputs[0],
                [*model.outputs, *[layer.output for layer in self._layers]],
            )

    def sizes(self) -> dict[str, int]:
        """Return the number of weights or layers L that each probe measures."""
        weights = len(self._stacked.model.trainable_variables)
        return {
            name: weights if name in PER_WEIGHT else len(self._layers)
            for name in self._wanted
        }

    def measure(self, carry: dict[str, Any], run: dict[str, Any]) -> dict[str, Tensor]:
        """Return each probe `[R, L]` at the present state of a stack.

        Args:
            carry: `w`, `s` and `slots` of the stack after `k` updates.
            run: Data, attributes and hyperparameters of the stack.
        """
        values = {}
        wanted = set(self._wanted)
        if wanted & {"gradient_norm", "update_ratio"}:
            values |= self._gradients(carry, run)
        if "weight_norm" in wanted:
            values["weight_norm"] = _norms(carry["w"])
        if wanted & set(PER_ACTIVATION):
            values |= self._activations(carry, run)
        return {name: values[name] for name in self._wanted}

    def _rows(self) -> Tensor | None:
        if self._num_rows <= MAX_PROBE_ROWS:
            return None
        return ops.arange(MAX_PROBE_ROWS)

    def _gradients(
        self, carry: dict[str, Any], run: dict[str, Any]
    ) -> dict[str, Tensor]:
        weights, training = carry["w"], self._stacked.training
        _, _, gradients = self._stacked.gradients(
            weights, carry["s"], run, self._rows()
        )
        moved, _ = apply_update(
            training.optimizer,
            weights,
            clip_gradients(gradients, training.clip_kind, run["h"]["clip"]),
            carry["slots"],
            run["h"],
            ops.cast(carry["k"], "float32"),
        )
        steps = [new - old for new, old in zip(moved, weights, strict=True)]
        sizes = ops.maximum(_norms(weights), SMALLEST_NORM)
        return {
            "gradient_norm": _norms(gradients),
            "update_ratio": _norms(steps) / sizes,
        }

    def _activations(
        self, carry: dict[str, Any], run: dict[str, Any]
    ) -> dict[str, Tensor]:
        if not self._layers:
            none = ops.zeros((carry["w"][0].shape[0], 0))
            return dict.fromkeys(PER_ACTIVATION, none)
        model, view = self._stacked.model, self._view
        outputs, _, _ = self._stacked.forward(
            _in_order(carry["w"], model.trainable_variables, view.trainable_variables),
            _in_order(
                carry["s"], model.non_trainable_variables, view.non_trainable_variables
            ),
            run["attributes"],
            run["data"]["x"],
            self._rows(),
            training=True,
            view=view,
        )
        hidden = outputs[1:]
        silent = [ops.cast(ops.all(h <= 0.0, axis=1), "float32") for h in hidden]
        return {
            "activation_mean": ops.stack([ops.mean(h, axis=(1, 2)) for h in hidden], 1),
            "activation_variance": ops.stack(
                [ops.var(h, axis=(1, 2)) for h in hidden], 1
            ),
            "dead_share": ops.stack([ops.mean(s, axis=1) for s in silent], 1),
        }


def _norms(tensors: list[Tensor]) -> Tensor:
    """Return the norm of every tensor within each run `[R, L]`."""
    return ops.sqrt(ops.stack(squared_norms(tensors), axis=1))


def _in_order(
    tensors: list[Tensor], variables: list[Any], wanted: list[Any]
) -> list[Tensor]:
    """Return the tensors, one per variable, in the order of the wanted variables."""
    by_id = {id(v): t for v, t in zip(variables, tensors, strict=True)}
    return [by_id[id(variable)] for variable in wanted]
