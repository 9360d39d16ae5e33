"""Describe and draw the streams and the starts of recurrent networks.

A stream has one row per sequence; row by row and step by step, an input `[D]`.
The recurrent kernel of a network without gates starts at a chosen spectral radius, the
largest modulus of its eigenvalues.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task
from models.config import (
    ConfigError,
    Finite,
    Fraction,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    requirement,
)
from models.randomness import name_index, unit_uniform

Rows = tuple[np.ndarray, np.ndarray]
Cell = Literal["linear", "tanh", "lstm"]
Start = Literal["orthogonal", "gaussian"]

CONTINUED = 10
"""How many times longer the streams are that a trained network is left alone with."""

NUM_CONTINUED = 64
"""Number of those streams per seed."""

CHUNK_SIZE = 5
"""Runs that train as one stack. All stacks have this size, so that a structure is
compiled once, and few seeds that tune leave no place empty."""


class RecurrentSettings(ExperimentConfig):
    """Describe a recurrent network, its stream and its training.

    `echo` shows one of `num_symbols` symbols per step and asks at the end which one was
    shown `delay` steps before. `counts` shows +1 or -1 per step, sometimes with a mark,
    and asks at every step for the sum since the last mark, over a constant that gives
    it a variance of about 1.

    Every seed has rows of its own, and as many others held out, which take no part in
    any choice on that seed. Of `echo` their `test_accuracy` is recorded. Of `counts` it
    is `test_explained`, the share of the variance of the targets that the outputs
    explain, 1 - (mean squared error) / variance, and `continued_explained`, the same on
    streams `CONTINUED` times as long; both at the end only.

    Args:
        stream: What is read and asked for.
        length: Steps of a sequence.
        delay: Steps between the symbol asked for and the end, for `echo`.
        num_symbols: Number of symbols of `echo`.
        mark_rate: Chance of a mark at a step, for `counts`; at 0 the only mark is at
            the first step.
        num_rows: Training rows, and held-out rows.
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
        learning_rate: Its rate.
        batch_size: Rows per update.
        num_steps: Number of updates.
        log_steps: Numbers of updates after which the held-out rows are scored, for
            `echo`.

    References:
        Hochreiter and Schmidhuber, "Long short-term memory", 1997.
        Gers, Schmidhuber and Cummins, "Learning to forget", 2000.
        Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
        networks", 2013.
    """

    chunk_size: ClassVar[int] = CHUNK_SIZE
    seconds_per_run: ClassVar[float] = 0.1

    stream: Literal["echo", "counts"] = "echo"
    length: PositiveInt = 20
    delay: NonNegativeInt = 5
    num_symbols: PositiveInt = 4
    mark_rate: Fraction = 0.0
    num_rows: PositiveInt = 1024
    cell: Cell = "tanh"
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
        clips = ("clip_value", "clip_norm", "clip_global_norm")
        used = [name for name in clips if getattr(self, name) is not None]
        if len(used) > 1:
            raise ConfigError(f"At most one of {clips} must be given. Received: {used}")
        if self.stream == "counts" and self.log_steps:
            raise requirement("log_steps", "must be empty for 'counts'", self.log_steps)
        if (self.stream == "counts") != (self.cell == "lstm"):
            must = f"must be {'an' if self.stream == 'counts' else 'no'} LSTM"
            raise requirement("cell", f"{must} for {self.stream!r}", self.cell)
        if self.stream == "echo" and self.delay >= self.length:
            must = f"must be below the length {self.length}"
            raise requirement("delay", must, self.delay)
        return self

    def program(self) -> Hashable:
        """Return the fields that are no numbers of a run."""
        clips = (self.clip_value, self.clip_norm, self.clip_global_norm)
        return (
            type(self),
            *(self.stream, self.length, self.num_symbols, self.num_rows),
            *(self.cell, self.units, self.optimizer, self.batch_size),
            *(bound is not None for bound in clips),
        )

    @property
    def num_inputs(self) -> int:
        """Inputs per step."""
        return self.num_symbols if self.stream == "echo" else 2

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


def normal_numbers(seeds: np.ndarray, stream: str, name: str, size: int) -> np.ndarray:
    """Draw standard normal numbers `[S, size]`, by Box and Muller."""
    unit = unit_uniform(seeds, stream, name_index(name), 2 * size)
    first, second = unit[:, :size], unit[:, size:]
    return np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)


def recurrent_kernels(
    seeds: np.ndarray, units: int, start: Start, radius: float
) -> np.ndarray:
    """Draw recurrent kernels and scale them to a spectral radius.

    Args:
        seeds: `[S]`, non-negative integers.
        units: Number of units.
        start: `orthogonal` draws uniformly among orthogonal matrices, all of whose
            eigenvalues have modulus 1; `gaussian` draws independent normal entries.
        radius: Largest modulus of an eigenvalue after scaling.

    Returns:
        float64 `[S, units, units]`.
    """
    kernels = normal_numbers(seeds, "initial", "recurrent kernel", units**2)
    kernels = kernels.reshape(-1, units, units)
    if start == "orthogonal":
        q, r = np.linalg.qr(kernels)
        # The signs make the distribution uniform over orthogonal matrices.
        return radius * q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]
    largest = np.abs(np.linalg.eigvals(kernels)).max(axis=1)
    return radius * kernels / largest[:, None, None]


def draw_symbols(
    seeds: np.ndarray, num_rows: int, length: int, num_symbols: int
) -> np.ndarray:
    """Draw equally likely symbols `[S, num_rows, length]`, counted from 0."""
    size = num_rows * length
    unit = unit_uniform(seeds, "data", name_index("symbols"), size)
    return (unit * num_symbols).astype(np.int64).reshape(-1, num_rows, length)


def draw_echo(config: RecurrentSettings, seeds: np.ndarray) -> Rows:
    """Draw the rows of `echo`, training rows first and then those held out.

    Returns:
        Inputs `[S, 2 N, length * symbols]` and targets `[S, 2 N, symbols]`, float32.
    """
    num_rows = 2 * config.num_rows
    symbols = draw_symbols(seeds, num_rows, config.length, config.num_symbols)
    one_hot = np.eye(config.num_symbols, dtype=np.float32)
    x = one_hot[symbols].reshape(len(seeds), num_rows, -1)
    return x, one_hot[symbols[:, :, -1 - config.delay]]


def draw_counts(
    config: RecurrentSettings, seeds: np.ndarray, *, continued: bool = False
) -> Rows:
    """Draw the rows of `counts`, training rows first and then those held out.

    Args:
        config: The stream.
        seeds: `[S]`, non-negative integers.
        continued: Draw the `NUM_CONTINUED` long streams instead.

    Returns:
        Inputs `[S, rows, 2 length]`, value and mark step by step, and targets
        `[S, rows, length]`, float32.
    """
    num_rows, length = 2 * config.num_rows, config.length
    if continued:
        num_rows, length = NUM_CONTINUED, CONTINUED * config.length
    prefix = "continued " if continued else ""
    shape = (len(seeds), num_rows, length)
    drawn = [
        unit_uniform(seeds, "data", name_index(prefix + name), num_rows * length)
        for name in ("values", "marks")
    ]
    values = np.where(drawn[0].reshape(shape) < 0.5, -1.0, 1.0)
    marks = drawn[1].reshape(shape) < config.mark_rate
    marks[:, :, 0] = True
    x = np.stack([values, marks], axis=-1).reshape(len(seeds), num_rows, -1)
    # A sum of k signs has variance k, and k goes from 1 to about the distance of marks.
    distance = min(config.length, 1.0 / max(config.mark_rate, 1e-9))
    sums = sums_since_marks(values, marks) / np.sqrt((1.0 + distance) / 2.0)
    return x.astype(np.float32), sums.astype(np.float32)


def sums_since_marks(values: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Add up values since the last mark, the value at the mark included.

    Args:
        values: Numbers along the last axis `[..., T]`.
        marks: Where sums start anew, of the same shape; true at the first step.
    """
    totals = np.cumsum(values, axis=-1)
    steps = np.arange(values.shape[-1])
    last = np.maximum.accumulate(np.where(marks, steps, 0), axis=-1)
    before = np.take_along_axis(totals - values, last, axis=-1)
    return totals - before


