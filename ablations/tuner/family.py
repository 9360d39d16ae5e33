"""One Keras model that can be any perceptron of a search space, run by run.

A stack compiles one program for one structure, and a search space of four activations,
three widths and three depths has 36 of them.
The model here holds the largest of all; per run, numbers say which of its activations,
units and layers count:

- units beyond the width of a run are multiplied by 0 after their activation, and the
  weights around them start at 0, so that they stay 0 under every update;
- a layer beyond the depth of a run passes its input on;
- batch norm, dropout and penalty are there where any run has them.

A run is then the network that `models.mlp.build_mlp` makes of its config, and starts
from the same weights; only the masks of its dropout are drawn for the largest width.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops, regularizers

from models.activations import FUNCTIONS, ActivationLayer
from models.config import (
    ActivationConfig,
    ConfigError,
    MLPConfig,
    requirement,
)
from models.initializers import draw, initial_weights
from models.layers import CounterDropout
from models.mlp import initializers_of
from models.parts import DEFAULT_SLOPES
from models.randomness import name_index

Tensor = Any
Arrays = dict[str, np.ndarray]
Weights = tuple[list[np.ndarray], list[np.ndarray]]

CHOOSABLE = tuple(name for name in FUNCTIONS if name not in ("prelu", "softmax"))
"""Activations of which every unit has its own: no weights, no other units."""

SEARCHED = ("hidden_units", "activation", "kernel_initializer", "dropout", "l2")
SEARCHED_PARTS = ("batch_norm", "skip")
GIVEN = ("input_units", "output_units", "output_activation")
"""Fields of a config that may differ from their defaults."""


class ChosenActivation(layers.Layer):
    """Apply the activation that `choice` counts among several; a run has its own."""

    def __init__(self, names: Sequence[str], **kwargs: Any) -> None:
        """Keep the names, from which one is chosen at every call."""
        super().__init__(**kwargs)
        self.names, self.choice = tuple(names), 0.0

    def call(self, inputs: Tensor) -> Tensor:
        """Return the chosen activation of `inputs`, same shape."""
        outputs = ops.zeros_like(inputs)
        for place, name in enumerate(self.names):
            chosen = ops.equal(ops.cast(self.choice, inputs.dtype), float(place))
            # What is not chosen sees zeros, or its gradient might be no number.
            x = ops.where(chosen, inputs, ops.zeros_like(inputs))
            y = _activation(name)(x)
            outputs = ops.where(chosen, y, outputs)
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the input."""
        return input_shape


class FirstUnits(layers.Layer):
    """Multiply all but the first `units` units by 0."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        """Keep the number, which may be a tensor while a graph is traced."""
        super().__init__(**kwargs)
        self.units = float(units)

    def call(self, inputs: Tensor) -> Tensor:
        """Return `inputs` with zeros, same shape."""
        places = ops.arange(inputs.shape[-1], dtype=inputs.dtype)
        return inputs * ops.cast(places < self.units, inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the input."""
        return input_shape


class Switch(layers.Layer):
    """Return the second of two inputs where it is on, else the first."""

    def __init__(self, **kwargs: Any) -> None:
        """Start with the switch on."""
        super().__init__(**kwargs)
        self.on = 1.0

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """Return one of two tensors of the same shape."""
        off, on = inputs
        return ops.where(ops.cast(self.on, on.dtype) > 0.5, on, off)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape[0]


def _activation(name: str) -> Callable[[Tensor], Tensor]:
    if name in DEFAULT_SLOPES:
        return functools.partial(FUNCTIONS[name], slope=DEFAULT_SLOPES[name])
    return FUNCTIONS[name]


