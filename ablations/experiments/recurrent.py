"""Train recurrent networks on streams."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task
from ablations.tasks.streams import StreamSettings
from models.config import (
    ConfigError,
    Finite,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    requirement,
)
from models.recurrent_kernels import Start

CLIPS = ("clip_value", "clip_norm", "clip_global_norm")


class RecurrentConfig(StreamSettings, ExperimentConfig):
    """Describe a recurrent network, its stream and its training.

    Every seed has rows of its own, and as many others held out, which take no part in
    any choice on that seed. Of `echo` their `test_accuracy` is recorded. Of `counts` it
    is `test_explained`, the share of the variance of the targets that the outputs
    explain, 1 - (mean squared error) / variance, and `continued_explained`, the same on
    streams `CONTINUED` times as long; both at the end only.

    Args:
        cell: A recurrent layer with linear units or with tanh, or an LSTM.
        units: Number of recurrent units.
        start: Distribution of the recurrent kernel of a cell without gates.
        radius: Spectral radius at which it starts.
        forget_gate: Whether the LSTM has a forget gate; that of 1997 has none.
        forget_bias: What the bias of the forget gate starts from.
        l2: Weight of the sum of squares of the recurrent kernel in the loss.
        clip_value: Bound of each entry of the gradient; `clip_norm` bounds the norm of
            each weight's, `clip_global_norm` that of all weights together.
        optimizer: Name of the optimizer.
        log_steps: Numbers of updates after which the held-out rows are scored, for
            `echo`.

    References:
        Hochreiter and Schmidhuber, "Long short-term memory", 1997.
        Gers, Schmidhuber and Cummins, "Learning to forget", 2000.
        Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
        networks", 2013.
    """

    # All stacks have this size, so that a structure is compiled once, and few seeds
    # that tune leave no place empty.
    chunk_size: ClassVar[int] = 5

    kind: Literal["recurrent"] = "recurrent"
    cell: Literal["linear", "tanh", "lstm"] = "tanh"
    units: PositiveInt = 16
    start: Start = "orthogonal"
    radius: Positive = 1.0
    forget_gate: bool = True
    forget_bias: Finite = 1.0
    l2: NonNegative = 0.0
    clip_value: Positive | None = None
    clip_norm: Positive | None = None
    clip_global_norm: Positive | None = None
    optimizer: Literal["sgd", "adam"] = "sgd"
    learning_rate: Positive = 0.1
    batch_size: PositiveInt = 64
    num_steps: PositiveInt = 500
    log_steps: tuple[NonNegativeInt, ...] = ()

    @model_validator(mode="after")
    def _check_choices(self) -> Self:
        used = [name for name in CLIPS if getattr(self, name) is not None]
        if len(used) > 1:
            raise ConfigError(f"At most one of {CLIPS} must be given. Received: {used}")
        if self.stream == "counts" and self.log_steps:
            raise requirement("log_steps", "must be empty for 'counts'", self.log_steps)
        if (self.stream == "counts") != (self.cell == "lstm"):
            must = f"must be {'an' if self.stream == 'counts' else 'no'} LSTM"
            raise requirement("cell", f"{must} for {self.stream!r}", self.cell)
        return self

    def program(self) -> Hashable:
        """Return the fields that are no numbers of a run."""
        return (
            type(self),
            *(self.stream, self.length, self.num_symbols, self.num_rows),
            *(self.cell, self.units, self.optimizer, self.batch_size),
            *(getattr(self, name) is not None for name in CLIPS),
        )

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the scores of the held-out rows."""
        if self.stream == "echo":
            return ("test_accuracy",)
        return ("test_explained", "continued_explained")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the logged numbers of updates and the last."""
        return tuple(sorted({*self.log_steps, self.num_steps}))

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates."""
        return self.num_steps

    def count_rows_seen(self, task: Task | None, num_updates: int) -> int:
        """Return the rows of so many batches."""
        return num_updates * min(self.batch_size, self.num_rows)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train one network per seed; see `ExperimentConfig.run`."""
        from ablations.experiments.engines.recurrent import train_recurrent

        return train_recurrent(self, seeds)