def tanh_slopes(
    kernel: np.ndarray, input_kernel: np.ndarray, symbols: np.ndarray
) -> np.ndarray:
    """Run tanh units from state 0 and return their slopes `[S, T, units]`."""
    state = np.zeros((len(kernel), 1, kernel.shape[1]))
    slopes = []
    for step in range(symbols.shape[1]):
        shown = np.take_along_axis(input_kernel, symbols[:, step, None, None], axis=1)
        state = np.tanh(state @ kernel + shown)
        slopes.append(1.0 - state[:, 0] ** 2)
    return np.stack(slopes, axis=1)


def state_gradients(
    kernel: np.ndarray, slopes: np.ndarray, direction: np.ndarray
) -> np.ndarray:
    """Send gradients back through time and return log10 of their lengths.

    Args:
        kernel: Recurrent kernels W `[S, units, units]`.
        slopes: phi'(z_t) for t = 1 .. T `[S, T, units]`.
        direction: Gradients at the last step `[S, units]`.

    Returns:
        For k = 0 .. T, log10 of the length of the gradient k steps before the end
        `[S, T + 1]`.
    """
    back = np.swapaxes(kernel, 1, 2)
    gradient = direction[:, None, :]
    total = np.zeros(len(kernel))
    lengths = []
    for k in range(slopes.shape[1] + 1):
        if k:
            gradient = (gradient * slopes[:, -k, None, :]) @ back
        # The length is kept apart, so that long products stay in range.
        length = np.linalg.norm(gradient, axis=(1, 2))
        total = total + np.log10(length)
        gradient = gradient / length[:, None, None]
        lengths.append(total)
    return np.stack(lengths, axis=1)
