"""Decide when a stack records and in which order its runs see their rows.

A run draws an order of rows per epoch from its own seed, so neither its company nor the
pieces in which orders are handed to the program change what it sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.training.config import TrainingConfig
from models.config import ConfigError, requirement
from models.randomness import stream_key

MAX_ORDER_BYTES = 128 * 2**20
"""Largest array of row orders held at once; longer trainings run in segments."""

SPARE_ORDER_BYTES = 8 * 2**20
"""Array of row orders that is made even where it stays mostly empty."""

SHORTEST = 32
"""Shortest length to which what grows with the updates is padded."""

FEWEST_ORDERS = 64
"""Shortest length of an array of row orders, where memory is no matter."""


@dataclass(frozen=True)
class Segment:
    """The row orders `[1 or R, E, N]` from one epoch on, up to a recorded row.

    Attributes:
        num_rows: Rows of the curves that are written when the segment is done.
        orders: Indices of rows, or None where every update sees all rows.
    """

    num_rows: int
    orders: np.ndarray | None


class Timetable:
    """The updates after which a stack records, and its orders in segments.

    Args:
        training: The training of the stack.
        num_rows: Training rows N of one run.
        seeds: One seed per run `[R]`.
        total: Number of updates of the longest run.
        log_steps: Numbers of updates after which the metrics are wanted.
        orders: Row orders `[1 or R, epochs, N]` in place of those drawn.

    Raises:
        ConfigError: If `orders` do not fit, or could not have an effect.
    """

    def __init__(
        self,
        training: TrainingConfig,
        num_rows: int,
        seeds: np.ndarray,
        total: int,
        log_steps: Iterable[int],
        orders: np.ndarray | None = None,
    ) -> None:
        """Lay out the steps; see the class."""
        self._training, self._num_rows, self._seeds = training, num_rows, seeds
        self._per_epoch = training.steps_per_epoch(num_rows)
        self._num_epochs = max(1, -(-total // self._per_epoch))
        self._given = None if orders is None else self._checked(orders)
        self._reshuffled = (
            not takes_all_rows(training, num_rows)
            and orders is None
            and training.shuffle == "reshuffled"
        )
        epoch_bytes = 4 * num_rows * len(seeds)
        self._chunk = max(1, MAX_ORDER_BYTES // epoch_bytes)
        asked = {min(int(k), total) for k in log_steps} | {total}
        if training.early_stopping:
            asked |= set(range(self._per_epoch, total + 1, self._per_epoch))
        ends = range(self._chunk, self._num_epochs, self._chunk)
        turns = {end * self._per_epoch for end in ends} if self._reshuffled else set()
        self.steps = np.array(sorted(asked | turns), np.int32)
        self.is_asked = np.isin(self.steps, sorted(asked))

    def _checked(self, orders: np.ndarray) -> np.ndarray:
        if takes_all_rows(self._training, self._num_rows):
            must = "must be None where every update takes all rows"
            raise requirement("orders", must, np.shape(orders))
        num_runs = len(self._seeds)
        fits = (
            np.ndim(orders) == 3
            and len(orders) in (1, num_runs)
            and orders.shape[1] in (1, *range(self._num_epochs, orders.shape[1] + 1))
            and orders.shape[2] == self._num_rows
        )
        if not fits:
            raise requirement(
                "orders",
                f"must be shaped [1 or {num_runs} runs, 1 or at least"
                f" {self._num_epochs} epochs, {self._num_rows} rows]",
                np.shape(orders),
            )
        orders = np.asarray(orders, np.int32)
        if orders.min() < 0 or orders.max() >= self._num_rows:
            raise ConfigError(f"`orders` must hold rows 0 to {self._num_rows - 1}.")
        return orders

    def segments(self) -> Iterator[Segment]:
        """Yield the segments of the training, the last one to the end."""
        everything = len(self.steps)
        if takes_all_rows(self._training, self._num_rows):
            yield Segment(everything, None)
        elif self._given is not None:
            size = next_power_of_two(self._given.shape[1])
            yield Segment(everything, _padded(self._given, size))
        elif self._training.shuffle == "none":
            rows = np.arange(self._num_rows, dtype=np.int32)
            yield Segment(everything, rows[None, None])
        else:
            num_epochs = self._num_epochs if self._reshuffled else 1
            size = self._padded_epochs(num_epochs)
            streams = _OrderStreams(self._seeds)
            for first in range(0, num_epochs, self._chunk):
                count = min(self._chunk, num_epochs - first)
                drawn = streams.draw(count, self._num_rows)
                ended = self.steps <= (first + count) * self._per_epoch
                is_last = first + count >= num_epochs
                done = everything if is_last else int(np.sum(ended))
                yield Segment(done, _padded(drawn, size))

    def _padded_epochs(self, num_epochs: int) -> int:
        """Return the number of orders in an array, most of which may be empty."""
        if num_epochs == 1 and not self._reshuffled:
            return 1
        spare = SPARE_ORDER_BYTES // (4 * self._num_rows * len(self._seeds))
        shortest = min(FEWEST_ORDERS, next_power_of_two(max(spare // 2, 1)))
        return min(padded_length(num_epochs, shortest), self._chunk)


def takes_all_rows(training: TrainingConfig, num_rows: int) -> bool:
    """Return whether every update takes all rows, so that their order is as stored."""
    return training.batch_size is None or training.batch_size >= num_rows


def next_power_of_two(size: int) -> int:
    """Return the smallest power of two that is at least `size`."""
    return 1 << max(size - 1, 0).bit_length()


def padded_length(size: int, shortest: int = SHORTEST) -> int:
    """Return the length to which an array that grows with the updates is padded.

    These are powers of two, from the shortest on, so that trainings of different
    lengths share a compiled program.
    """
    return max(next_power_of_two(size), shortest)


def _padded(orders: np.ndarray, num_epochs: int) -> np.ndarray:
    """Append epochs that are never read."""
    missing = num_epochs - orders.shape[1]
    return np.pad(orders, ((0, 0), (0, missing), (0, 0))) if missing > 0 else orders


class _OrderStreams:
    """Draw the row orders of every run, epoch by epoch, from a stream of its own.

    Making a generator takes longer than ordering a few rows, so one generator takes
    the states of all runs in turn.
    """

    def __init__(self, seeds: np.ndarray) -> None:
        halves = [stream_key(seeds, "order", i) for i in range(3)]
        words = [(h.astype(np.uint64) << np.uint64(32)) | low for h, low in halves]
        counter = np.ones(len(seeds), np.uint64)
        self._bits = np.random.SFC64(0)
        self._states = [_sfc64_state(s) for s in np.stack([*words, counter], axis=1)]

    def draw(self, num_epochs: int, num_rows: int) -> np.ndarray:
        """Return the next orders of all runs `[R, num_epochs, N]`."""
        rows = np.arange(num_rows, dtype=np.int32)
        orders = np.tile(rows, (len(self._states), num_epochs, 1))
        generator = np.random.Generator(self._bits)
        for run, state in enumerate(self._states):
            self._bits.state = state
            generator.permuted(orders[run], axis=1, out=orders[run])
            self._states[run] = self._bits.state
        return orders


def _sfc64_state(words: np.ndarray) -> Any:
    """Return the state of a generator that starts from three words and a counter."""
    return {
        "bit_generator": "SFC64",
        "state": {"state": words},
        "has_uint32": 0,
        "uinteger": 0,
    }
