"""Draw streams of symbols or signs that are read step by step.

A stream has one row per sequence; row by row and step by step, an input `[D]`.
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from models.config import (
    Fraction,
    FrozenConfig,
    NonNegativeInt,
    PositiveInt,
    requirement,
)
from models.randomness import name_index, unit_uniform

Rows = tuple[np.ndarray, np.ndarray]

CONTINUED = 10
"""How many times longer the streams are that a trained network is left alone with."""

NUM_CONTINUED = 64
"""Number of those streams per seed."""


class StreamSettings(FrozenConfig):
    """Describe a stream.

    `echo` shows one of `num_symbols` symbols per step and asks at the end which one was
    shown `delay` steps before. `counts` shows +1 or -1 per step, sometimes with a mark,
    and asks at every step for the sum since the last mark, over a constant that gives
    it a variance of about 1.

    Args:
        stream: What is read and asked for.
        length: Steps of a sequence.
        delay: Steps between the symbol asked for and the end, for `echo`.
        num_symbols: Number of symbols of `echo`.
        mark_rate: Chance of a mark at a step, for `counts`; at 0 the only mark is at
            the first step.
        num_rows: Training rows, and held-out rows.
    """

    stream: Literal["echo", "counts"] = "echo"
    length: PositiveInt = 20
    delay: NonNegativeInt = 5
    num_symbols: PositiveInt = 4
    mark_rate: Fraction = 0.0
    num_rows: PositiveInt = 1024

    @model_validator(mode="after")
    def _ends_after_the_symbol(self) -> Self:
        if self.stream == "echo" and self.delay >= self.length:
            must = f"must be below the length {self.length}"
            raise requirement("delay", must, self.delay)
        return self

    @property
    def num_inputs(self) -> int:
        """Inputs per step."""
        return self.num_symbols if self.stream == "echo" else 2


def draw_symbols(
    seeds: np.ndarray, num_rows: int, length: int, num_symbols: int
) -> np.ndarray:
    """Draw equally likely symbols `[S, num_rows, length]`, counted from 0."""
    size = num_rows * length
    unit = unit_uniform(seeds, "data", name_index("symbols"), size)
    return (unit * num_symbols).astype(np.int64).reshape(-1, num_rows, length)


def draw_echo(stream: StreamSettings, seeds: np.ndarray) -> Rows:
    """Draw the rows of `echo`, training rows first and then those held out.

    Returns:
        Inputs `[S, 2 N, length * symbols]` and targets `[S, 2 N, symbols]`, float32.
    """
    num_rows = 2 * stream.num_rows
    symbols = draw_symbols(seeds, num_rows, stream.length, stream.num_symbols)
    one_hot = np.eye(stream.num_symbols, dtype=np.float32)
    x = one_hot[symbols].reshape(len(seeds), num_rows, -1)
    return x, one_hot[symbols[:, :, -1 - stream.delay]]


def draw_counts(
    stream: StreamSettings, seeds: np.ndarray, *, continued: bool = False
) -> Rows:
    """Draw the rows of `counts`, training rows first and then those held out.

    Args:
        stream: The stream.
        seeds: `[S]`, non-negative integers.
        continued: Draw the `NUM_CONTINUED` long streams instead.

    Returns:
        Inputs `[S, rows, 2 length]`, value and mark step by step, and targets
        `[S, rows, length]`, float32.
    """
    num_rows, length = 2 * stream.num_rows, stream.length
    if continued:
        num_rows, length = NUM_CONTINUED, CONTINUED * stream.length
    prefix = "continued " if continued else ""
    shape = (len(seeds), num_rows, length)
    drawn = [
        unit_uniform(seeds, "data", name_index(prefix + name), num_rows * length)
        for name in ("values", "marks")
    ]
    values = np.where(drawn[0].reshape(shape) < 0.5, -1.0, 1.0)
    marks = drawn[1].reshape(shape) < stream.mark_rate
    marks[:, :, 0] = True
    x = np.stack([values, marks], axis=-1).reshape(len(seeds), num_rows, -1)
    # A sum of k signs has variance k, and k goes from 1 to about the distance of marks.
    distance = min(stream.length, 1.0 / max(stream.mark_rate, 1e-9))
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
