"""Map one Keras model over the runs of a stack.

All arrays carry the runs on axis 0, and nothing is summed, averaged or normalized over
them.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ablations.training.backend import BACKEND, map_runs, value_and_gradients
from ablations.training.batch_norm import batch_norms, statistics_of_rows
from ablations.training.config import TrainingConfig
from ablations.training.metrics import mean_loss
from ablations.training.packing import Packing
from models.config import ConfigError

Tensor = Any
Parts = dict[str, Any]
Look = Callable[[Tensor, Tensor, Callable[[Tensor], Tensor]], dict[str, Tensor]]
"""Of what enters an activation of one run, what leaves it `[B, W]`, and the activation
as a function, return a number per name."""
VARIABLES = {"weights": "trainable_variables", "state": "non_trainable_variables"}
"""Where a model keeps the variables of each kind."""

REPLACEMENTS = {
    keras.layers.Dropout: "models.layers.CounterDropout",
    keras.layers.GaussianNoise: "models.layers.CounterGaussianNoise",
    keras.layers.GaussianDropout: (
        "models.layers.CounterGaussianNoise(kind='multiplicative') with a stddev of"
        " sqrt(rate / (1 - rate))"
    ),
}
"""Layers of this project that draw as a layer of Keras does, but can be stacked."""


@contextlib.contextmanager
def layer_attributes(model: keras.Model, values: Mapping[str, Any]) -> Iterator[None]:
    """Let layers read other values while a model is being traced.

    Args:
        model: The model whose layers are read.
        values: `layer.attribute` (or `layer.object.attribute`) to a scalar tensor.

    Raises:
        ConfigError: If there is no such layer or attribute; nothing stays changed.
    """
    replaced = []
    try:
        for path, value in values.items():
            owner, attribute = find_attribute(model, path)
            replaced.append((owner, attribute, getattr(owner, attribute)))
            # Keras would track a tensor that is set in the ordinary way.
            object.__setattr__(owner, attribute, value)
        yield
    finally:
        for owner, attribute, value in reversed(replaced):
            object.__setattr__(owner, attribute, value)


def find_attribute(model: keras.Model, path: str) -> tuple[Any, str]:
    """Return the object and the attribute that `layer.attribute` names.

    Raises:
        ConfigError: If there is no such layer or attribute.
    """
    name, *middle = path.split(".")
    layers = {layer.name: layer for layer in model.layers}
    if name not in layers or not middle:
        raise ConfigError(
            f"`attributes` must name `layer.attribute` of {tuple(layers)}."
            f" Received: {path!r}."
        )
    try:
        owner = functools.reduce(getattr, middle[:-1], layers[name])
        getattr(owner, middle[-1])
    except AttributeError as error:
        raise ConfigError(
            f"`attributes` must name something that a layer has. Received: {path!r},"
            f" but {error}."
        ) from None
    return owner, middle[-1]


def check_stackable(model: keras.Model, num_inputs: int, num_outputs: int) -> None:
    """Check that a model can be mapped over runs and fits its data.

    Args:
        model: Any Keras model.
        num_inputs: Features per row of the data.
        num_outputs: Targets per row of the data.

    Raises:
        ConfigError: If the model is not built, has several inputs or outputs, has
            other sizes than the data, or holds a layer that cannot be stacked.
    """
    if not isinstance(model, keras.Model):
        raise ConfigError(
            f"`model` must build a `keras.Model`. Received: {type(model).__name__}."
        )
    if not model.built:
        raise ConfigError(
            f"`model` must be built, so that its weights have shapes; start"
            f" {model.name!r} with `keras.Input((...,))`."
        )
    for kind, size in (("input", num_inputs), ("output", num_outputs)):
        tensors = getattr(model, f"{kind}s", None)
        if tensors is None:  # a subclassed model has no graph to read them from
            continue
        if len(tensors) != 1:
            raise ConfigError(
                f"`model` must have one {kind}. Received: {len(tensors)} {kind}s in"
                f" {model.name!r}."
            )
        shape = tuple(tensors[0].shape)
        if len(shape) != 2 or shape[1] not in (size, None):
            raise ConfigError(
                f"`model` must have an {kind} of shape [batch, {size}], as the data"
                f" have. Received: {shape} in {model.name!r}."
            )
    if BACKEND == "tensorflow":
        _refuse_stock_randomness(model)


def _refuse_stock_randomness(model: keras.Model) -> None:
    """Refuse the random layers of Keras, which TensorFlow cannot map over runs."""
    for layer in all_layers(model):
        stock = type(layer).__module__.partition(".")[0] == "keras"
        draws = (
            isinstance(v, keras.random.SeedGenerator) for v in vars(layer).values()
        )
        if stock and any(draws):
            known = REPLACEMENTS.get(type(layer))
            advice = f"Use {known}" if known else "Leave it out"
            raise ConfigError(
                f"The layer {layer.name!r} ({type(layer).__name__}) cannot be stacked"
                " on TensorFlow, which has no rule to map its random numbers over"
                f" runs. {advice}, or set KERAS_BACKEND=jax."
            )


def all_layers(model: keras.Model) -> Iterable[keras.layers.Layer]:
    """Return every layer of a model, those inside other layers included."""
    return model._flatten_layers(include_self=False)


class Network:
    """Call a Keras model, or a piece of one, with the numbers of one run.

    Args:
        entry: Where the rows come in, a symbolic tensor.
        outputs: What the network returns, a symbolic tensor.
        model: The model, where it is whole and already there.
    """

    def __init__(
        self, entry: Any, outputs: Any, model: keras.Model | None = None
    ) -> None:
        """Cut the piece out; it shares the layers of the whole."""
        self._ends = (entry, outputs)
        self.model = model or keras.Model(entry, outputs)
        self.layer_names = {layer.name for layer in self.model.layers}
        regularized = (
            getattr(layer, "activity_regularizer", None)
            for layer in all_layers(self.model)
        )
        self._penalized = bool(self.model.losses) or any(regularized)
        self._batch_norms = batch_norms(all_layers(self.model))

    def __call__(
        self, one: Parts, weights: list[Tensor], inputs: Tensor, *, training: bool
    ) -> tuple[Tensor, list[Tensor], Tensor]:
        """Return outputs, new state and penalty of one run.

        Args:
            one: `state` and `attributes` of the run.
            weights: Its trainable weights.
            inputs: Rows `[B, D]`.
            training: Whether dropout, noise and batch statistics are on.
        """
        with layer_attributes(self.model, one["attributes"]):
            outputs, state, *losses = self.model.stateless_call(
                weights,
                one["state"],
                inputs,
                training=training,
                return_losses=self._penalized,
            )
        return outputs, state, sum(losses[0]) if losses else ops.zeros(())

    def restate(self, one: Parts, inputs: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return outputs and state, with batch norm's statistics taken of the rows.

        Args:
            one: `weights`, `state` and `attributes` of the run.
            inputs: Rows `[B, D]`.
        """
        with (
            layer_attributes(self.model, one["attributes"]),
            statistics_of_rows(self._batch_norms),
        ):
            return self.model.stateless_call(
                one["weights"], one["state"], inputs, training=False
            )

    def look(
        self, one: Parts, inputs: Tensor, layers: Iterable[Any], look: Look
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Return outputs and what is seen at layers `[L]`, by name, in training.

        Args:
            one: `weights`, `state` and `attributes` of the run.
            inputs: Rows `[B, D]`.
            layers: The layers, of which those that are not part of this are left out.
            look: What to see at a layer.
        """
        layers = [layer for layer in layers if layer.name in self.layer_names]
        if not layers:
            outputs, _, _ = self(one, one["weights"], inputs, training=True)
            return outputs, {}
        entry, outputs = self._ends
        signals = [tensor for layer in layers for tensor in (layer.input, layer.output)]
        # Keras cannot cut a piece of a model out that returns a tensor twice, or one
        # that returns what enters it.
        places = {id(tensor): tensor for tensor in (outputs, *signals)}
        places.pop(id(entry), None)
        view = keras.Model(entry, list(places.values()))
        known = {
            id(variable): tensor
            for part, variables in VARIABLES.items()
            for variable, tensor in zip(
                getattr(self.model, variables), one[part], strict=True
            )
        }

        def values_of(owner: Any) -> list[list[Tensor]]:
            return [
                [known[id(variable)] for variable in getattr(owner, variables)]
                for variables in VARIABLES.values()
            ]

        def see(layer: keras.layers.Layer, z: Tensor, a: Tensor) -> dict[str, Tensor]:
            def applied(inputs: Tensor) -> Tensor:
                return layer.stateless_call(*values_of(layer), inputs)[0]

            if not isinstance(layer, keras.layers.Dense):
                return look(z, a, applied)
            activation, linear = layer.activation, {f"{layer.name}.activation": _same}
            with layer_attributes(self.model, linear):
                z = applied(z)
            return look(z, a, activation)

        with layer_attributes(self.model, one["attributes"]):
            values, _ = view.stateless_call(*values_of(view), inputs, training=True)
            found = dict(zip(places, values, strict=True)) | {id(entry): inputs}
            sights = [
                see(layer, found[id(layer.input)], found[id(layer.output)])
                for layer in layers
            ]
        seen = {name: ops.stack([one[name] for one in sights]) for name in sights[0]}
        return found[id(outputs)], seen


def _same(x: Tensor) -> Tensor:
    return x


class StackedModel:
    """Compute outputs, losses and gradients of every run of a stack.

    Weights and state are packed, which is to say here: as they are, one array per
    variable in the order of the model. `ablations.training.rolled_model` packs
    otherwise.

    Args:
        model: A built model; its own weights are never read or changed.
        training: The training, of which the loss is read.
        per_run_data: Whether every run has rows of its own.
    """

    def __init__(
        self, model: keras.Model, training: TrainingConfig, per_run_data: bool
    ) -> None:
        """Keep what is needed; nothing is computed yet."""
        self.model, self.training = model, training
        self.per_run_data = per_run_data
        self.weights, self.state = (
            Packing(tuple(range(len(getattr(model, variables)))))
            for variables in VARIABLES.values()
        )

    @functools.cached_property
    def _network(self) -> Network:
        inputs, outputs = (
            getattr(self.model, kind, None) or [None] for kind in ("inputs", "outputs")
        )
        return Network(inputs[0], outputs[0], self.model)

    def packed_attributes(
        self, attributes: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Return layer attributes `[R]` as the program reads them."""
        return dict(attributes)

    def forward(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        attributes: dict[str, Tensor],
        x: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return outputs `[R, N, K]` and penalties `[R]` at inference, run by run.

        Args:
            weights: Packed trainable weights, each `[R, ...]`.
            state: Packed non-trainable weights, each `[R, ...]`.
            attributes: Packed layer attributes per run, each `[R, ...]`.
            x: Inputs `[N, D]`, or `[R, N, D]` where runs have data of their own.
        """
        parts = {"weights": weights, "state": state, "attributes": attributes}

        def one_run(one: Parts) -> tuple[Tensor, Tensor]:
            (inputs,) = batch_of(one, "x")
            p, _, penalty = self._network(one, one["weights"], inputs, training=False)
            return p, penalty

        return self._map(one_run, parts, {"x": x})

    def restated(
        self, weights: list[Tensor], state: list[Tensor], run: Parts
    ) -> list[Tensor]:
        """Return the state with batch norm's statistics of all training rows.

        Args:
            weights: Packed trainable weights, each `[R, ...]`.
            state: Packed non-trainable weights, each `[R, ...]`.
            run: `attributes` and `data` as in `gradients`.
        """
        parts = {"weights": weights, "state": state, "attributes": run["attributes"]}

        def one_run(one: Parts) -> list[Tensor]:
            return self._network.restate(one, one["x"])[1]

        return self._map(one_run, parts, {"x": run["data"]["x"]})

    def targets(self, y: Tensor) -> Tensor:
        """Return targets `[1 or R, N, K]`, or weights `[1 or R, N]`, of all rows."""
        return y if self.per_run_data else y[None]

    def gradients(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        run: Parts,
        rows: Tensor | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Return the losses `[R]`, the new state and the gradients of a batch.

        Args:
            weights: Packed trainable weights, each `[R, ...]`.
            state: Packed non-trainable weights, each `[R, ...]`.
            run: `attributes` as in `forward` and `data`, the arrays of a `Data`.
            rows: Indices of a batch, `[R, B]`, `[B]` for all runs, None for all rows.
        """
        parts = {"weights": weights, "state": state, "attributes": run["attributes"]}

        data = {"x": run["data"]["x"], **told_of_rows(run)}

        # The gradient is taken within a run. On TensorFlow, one taken around the map
        # would make shapes an input of its program, compiled anew at every call.
        def one_run(one: Parts) -> tuple[Tensor, list[Tensor], list[Tensor]]:
            x, *told = batch_of(one, *data)

            def loss_of(weights: list[Tensor]) -> tuple[Tensor, Any]:
                p, new_state, penalty = self._network(one, weights, x, training=True)
                loss = loss_of_batch(self.training, p, *told) + penalty
                return loss, (loss, new_state)

            (loss, new_state), gradients = value_and_gradients(loss_of, one["weights"])
            return loss, new_state, gradients

        return self._map(one_run, parts, data, rows)

    def look(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        run: Parts,
        layers: Sequence[keras.layers.Layer],
        look: Look,
        names: Sequence[str],
    ) -> dict[str, Tensor]:
        """Return what is seen at layers in training, by name `[R, L]`.

        Args:
            weights: Packed trainable weights, each `[R, ...]`.
            state: Packed non-trainable weights, each `[R, ...]`.
            run: `attributes` and `data` as in `gradients`.
            layers: Layers of the model, in its order.
            look: What to see at a layer.
            names: The names under which it is given.
        """
        parts = {"weights": weights, "state": state, "attributes": run["attributes"]}

        def one_run(one: Parts) -> dict[str, Tensor]:
            return self._network.look(one, one["x"], layers, look)[1]

        return self._map(one_run, parts, {"x": run["data"]["x"]})

    def _map(
        self,
        function: Callable[[Parts], Any],
        parts: Parts,
        data: dict[str, Tensor],
        rows: Tensor | None = None,
    ) -> Any:
        """Map a function of one run, which gets parts, data and rows by name."""
        shared: Parts = {}
        own = dict(parts)
        (own if self.per_run_data else shared).update(data)
        own_rows = rows is not None and len(rows.shape) == 2
        (own if own_rows else shared)["rows"] = rows
        return map_runs(lambda one: function({**shared, **one}), own)


def batch_of(one: Parts, *names: str) -> list[Tensor]:
    """Return the rows of one run that are in its batch, all of them without one."""
    if one["rows"] is None:
        return [one[name] for name in names]
    return [ops.take(one[name], one["rows"], axis=0) for name in names]


def told_of_rows(run: Parts) -> dict[str, Tensor]:
    """Return the targets of the training rows, and their weights if they have some."""
    data = run["data"]
    return {name: data[name] for name in ("y", "weight") if name in data}


def loss_of_batch(
    training: TrainingConfig, p: Tensor, y: Tensor, w: Tensor | None = None
) -> Tensor:
    """Return the mean loss of the rows `[B]` of one run, of outputs `[B, K]`."""
    return mean_loss(training, y[None], p[None], None if w is None else w[None])[0]
