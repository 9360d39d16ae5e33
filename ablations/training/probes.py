"""Measure mechanisms inside a training: gradients, updates, activations, weights.

Probes are taken at the recorded updates, on the first rows of the training data, with
the network in training mode, and never change the training.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from typing import Any

import keras
import numpy as np
from keras import ops

from ablations.training.backend import value_and_gradients
from ablations.training.optimizers import (
    SMALLEST_NORM,
    apply_update,
    clip_gradients,
    places,
)
from ablations.training.stacked_model import StackedModel
from models.activations import ActivationLayer
from models.config import one_of

Tensor = Any

PER_WEIGHT = ("gradient_norm", "update_ratio", "weight_norm")
PER_KERNEL = ("kernel_gradient_norm", "kernel_update_ratio")
OF_OUTPUTS = (
    "activation_mean",
    "activation_variance",
    "dead_share",
    "activation_second_moment",
)
OF_INPUTS = (
    "slope_second_moment",
    "saturated_share",
    "preactivation_second_moment",
    "zero_slope_share",
    "flat_share",
)
PER_ACTIVATION = OF_OUTPUTS + OF_INPUTS
OF_SLOPES = {*OF_INPUTS} - {"preactivation_second_moment"}
PROBES = PER_WEIGHT + PER_KERNEL + PER_ACTIVATION
"""Names of what can be measured.

Per trainable weight `[R, T, V]`, in the order of `model.trainable_variables`:

- `gradient_norm`: Euclidean norm of the gradient, penalties included, before clipping
- `update_ratio`: norm of the next update over norm of the weight
- `weight_norm`

Per kernel `[R, T, L + 1]`, those of convolutions, hidden_1, ..., hidden_L and output,
and so for no bias, weight of batch norm or projection of a skip:

- `kernel_gradient_norm`, `kernel_update_ratio`: as above

Per activation layer phi `[R, T, L]`, in the order of the network, over rows and units;
z is what enters the layer and a = phi(z) what leaves it:

- `activation_mean`, `activation_variance` of a
- `dead_share`: share of units of which a is positive on no row
- `activation_second_moment`: mean of a^2
- `preactivation_second_moment`: mean of z^2
- `slope_second_moment`: mean of phi'(z)^2
- `saturated_share`: share of units and rows where |phi'(z)| is below a tenth of the
  largest slope of phi
- `zero_slope_share`: share of units of which phi'(z) is 0 on every row, so that no row
  has a gradient for their weights
- `flat_share`: share of units of which |phi'(z)| is below a thousandth of the largest
  slope of phi on every row