@dataclass(frozen=True)
class Family:
    """Describe the model that every config of a family is a part of.

    Attributes:
        num_inputs: Number of input features.
        num_outputs: Number of outputs.
        output_activation: Activation of the outputs, with numbers of its own.
        activations: Names that may be chosen, in the order of their numbers.
        widths: The widths that occur, in order.
        depths: The numbers of hidden layers that occur, in order.
        drops: Whether dropout is there.
        penalized: Whether the penalty of squared kernels is there.
        batch_norms: None and the places of batch norm, as they occur.
        skip: Whether there are residual connections.
    """

    num_inputs: int
    num_outputs: int
    output_activation: ActivationConfig
    activations: tuple[str, ...]
    widths: tuple[int, ...]
    depths: tuple[int, ...]
    drops: bool
    penalized: bool
    batch_norms: tuple[str | None, ...]
    skip: bool

    @classmethod
    def of(cls, configs: Iterable[MLPConfig]) -> Family:
        """Return the smallest family of some configs with the same `family_key`."""
        configs = list(configs)
        if len({family_key(config) for config in configs}) != 1:
            raise ConfigError("`configs` must hold configs of one family.")
        first = configs[0]
        return cls(
            num_inputs=first.input_units,
            num_outputs=first.output_units,
            output_activation=first.output_activation,
            activations=_sorted(_name(c) for c in configs),
            widths=_sorted(c.hidden_units[0] for c in configs),
            depths=_sorted(len(c.hidden_units) for c in configs),
            drops=any(c.dropout for c in configs),
            penalized=any(c.l2 for c in configs),
            batch_norms=_sorted(c.batch_norm or "" for c in configs),
            skip=first.skip is not None,
        )

    @property
    def width(self) -> int:
        """Units of every hidden layer of the model."""
        return self.widths[-1]

    @property
    def depth(self) -> int:
        """Hidden layers of the model."""
        return self.depths[-1]

    def attributes(self, configs: Sequence[MLPConfig]) -> Arrays:
        """Return what makes every run its own network, `layer.attribute` to `[R]`."""
        rows = [self._attributes_of(config) for config in configs]
        return {
            path: np.array([row[path] for row in rows], np.float32) for path in rows[0]
        }

    def _attributes_of(self, config: MLPConfig) -> dict[str, float]:
        values: dict[str, float] = {}
        for k in range(1, self.depth + 1):
            if len(self.activations) > 1:
                choice = self.activations.index(_name(config))
                values[f"activation_{k}.choice"] = choice
            if len(self.widths) > 1:
                values[f"units_{k}.units"] = config.hidden_units[0]
            if self.drops:
                values[f"dropout_{k}.rate"] = float(config.dropout)
            if self.penalized:
                values[f"hidden_{k}.kernel_regularizer.l2"] = config.l2
            if len(self.batch_norms) > 1:
                for place in filter(None, self.batch_norms):
                    on = config.batch_norm == place
                    values[f"{place}_switch_{k}.on"] = float(on)
            if k > self.depths[0]:
                values[f"depth_{k}.on"] = float(k <= len(config.hidden_units))
        values |= {
            f"output_activation.{name}": value
            for name, value in self.output_activation.continuous().items()
        }
        return values

    def weights(self, configs: Sequence[MLPConfig], seeds: np.ndarray) -> Weights:
        """Return the starting weights and state of every run, each `[R, ...]`.

        They are those that `build_mlp` gives the config for the seed, and 0 around
        units and in layers that the run has not.
        """
        model = build_family(self)
        trainable, state = initial_weights(model, seeds)
        variables = [*model.trainable_variables, *model.non_trainable_variables]
        arrays = dict(
            zip((v.path for v in variables), (*trainable, *state), strict=True)
        )
        for path in arrays:
            if path.split("/")[-1] in ("kernel", "bias"):
                arrays[path] = np.zeros_like(arrays[path])
        drawn: dict[Any, np.ndarray] = {}
        for run, (config, seed) in enumerate(zip(configs, seeds, strict=True)):
            rules = initializers_of(config)
            for path, shape in config.weight_shapes().items():
                if path.split("/")[-1] not in ("kernel", "bias"):
                    continue
                rule = rules[path]
                told = (type(rule), repr(rule.get_config()), shape, int(seed), path)
                if told not in drawn:
                    one = np.array([seed])
                    drawn[told] = draw(rule, shape, one, name_index(path))[0]
                arrays[path][run][tuple(slice(size) for size in shape)] = drawn[told]
        number = len(trainable)
        values = [arrays[v.path] for v in variables]
        return values[:number], values[number:]

    def own_weights(
        self, config: MLPConfig, weights: Sequence[np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Return the weights of one run as its own network has them, by path.

        Args:
            config: The network of the run.
            weights: Trainable weights, then the state, of this run.
        """
        model = build_family(self)
        variables = [*model.trainable_variables, *model.non_trainable_variables]
        paths = [self._own_path(v.path, config) for v in variables]
        by_path = dict(zip(paths, weights, strict=True))
        return {
            path: by_path[path][tuple(slice(size) for size in shape)]
            for path, shape in config.weight_shapes().items()
        }

    def _own_path(self, path: str, config: MLPConfig) -> str:
        """Return where a weight of the model is in the network of a config."""
        place, _, rest = path.partition("_")
        if rest.startswith("batch_norm"):
            return rest if place == config.batch_norm else path
        return path


def _sorted(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(set(values)))


def _name(config: MLPConfig) -> str:
    """Return the activation of a config, which all of its hidden layers share."""
    activation = config.activation
    if not isinstance(activation, ActivationConfig):
        raise requirement("activation", "must be one for all layers", activation)
    if activation != ActivationConfig(name=activation.name):
        raise requirement("activation", "must have no numbers of its own", activation)
    if activation.name not in CHOOSABLE:
        must = f"must be one of {CHOOSABLE} to train trials as a stack"
        raise requirement("activation", must, activation.name)
    return activation.name


def family_key(config: MLPConfig) -> tuple[Any, ...]:
    """Return what configs must share to be of one family.

    Raises:
        ConfigError: If a config has something on that no family knows.
    """
    known = {
        name: getattr(config, name) for name in (*GIVEN, *SEARCHED, *SEARCHED_PARTS)
    }
    if config != MLPConfig(**known):
        off = MLPConfig(**known)
        field = next(
            f for f in type(off).model_fields if getattr(config, f) != getattr(off, f)
        )
        must = "must keep its default where trials are trained as stacks"
        raise requirement(field, must, getattr(config, field))
    if not config.hidden_units or len(set(config.hidden_units)) > 1:
        must = "must be one width for all hidden layers, of which there is at least one"
        raise requirement("hidden_units", must, config.hidden_units)
    if isinstance(config.dropout, tuple):
        raise requirement("dropout", "must be one for all layers", config.dropout)
    _name(config)
    skips = config.skip is not None
    # A block as wide as its input has no projection.
    width = config.hidden_units[0] if skips else None
    return (
        config.input_units,
        config.output_units,
        config.output_activation,
        skips,
        width if width == config.input_units else None,
    )


@functools.lru_cache(maxsize=64)
def build_family(family: Family) -> keras.Model:
    """Return the model of a family, `[batch, num_inputs]` to `[batch, num_outputs]`."""
    x = inputs = keras.Input((family.num_inputs,), name="inputs")
    for k in range(1, family.depth + 1):
        entry, x = x, _hidden(family, k, x)
        if family.skip:
            if entry.shape[-1] != family.width:
                name = f"skip_{k}_projection"
                entry = layers.Dense(family.width, use_bias=False, name=name)(entry)
            x = layers.Add(name=f"skip_{k}")([entry, x])
        if k > family.depths[0]:
            x = Switch(name=f"depth_{k}")([entry, x])
    x = layers.Dense(family.num_outputs, name="output")(x)
    activation = family.output_activation
    if activation != ActivationConfig(name="linear"):
        settings = activation.model_dump(exclude={"name"})
        x = ActivationLayer(activation.name, **settings, name="output_activation")(x)
    return keras.Model(inputs, x, name="family")


def _hidden(family: Family, k: int, x: Any) -> Any:
    """Append hidden layer k with everything that a run may have on."""
    penalty = regularizers.L2(1.0) if family.penalized else None
    x = layers.Dense(family.width, kernel_regularizer=penalty, name=f"hidden_{k}")(x)
    x = _batch_norm(family, "before", k, x)
    if len(family.activations) > 1:
        x = ChosenActivation(family.activations, name=f"activation_{k}")(x)
    else:
        x = ActivationLayer(family.activations[0], name=f"activation_{k}")(x)
    x = _batch_norm(family, "after", k, x)
    if family.drops:
        x = CounterDropout(0.5, name=f"dropout_{k}")(x)
    if len(family.widths) > 1:
        x = FirstUnits(family.width, name=f"units_{k}")(x)
    return x


def _batch_norm(family: Family, place: str, k: int, x: Any) -> Any:
    if place not in family.batch_norms:
        return x
    default = MLPConfig.model_fields
    normalized = layers.BatchNormalization(
        momentum=default["batch_norm_momentum"].default,
        epsilon=default["batch_norm_epsilon"].default,
        name=f"{place}_batch_norm_{k}",
    )(x)
    if len(family.batch_norms) == 1:
        return normalized
    return Switch(name=f"{place}_switch_{k}")([x, normalized])
