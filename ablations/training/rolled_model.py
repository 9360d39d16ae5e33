"""Loop over the equal hidden blocks of a deep network instead of unrolling them.

What a compiler has to read, and the time it takes, then does not grow with depth.
The network is cut into a head (up to the first of the equal blocks), a body (one block)
and a tail (what follows the last), each a Keras model of the real layers. The variables
of the blocks are stored together (`ablations.training.packing`), so that the body is
called with the slices of one block after the other.
The forward pass keeps what enters each block; the backward pass goes from the last
block to the first, computes each anew from what entered it, with the same masks and
noise, and pulls the gradient of its output back. So no gradient of a loop is needed,
and memory holds one array per block instead of one per operation.
Without skips a block ends in a kernel, whose product no gradient needs and which is
therefore not computed anew: the cuts lie behind the dense layers, before activations.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ablations.training.backend import map_runs, value_and_gradients
from ablations.training.config import TrainingConfig
from ablations.training.packing import Packing
from ablations.training.stacked_model import (
    VARIABLES,
    Look,
    Network,
    Parts,
    StackedModel,
    batch_of,
    find_attribute,
    loss_of_batch,
    told_of_rows,
)
from models.config import MLPConfig

Tensor = Any
Blocks = tuple[range, ...]

MIN_BLOCKS = 4
"""Fewest equal blocks that are worth a loop."""


def equal_blocks(config: MLPConfig) -> Blocks:
    """Return the dense hidden layers (from 1) of each block of the longest sequence.

    A block is what stands between two dense layers and the second of them, or a
    residual block. Equal blocks follow each other, have inputs and outputs of one width
    and the same graph. The first layer, or residual block, belongs to the head. Empty
    where a network cannot be cut or is not worth it.
    """
    if config.input_skip:
        return ()
    widths, structure = config.hidden_units, config.structure()
    after = list(
        zip(
            structure.per_layer("activation"),
            structure.per_layer("dropout"),
            strict=True,
        )
    )
    residual = config.blocks()
    blocks = residual or [range(k, k + 1) for k in range(1, len(widths) + 1)]
    sequences: list[list[range]] = [[]]
    graph: list[Any] = []
    for before, block in itertools.pairwise(blocks):
        entry, last_graph = widths[before[-1] - 1], graph
        inside = block if residual else before
        graph = [*(widths[k - 1] for k in block), *(after[k - 1] for k in inside)]
        if graph != last_graph:
            sequences.append([])
        if entry == widths[block[-1] - 1]:
            sequences[-1].append(block)
    longest = max(sequences, key=len)
    return tuple(longest) if len(longest) >= MIN_BLOCKS else ()


def cuts(model: keras.Model, blocks: Blocks) -> list[Any]:
    """Return the symbolic tensors between which the blocks of a network lie."""
    layers = {layer.name: layer for layer in model.layers}
    if "skip_1" not in layers:
        first = layers[f"hidden_{blocks[0][0] - 1}"]
        return [first.output, *(layers[f"hidden_{b[-1]}"].output for b in blocks)]
    after = layers.get(f"hidden_{blocks[-1][-1] + 1}", layers["output"])
    return [*(layers[f"hidden_{b[0]}"].input for b in blocks), after.input]


class RolledModel(StackedModel):
    """Compute what a `StackedModel` does, looping over equal blocks.

    The packed variables are those of head and tail, in the order of the model, then
    one array `[R, K, ...]` for the K copies of each variable of the body. Attributes of
    layers of the body are `[R, K]`, under the names of the first block.

    Args:
        model: A model built by `models.mlp.build_mlp`.
        training: The training, of which the loss is read.
        per_run_data: Whether every run has rows of its own.
        blocks: The hidden layers of the equal blocks, as from `equal_blocks`.
    """

    def __init__(
        self,
        model: keras.Model,
        training: TrainingConfig,
        per_run_data: bool,
        blocks: Blocks,
    ) -> None:
        """Cut the model."""
        super().__init__(model, training, per_run_data)
        self.num_blocks = len(blocks)
        ends = cuts(model, blocks)
        self._head = Network(model.inputs[0], ends[0])
        bodies = [Network(*pair) for pair in itertools.pairwise(ends)]
        self._body = bodies[0]
        self._tail = Network(ends[-1], model.outputs[0])
        # Layers of equal blocks stand in the same order.
        self._copies = {
            layer.name: (first.name, number)
            for number, body in enumerate(bodies)
            for first, layer in zip(
                self._body.model.layers, body.model.layers, strict=True
            )
        }
        self._places: dict[str, list[list[int]]] = {}
        for part, variables in VARIABLES.items():
            places = {id(v): i for i, v in enumerate(getattr(model, variables))}
            copies = [
                [places[id(v)] for v in getattr(body.model, variables)]
                for body in bodies
            ]
            packing = Packing.of_blocks(len(places), list(zip(*copies, strict=True)))
            setattr(self, part, packing)
            self._places[part] = [
                [
                    packing.alone.index(places[id(v)])
                    for v in getattr(network.model, variables)
                ]
                for network in (self._head, self._tail)
            ]

    def packed_attributes(
        self, attributes: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Return layer attributes `[R]`, those of the body together as `[R, K]`.

        A block that is not named keeps the value that its layer has.
        """
        packed: dict[str, Any] = {}
        for path, values in attributes.items():
            name, _, attribute = path.partition(".")
            if name not in self._copies:
                packed[path] = values
                continue
            first, number = self._copies[name]
            together = packed.setdefault(f"{first}.{attribute}", {})
            together[number] = values
        return {
            path: self._together(path, values) if isinstance(values, dict) else values
            for path, values in packed.items()
        }

    def _together(self, path: str, values: dict[int, np.ndarray]) -> np.ndarray:
        first, _, attribute = path.partition(".")
        like = next(iter(values.values()))
        names = {
            number: name for name, (f, number) in self._copies.items() if f == first
        }

        def own(number: int) -> np.ndarray:
            value = getattr(*find_attribute(self.model, f"{names[number]}.{attribute}"))
            return np.full_like(like, value)

        return np.stack(
            [
                values[number] if number in values else own(number)
                for number in range(self.num_blocks)
            ],
            axis=1,
        )

    def forward(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        attributes: dict[str, Tensor],
        x: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return outputs `[R, N, K]` and penalties `[R]` at inference, run by run."""
        head, body, tail = self._parts(weights, state, attributes)

        def through(network: Network, one: Parts) -> tuple[Tensor, Tensor]:
            h, _, penalty = network(one, one["weights"], one["h"], training=False)
            return h, penalty

        def enter(one: Parts) -> tuple[Tensor, Tensor]:
            (inputs,) = batch_of(one, "x")
            return through(self._head, {**one, "h": inputs})

        def block(k: Tensor, h: Tensor, penalty: Tensor) -> tuple[Tensor, ...]:
            one = {**_block(body, k), "h": h}
            h, more = map_runs(functools.partial(through, self._body), one)
            return k + 1, h, penalty + more

        h, penalty = self._map(enter, head, {"x": x})
        _, h, penalty = self._each_block(block, h, penalty)
        p, more = map_runs(functools.partial(through, self._tail), {**tail, "h": h})
        return p, penalty + more

    def restated(
        self, weights: list[Tensor], state: list[Tensor], run: Parts
    ) -> list[Tensor]:
        """Return the state with batch norm's statistics of all training rows."""
        head, body, tail = self._parts(weights, state, run["attributes"])

        def enter(one: Parts) -> tuple[Tensor, list[Tensor]]:
            return self._head.restate(one, one["x"])

        def through(network: Network, one: Parts) -> tuple[Tensor, list[Tensor]]:
            return network.restate(one, one["h"])

        def block(k: Tensor, h: Tensor, states: list[Tensor]) -> tuple[Any, ...]:
            one = {**_block(body, k), "h": h}
            h, new = map_runs(functools.partial(through, self._body), one)
            written = [_written(s, k, n) for s, n in zip(states, new, strict=True)]
            return k + 1, h, written

        h, head_state = self._map(enter, head, {"x": run["data"]["x"]})
        _, h, body_state = self._each_block(block, h, body["state"])
        last = functools.partial(through, self._tail)
        _, tail_state = map_runs(last, {**tail, "h": h})
        return self._joined("state", head_state, body_state, tail_state)

    def gradients(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        run: Parts,
        rows: Tensor | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Return the losses `[R]`, the new state and the gradients of a batch."""
        head, body, tail = self._parts(weights, state, run["attributes"])
        x, told = {"x": run["data"]["x"]}, told_of_rows(run)

        def enter(one: Parts) -> tuple[Tensor, list[Tensor], Tensor]:
            (inputs,) = batch_of(one, "x")
            return self._head(one, one["weights"], inputs, training=True)

        h, head_state, penalty = self._map(enter, head, x, rows)

        def block(one: Parts) -> tuple[Tensor, list[Tensor], Tensor]:
            return self._body(one, one["weights"], one["h"], training=True)

        def forward(
            k: Tensor, h: Tensor, penalty: Tensor, entries: Tensor, states: list[Tensor]
        ) -> tuple[Any, ...]:
            out, new_state, more = map_runs(block, {**_block(body, k), "h": h})
            return (
                k + 1,
                out,
                penalty + more,
                _written(entries, k, h, axis=0),
                [_written(s, k, n) for s, n in zip(states, new_state, strict=True)],
            )

        entries = ops.zeros((self.num_blocks, *h.shape), h.dtype)
        _, h, penalty, entries, body_state = self._each_block(
            forward, h, penalty, entries, body["state"]
        )

        def leave(one: Parts) -> tuple[Any, list[Tensor]]:
            told_of_batch = batch_of(one, *told)

            def loss_of(leaves: list[Tensor]) -> tuple[Tensor, Any]:
                *weights, h = leaves
                p, new_state, penalty = self._tail(one, weights, h, training=True)
                loss = loss_of_batch(self.training, p, *told_of_batch) + penalty
                return loss, (loss, new_state)

            return value_and_gradients(loss_of, [*one["weights"], one["h"]])

        (loss, tail_state), pulled = self._map(leave, {**tail, "h": h}, told, rows)
        *tail_gradients, slope = pulled

        def pull_block(one: Parts) -> list[Tensor]:
            return _pulled(self._body, one, [*one["weights"], one["h"]])

        def backward(
            k: Tensor, slope: Tensor, gradients: list[Tensor]
        ) -> tuple[Any, ...]:
            last = self.num_blocks - 1 - k
            one = {**_block(body, last), "h": entries[last], "slope": slope}
            *mine, slope = map_runs(pull_block, one)
            written = [
                _written(g, last, m) for g, m in zip(gradients, mine, strict=True)
            ]
            return k + 1, slope, written

        empty = [ops.zeros_like(weight) for weight in body["weights"]]
        _, slope, body_gradients = self._each_block(backward, slope, empty)

        def pull_head(one: Parts) -> list[Tensor]:
            (inputs,) = batch_of(one, "x")
            return _pulled(self._head, {**one, "h": inputs}, one["weights"])

        head_gradients = self._map(pull_head, {**head, "slope": slope}, x, rows)
        return (
            loss + penalty,
            self._joined("state", head_state, body_state, tail_state),
            self._joined("weights", head_gradients, body_gradients, tail_gradients),
        )

    def look(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        run: Parts,
        layers: Sequence[keras.layers.Layer],
        look: Look,
        names: Sequence[str],
    ) -> dict[str, Tensor]:
        """Return what is seen at layers in training, by name `[R, L]`."""
        head, body, tail = self._parts(weights, state, run["attributes"])

        def enter(one: Parts) -> tuple[Tensor, dict[str, Tensor]]:
            return self._head.look(one, one["x"], layers, look)

        def through(network: Network, one: Parts) -> tuple[Tensor, dict[str, Tensor]]:
            return network.look(one, one["h"], layers, look)

        def block(k: Tensor, h: Tensor, seen: dict[str, Tensor]) -> tuple[Any, ...]:
            one = {**_block(body, k), "h": h}
            h, new = map_runs(functools.partial(through, self._body), one)
            return k + 1, h, {name: _written(seen[name], k, new[name]) for name in seen}

        h, first = self._map(enter, head, {"x": run["data"]["x"]})
        mine = sum(layer.name in self._body.layer_names for layer in layers)
        empty = ops.zeros((h.shape[0], self.num_blocks, mine))
        _, h, middle = self._each_block(block, h, dict.fromkeys(names, empty))
        _, last = map_runs(functools.partial(through, self._tail), {**tail, "h": h})
        return {
            name: ops.concatenate(
                [
                    *([first[name]] if first else []),
                    ops.reshape(middle[name], (h.shape[0], -1)),
                    *([last[name]] if last else []),
                ],
                axis=1,
            )
            for name in names
        }

    def _parts(
        self, weights: list[Tensor], state: list[Tensor], attributes: dict[str, Tensor]
    ) -> list[Parts]:
        """Return weights, state and attributes of head, body and tail."""
        parts: list[Parts] = []
        for number, network in enumerate((self._head, self._body, self._tail)):
            part: Parts = {
                "attributes": {
                    path: values
                    for path, values in attributes.items()
                    if path.partition(".")[0] in network.layer_names
                }
            }
            for kind, packed in (("weights", weights), ("state", state)):
                if network is self._body:
                    part[kind] = packed[len(getattr(self, kind).alone) :]
                else:
                    places = self._places[kind][number // 2]
                    part[kind] = [packed[place] for place in places]
            parts.append(part)
        return parts

    def _joined(
        self, kind: str, head: list[Tensor], body: list[Tensor], tail: list[Tensor]
    ) -> list[Tensor]:
        """Return the arrays of the three parts as they are packed."""
        first, last = self._places[kind]
        alone = dict(zip([*first, *last], [*head, *tail], strict=True))
        return [*(alone[place] for place in sorted(alone)), *body]

    def _each_block(self, step: Callable[..., Any], *start: Any) -> Any:
        """Repeat `k, *values = step(k, *values)` for every block, from k = 0."""

        def unfinished(k: Tensor, *values: Any) -> Tensor:
            return k < self.num_blocks

        first = ops.convert_to_tensor(np.int32(0))
        return ops.while_loop(unfinished, step, (first, *start))


def _pulled(network: Network, one: Parts, leaves: list[Tensor]) -> list[Tensor]:
    """Pull the gradient `slope` of a network's outputs back, and add its penalty's.

    Args:
        network: What is computed anew from `one["h"]`.
        one: The parts of one run.
        leaves: Where the gradient is taken: the weights, and maybe `one["h"]`.
    """
    num_weights = len(one["weights"])

    def along(leaves: list[Tensor]) -> tuple[Tensor, tuple[()]]:
        weights, rest = leaves[:num_weights], leaves[num_weights:]
        inputs = rest[0] if rest else one["h"]
        out, _, penalty = network(one, weights, inputs, training=True)
        return ops.sum(out * one["slope"]) + penalty, ()

    return value_and_gradients(along, leaves)[1]


def _block(body: Parts, k: Tensor) -> Parts:
    """Return the parts of block k, `[R, ...]` each, of arrays `[R, K, ...]`."""
    return keras.tree.map_structure(lambda array: _taken(array, k), body)


def _taken(array: Tensor, k: Tensor) -> Tensor:
    shape = (array.shape[0], 1, *array.shape[2:])
    return ops.squeeze(ops.slice(array, _start(array, k, 1), shape), axis=1)


def _written(array: Tensor, k: Tensor, values: Tensor, axis: int = 1) -> Tensor:
    """Return the array with `values` at place k of an axis."""
    new = ops.expand_dims(values, axis)
    return ops.slice_update(array, _start(array, k, axis), new)


def _start(array: Tensor, k: Tensor, axis: int) -> Tensor:
    zeros = [ops.zeros_like(k)] * len(array.shape)
    return ops.stack([*zeros[:axis], k, *zeros[axis + 1 :]])