The slope phi' is exact, by differentiation; where phi has a kink it is the value that
training uses. A phi that is no function of one number, as softmax, has none and 0 is
reported."""

SATURATED = 0.1
"""Share of the largest slope below which a unit is saturated."""

FLAT = 0.001
"""Share of the largest slope below which a unit hardly learns from a row."""

SLOPE_GRID = np.linspace(-8.0, 8.0, 321, dtype=np.float32)
"""Where the largest slope of an activation is looked for."""

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


def kernel_places(model: keras.Model) -> list[int]:
    """Return the places of the kernels among the trainable variables of a model.

    The projections that fit a skip to another width are not among them.
    """
    return [
        place
        for place, variable in enumerate(model.trainable_variables)
        if variable.name == "kernel"
        and not re.search(r"\bskip_\d+_projection/", variable.path)
    ]


class Probes:
    """Take the probes that a training asks for.

    Args:
        stacked: The network and its training.
        num_rows: Training rows of one run.

    Raises:
        ConfigError: If a probe is unknown.
    """

    def __init__(self, stacked: StackedModel, num_rows: int) -> None:
        """Find the layers and kernels that are looked at."""
        self._stacked, self._num_rows = stacked, num_rows
        self._wanted = stacked.training.probes
        for name in self._wanted:
            one_of("probes", name, PROBES)
        self._layers = activation_layers(stacked.model)
        self._kernels = kernel_places(stacked.model)

    def sizes(self) -> dict[str, int]:
        """Return the number of weights or layers L that each probe measures."""
        sizes = dict.fromkeys(PER_WEIGHT, len(self._stacked.model.trainable_variables))
        sizes |= dict.fromkeys(PER_KERNEL, len(self._kernels))
        sizes |= dict.fromkeys(PER_ACTIVATION, len(self._layers))
        return {name: sizes[name] for name in self._wanted}

    def measure(self, carry: dict[str, Any], run: dict[str, Any]) -> dict[str, Tensor]:
        """Return each probe `[R, L]` at the present state of a stack.

        Args:
            carry: `w`, `s` and `slots` of the stack after `k` updates.
            run: Data, attributes and hyperparameters of the stack.
        """
        values = {}
        wanted, run = set(self._wanted), self._first_rows(run)
        if wanted & {"gradient_norm", "update_ratio", *PER_KERNEL}:
            values |= self._gradients(carry, run)
        if "weight_norm" in wanted:
            values["weight_norm"] = self._norms(carry["w"])
        if wanted & set(PER_ACTIVATION):
            values |= self._activations(carry, run)
        return {name: values[name] for name in self._wanted}

    def _first_rows(self, run: dict[str, Any]) -> dict[str, Any]:
        """Return what the program reads, with those training rows that are probed."""
        if self._num_rows <= MAX_PROBE_ROWS:
            return run
        data = {name: run["data"][name][..., :MAX_PROBE_ROWS, :] for name in ("x", "y")}
        return {**run, "data": data}

    def _norms(self, tensors: list[Tensor]) -> Tensor:
        """Return the norm of every weight within each run `[R, V]`.

        Each is divided by its largest entry before it is squared: the square of a
        gradient below 1e-22 is 0 in float32.
        """
        return self._columns([tensors], range(len(tensors)))[0]

    def _columns(
        self, sets: list[list[Tensor]], places: Collection[int]
    ) -> list[Tensor]:
        """Return the norms `[R, V]` of sets of packed arrays.

        All arrays are measured together, filled up with zeros to one length, which
        takes one program in place of one for each. The norm of an array that is not at
        one of the places is given as 0.
        """
        packing = self._stacked.weights
        axes = packing.axes()
        chosen = sorted(places)
        if not chosen:
            none = ops.zeros((sets[0][0].shape[0], sum(packing.sizes())))
            return [none] * len(sets)
        sizes = [math.prod(sets[0][p].shape[axes[p] :]) for p in chosen]

        def filled(array: Tensor, num_axes: int, size: int) -> Tensor:
            num_layers = array.shape[1] if num_axes == 2 else 1
            rows = ops.reshape(array, (-1, num_layers, size))
            return ops.pad(rows, ((0, 0), (0, 0), (0, max(sizes) - size)))

        together = [
            ops.concatenate(
                [
                    filled(one[p], axes[p], n)
                    for p, n in zip(chosen, sizes, strict=True)
                ],
                axis=1,
            )
            for one in sets
        ]
        norms = _scaled_norm(ops.stack(together))  # [sets, R, layers]
        return [
            packing.columns(ops, self._apart(norms[k], chosen))
            for k in range(len(sets))
        ]

    def _apart(self, norms: Tensor, chosen: list[int]) -> list[Tensor]:
        """Return norms side by side `[R, ...]` array by array, 0 where none is."""
        packing = self._stacked.weights
        apart, start = [], 0
        for place, size in enumerate(packing.sizes()):
            if place in chosen:
                mine = norms[:, start : start + size]
                start += size
            else:
                mine = ops.zeros((norms.shape[0], size))
            apart.append(mine if packing.axes()[place] == 2 else mine[:, 0])
        return apart

    def _gradients(
        self, carry: dict[str, Any], run: dict[str, Any]
    ) -> dict[str, Tensor]:
        weights, training = carry["w"], self._stacked.training
        at = places(training.optimizer, weights, carry["slots"], run["h"])
        _, _, gradients = self._stacked.gradients(at, carry["s"], run)
        sets = [gradients]
        if {"update_ratio", "kernel_update_ratio"} & set(self._wanted):
            axes = self._stacked.weights.axes()
            moved, _ = apply_update(
                training.optimizer,
                weights,
                clip_gradients(gradients, training.clip_kind, run["h"]["clip"], axes),
                carry["slots"],
                run["h"],
                ops.cast(carry["k"], "float32"),
                axes=axes,
            )
            steps = [new - old for new, old in zip(moved, weights, strict=True)]
            sets += [steps, weights]
        norms = self._columns(sets, self._places())
        values = {"gradient_norm": norms[0]}
        if len(norms) > 1:
            values["update_ratio"] = norms[1] / ops.maximum(norms[2], SMALLEST_NORM)
        kernels = np.array(self._kernels, np.int32)
        return values | {
            f"kernel_{name}": ops.take(value, kernels, axis=1)
            for name, value in values.items()
        }

    def _places(self) -> Collection[int]:
        """Return the places of the packed arrays whose gradients are asked for."""
        packing = self._stacked.weights
        if {"gradient_norm", "update_ratio"} & set(self._wanted):
            return range(len(packing.axes()))
        groups = [*((place,) for place in packing.alone), *packing.copies]
        return {
            place
            for place, group in enumerate(groups)
            if not set(group).isdisjoint(self._kernels)
        }

    def _activations(
        self, carry: dict[str, Any], run: dict[str, Any]
    ) -> dict[str, Tensor]:
        wanted = [name for name in PER_ACTIVATION if name in self._wanted]
        if not self._layers:
            none = ops.zeros((carry["w"][0].shape[0], 0))
            return dict.fromkeys(wanted, none)

        def look(
            z: Tensor, a: Tensor, phi: Callable[[Tensor], Tensor]
        ) -> dict[str, Tensor]:
            return _moments(z, a, phi, wanted)

        return self._stacked.look(
            carry["w"], carry["s"], run, self._layers, look, wanted
        )


def _moments(
    z: Tensor, a: Tensor, phi: Callable[[Tensor], Tensor], wanted: list[str]
) -> dict[str, Tensor]:
    """Return the wanted probes of one layer, of z and a = phi(z), both `[B, W]`."""
    values = {
        "activation_mean": lambda: ops.mean(a),
        "activation_variance": lambda: ops.var(a),
        "activation_second_moment": lambda: ops.mean(ops.square(a)),
        "dead_share": lambda: _share(ops.all(a <= 0.0, axis=0)),
        "preactivation_second_moment": lambda: ops.mean(ops.square(z)),
    }
    if OF_SLOPES & set(wanted):
        slopes = ops.abs(_slopes(phi, z))

        def below(share: float) -> Tensor:
            # Every unit may have a function of its own, as a parametric ReLU has.
            grid = ops.ones_like(z[:1]) * SLOPE_GRID[:, None]
            return slopes < share * ops.max(ops.abs(_slopes(phi, grid)), axis=0)

        values |= {
            "slope_second_moment": lambda: ops.mean(ops.square(slopes)),
            "saturated_share": lambda: _share(below(SATURATED)),
            "zero_slope_share": lambda: _share(ops.all(slopes == 0.0, axis=0)),
            "flat_share": lambda: _share(ops.all(below(FLAT), axis=0)),
        }
    return {name: values[name]() for name in wanted}


def _share(is_so: Tensor) -> Tensor:
    return ops.mean(ops.cast(is_so, "float32"))


def _slopes(phi: Callable[[Tensor], Tensor], z: Tensor) -> Tensor:
    """Return the derivative of an elementwise function at z."""

    def total(inputs: list[Tensor]) -> tuple[Tensor, tuple[()]]:
        return ops.sum(phi(inputs[0])), ()

    _, (slopes,) = value_and_gradients(total, [z])
    return slopes


def _scaled_norm(tensor: Tensor) -> Tensor:
    """Return the norm over the last axis, without overflow or underflow."""
    peak = ops.max(ops.abs(tensor), axis=-1, keepdims=True)
    usable = ops.logical_and(peak > 0.0, ops.isfinite(peak))
    scale = ops.where(usable, peak, ops.ones_like(peak))
    return ops.sqrt(ops.sum(ops.square(tensor / scale), axis=-1)) * scale[..., 0]
