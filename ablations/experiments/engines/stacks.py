"""Train more runs than fit into a stack, in stacks of one size that share a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from ablations.training.result import StackResult
from ablations.training.train import Build, Weights, train_stack
from models.config import MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp, initializers_of


def train_in_stacks(
    model: MLPConfig | Build,
    training: TrainingConfig | Sequence[TrainingConfig],
    seeds: np.ndarray,
    data: Data,
    *,
    size: int,
    attributes: Mapping[str, np.ndarray | float] | None = None,
    weights: Weights | None = None,
    orders: np.ndarray | None = None,
) -> StackResult:
    """Train R runs of one network, `size` at a time; the last stack is filled up.

    Args:
        model: The network of all runs, or what builds it.
        training: The training of all runs, or one per run.
        seeds: One per run `[R]`.
        data: The rows, shared or one set per run.
        size: Runs of a stack.
        attributes: `layer.attribute` to one number or one per run `[R]`; zero is
            allowed, where a zero in the config would make another program.
        weights: Starting weights and state, each `[R, ...]`; None to draw them.
        orders: Orders of rows `[R, epochs, N]`; None to draw them.
    """
    given = {
        path: np.broadcast_to(np.float32(values), len(seeds))
        for path, values in (attributes or {}).items()
    }
    parts = []
    one = isinstance(training, TrainingConfig)
    for start in range(0, len(seeds), size):
        index = np.arange(start, min(start + size, len(seeds)))
        parts.append(
            train_stack(
                model,
                training if one else training[start : start + size],
                seeds[index],
                data.of_runs(index),
                attributes={path: values[index] for path, values in given.items()},
                weights=weights and tuple([w[index] for w in kind] for kind in weights),
                orders=None if orders is None else orders[index],
                pad_to=size,
            )
        )
    return _joined(parts)


def draw_start(model: MLPConfig, seeds: np.ndarray) -> Weights:
    """Draw the starting weights and the state of every seed, each `[S, ...]`."""
    return initial_weights(
        build_mlp(model, stackable=True), seeds, initializers_of(model)
    )


def _joined(parts: list[StackResult]) -> StackResult:
    names = [field.name for field in fields(StackResult)]
    joined = {n: _concatenated([getattr(part, n) for part in parts]) for n in names}
    return StackResult(**joined | {"log_steps": parts[0].log_steps})


def _concatenated(values: Sequence[Any]) -> Any:
    """Return arrays run after run; of dicts and lists, entry by entry."""
    if isinstance(values[0], dict):
        return {name: _concatenated([v[name] for v in values]) for name in values[0]}
    if isinstance(values[0], list):
        return [_concatenated(entries) for entries in zip(*values, strict=True)]
    return np.concatenate(values)
