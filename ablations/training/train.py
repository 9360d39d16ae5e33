"""Train a stack: many runs of one structure as one compiled program.

A stack holds R runs whose networks share a computation graph and whose seeds, starting
weights and continuous hyperparameters differ.
All arrays carry the runs on axis 0, every norm and mean stays within a run, and the
state travels through the program as arguments, so that a structure compiles once.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import keras
import numpy as np

from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from ablations.training.metrics import HELD_OUT, rows_and_metric
from ablations.training.program import StackProgram
from ablations.training.result import StackResult
from ablations.training.rolled_model import equal_blocks
from ablations.training.stacked_model import (
    check_stackable,
    find_attribute,
)
from models.config import ConfigError, MLPConfig, requirement
from models.initializers import initial_weights
from models.mlp import build_mlp, initializers_of

__all__ = [
    "Data",
    "StackProgram",
    "StackResult",
    "stack_program",
    "train_stack",
]

Build = Callable[[], keras.Model]
Weights = tuple[list[np.ndarray], list[np.ndarray]]
Config = TypeVar("Config", MLPConfig, TrainingConfig)

MIN_RUNS = 2
"""Smallest stack that a program is compiled for; a single run gets an idle companion,
because TensorFlow loses the length of an axis of one."""

BUILDING = threading.Lock()
"""Held while a program is looked up, so that threads build no structure twice."""

MAX_PROGRAMS = 256
"""Structures whose compiled programs are kept; the least recently used one goes."""


def train_stack(
    model: MLPConfig | Sequence[MLPConfig] | Build,
    training: TrainingConfig | Sequence[TrainingConfig],
    seeds: Sequence[int] | np.ndarray,
    data: Data,
    *,
    attributes: Mapping[str, np.ndarray] | None = None,
    weights: Weights | None = None,
    orders: np.ndarray | None = None,
    pad_to: int | None = None,
) -> StackResult:
    """Train R runs as one program.

    A run is the same alone and in a crowd: its starting weights, batch orders, masks
    and noise follow from its own seed.

    Args:
        model: One config for all runs, one per run (of equal `structure()`), or a
            function that builds a Keras model.
        training: One training for all runs, or one per run (of equal `structure()`).
        seeds: One non-negative integer per run `[R]`.
        data: The rows to train on.
        attributes: Further layer attributes per run, `layer.attribute` to `[R]`.
        weights: Starting weights (trainable, non-trainable), each `[R, ...]`, in place
            of those drawn from the seeds.
        orders: Row orders per epoch `[1 or R, epochs, N]`, in place of those drawn;
            one epoch stands for all.
        pad_to: Fill the stack with idle runs up to this size, so that stacks of
            different sizes share a compiled program.

    Raises:
        ConfigError: If structures differ within the stack, data do not fit, or a layer
            cannot be stacked.
    """
    seeds = np.asarray(seeds)
    num_runs = len(seeds)
    if not num_runs:
        raise requirement("seeds", "must hold at least one seed", [])
    trainings = _PerRun.of("training", training, num_runs)
    models = None if callable(model) else _PerRun.of("model", model, num_runs)
    _check_data(data, trainings.distinct[0], num_runs)
    structure = model if callable(model) else models.distinct[0]
    program = stack_program(structure, trainings.distinct[0], data)
    swept = models.numbers(MLPConfig.continuous) if models else {}
    for path, values in (attributes or {}).items():
        find_attribute(program.model, path)
        swept[path] = np.broadcast_to(np.asarray(values, np.float32), num_runs)
    if weights is None:
        trainable, state = _drawn_weights(program.model, models, seeds)
    else:
        trainable, state = _checked_weights(program.model, weights, num_runs)
    h = trainings.numbers(lambda one: one.hyperparameters(data.num_rows))
    ends = {int(steps) for steps in np.unique(h["num_steps"])}
    size = max(pad_to or 0, num_runs, MIN_RUNS)
    # Idle runs repeat the last one and make no update.
    index = np.minimum(np.arange(size), num_runs - 1)
    h = {name: values[index] for name, values in h.items()}
    h["num_steps"] *= np.arange(size) < num_runs
    result = program.run(
        [w[index] for w in trainable],
        [s[index] for s in state],
        seeds[index],
        data.of_runs(index) if size > num_runs else data,
        h,
        {name: values[index] for name, values in swept.items()},
        ends.union(*(one.log_steps for one in trainings.distinct)),
        orders if orders is None or len(orders) == 1 else orders[index],
    )
    return result.first(num_runs)


def stack_program(
    model: MLPConfig | Build, training: TrainingConfig, data: Data
) -> StackProgram:
    """Return the program of a structure, compiled at most once in this process.

    Args:
        model: A config, or a function that builds any Keras model. The same function
            object has the same program.
        training: The training; only its structure matters.
        data: The rows; only their number and layout matter.

    Raises:
        ConfigError: If the model cannot be stacked or does not fit the data.
    """
    with BUILDING:
        return _program_of(
            model.structure() if isinstance(model, MLPConfig) else model,
            training.structure(),
            data.per_run,
            data.num_rows,
            data.x.shape[-1],
            data.y.shape[-1],
        )


@functools.lru_cache(maxsize=MAX_PROGRAMS)
def _program_of(
    model: MLPConfig | Build,
    training: TrainingConfig,
    per_run_data: bool,
    num_rows: int,
    num_inputs: int,
    num_outputs: int,
) -> StackProgram:
    is_config = isinstance(model, MLPConfig)
    built = build_mlp(model, stackable=True) if is_config else model()
    check_stackable(built, num_inputs, num_outputs)
    blocks = equal_blocks(model) if is_config else ()
    return StackProgram(
        built, training, per_run_data, num_rows, blocks, rows_are_apart=is_config
    )


@dataclass(frozen=True)
class _PerRun(Generic[Config]):
    """A config for every run: the distinct ones, and which of them a run has `[R]`."""

    distinct: list[Config]
    index: np.ndarray

    @classmethod
    def of(
        cls, name: str, configs: Config | Sequence[Config], num_runs: int
    ) -> _PerRun[Config]:
        if not isinstance(configs, Sequence):
            return cls([configs], np.zeros(num_runs, np.intp))
        if len(configs) not in (1, num_runs):
            raise requirement(
                name,
                f"must be one config or one per seed ({num_runs})",
                f"{len(configs)} configs",
            )
        objects = {id(config): config for config in configs}
        places = {config: i for i, config in enumerate(dict.fromkeys(objects.values()))}
        by_id = {key: places[config] for key, config in objects.items()}
        index = np.array([by_id[id(config)] for config in configs], np.intp)
        if len({config.structure() for config in places}) > 1:
            raise ConfigError(
                f"`{name}` must hold configs of one structure; stack others apart."
                f" Received: {len(places)} different configs."
            )
        return cls(list(places), np.broadcast_to(index, num_runs))

    def numbers(
        self, read: Callable[[Config], Mapping[str, float]]
    ) -> dict[str, np.ndarray]:
        """Return the numbers that each run reads, by name `[R]`."""
        read_out = [read(config) for config in self.distinct]
        return {
            name: np.array([one[name] for one in read_out], np.float32)[self.index]
            for name in read_out[0]
        }


def _drawn_weights(
    model: keras.Model, configs: _PerRun[MLPConfig] | None, seeds: np.ndarray
) -> Weights:
    """Draw every run's starting weights by the initializers of its own config."""
    if configs is None:
        return initial_weights(model, seeds)
    rules = [initializers_of(config) for config in configs.distinct]
    groups: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        described = {k: (type(v).__name__, v.get_config()) for k, v in rule.items()}
        groups.setdefault(repr(described), []).append(place)
    members = [np.flatnonzero(np.isin(configs.index, g)) for g in groups.values()]
    parts = [
        initial_weights(model, seeds[runs], rules[places[0]])
        for runs, places in zip(members, groups.values(), strict=True)
    ]
    back = np.argsort(np.concatenate(members))
    trainable, state = (
        [np.concatenate(pieces)[back] for pieces in zip(*arrays, strict=True)]
        for arrays in zip(*parts, strict=True)
    )
    return trainable, state


def _checked_weights(model: keras.Model, weights: Weights, num_runs: int) -> Weights:
    """Return given weights as arrays, one `[R, ...]` per variable."""
    variables = (model.trainable_variables, model.non_trainable_variables)
    wanted = [[(num_runs, *v.shape) for v in group] for group in variables]
    received = [[np.shape(w) for w in group] for group in weights]
    if received != wanted:
        raise requirement(
            "weights", f"must be (trainable, state) with shapes {wanted}", received
        )
    trainable, state = (
        [np.asarray(w, v.dtype) for w, v in zip(group, theirs, strict=True)]
        for group, theirs in zip(weights, variables, strict=True)
    )
    return trainable, state


def _check_data(data: Data, training: TrainingConfig, num_runs: int) -> None:
    if data.per_run and len(data.x) != num_runs:
        must = f"must have one set of rows per seed ({num_runs})"
        raise requirement("data.x", must, data.x.shape)
    for rows in HELD_OUT:
        wanted = [n for n in training.measured if rows_and_metric(n)[0] == f"_{rows}"]
        wanted += ["outputs"] if training.outputs else []
        if wanted and getattr(data, f"x_{rows}") is None:
            raise requirement(
                f"data.x_{rows}", f"must be given to measure {wanted}", None
            )
