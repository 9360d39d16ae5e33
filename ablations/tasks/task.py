"""The rows of a task: the same for all runs, or drawn anew for every seed."""

from __future__ import annotations

import hashlib
import json
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ablations.tasks.config import TaskConfig
from ablations.tasks.data import Data

TASKS_VERSION = 1
"""Number in the digest of every drawn task; it grows when a task is made otherwise."""

PROBE_SEEDS = (0, 1)
"""Seeds whose rows enter the digest of a drawn task."""

PROBE_DECIMALS = 4
"""Decimals that enter it: processors may differ in the last bits of a sine."""

CACHE_BYTES = 256 * 2**20
"""Memory for the rows of seeds that were drawn last."""


class Task(ABC):
    """Give the rows of runs; their number and layout need no seed."""

    per_seed: bool
    """Whether every seed has rows of its own."""

    @abstractmethod
    def rows(self, seeds: Sequence[int] | np.ndarray) -> Data:
        """Return the rows of these runs, shared `[N, D]` or one set each `[R, N, D]`.

        The rows of a seed depend on nothing but the seed.
        """

    @property
    @abstractmethod
    def digest(self) -> str:
        """SHA-256 that changes when the rows of any seed do."""

    def rows_of_run(self, seed: int) -> Data:
        """Return the rows of one run `[N, D]`."""
        data = self.rows([seed])
        parts = data.arrays()
        return Data(**{k: a[0] for k, a in parts.items()}) if data.per_run else data

    @cached_property
    def _example(self) -> Data:
        """The rows of one run `[N, D]`."""
        return self.rows_of_run(PROBE_SEEDS[0])

    @property
    def num_rows(self) -> int:
        """Number of training rows of one run."""
        return self._example.num_rows

    @property
    def num_inputs(self) -> int:
        """Number of columns of the inputs."""
        return self._example.x.shape[-1]

    @property
    def num_outputs(self) -> int:
        """Number of columns of the targets."""
        return self._example.y.shape[-1]

    @cached_property
    def num_bytes(self) -> int:
        """Memory that the rows of one run take, all parts together."""
        return sum(array.nbytes for array in self._example.arrays().values())

    @cached_property
    def most_rows(self) -> int:
        """Number of rows of the largest part of one run."""
        return max(len(array) for array in self._example.arrays().values())


@dataclass(frozen=True)
class FixedTask(Task):
    """Rows that all runs share.

    Attributes:
        x: Inputs `[N, D]`, float32.
        y: Targets `[N, K]`, float32.
        x_val: Validation inputs `[V, D]`, or None.
        y_val: Validation targets `[V, K]`, or None.
        x_test: Test inputs `[E, D]`, or None.
        y_test: Test targets `[E, K]`, or None.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray | None = None
    y_val: np.ndarray | None = None
    x_test: np.ndarray | None = None
    y_test: np.ndarray | None = None

    per_seed = False

    def rows(self, seeds: Sequence[int] | np.ndarray) -> Data:
        """Return the rows, whatever the seeds are."""
        return Data(
            x=self.x,
            y=self.y,
            x_val=self.x_val,
            y_val=self.y_val,
            x_test=self.x_test,
            y_test=self.y_test,
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every array, its shape included."""
        digest = hashlib.sha256()
        parts = [self.x, self.y, self.x_val, self.y_val]
        if self.x_test is not None or self.y_test is not None:
            parts += [self.x_test, self.y_test]
        for array in parts:
            rows = np.zeros(0, "<f4") if array is None else array
            digest.update(repr(rows.shape).encode())
            digest.update(np.ascontiguousarray(rows, "<f4").tobytes())
        return digest.hexdigest()


class SeededTask(Task):
    """Draw the rows of every seed, or split real rows by it."""

    per_seed = True

    def __init__(
        self, config: TaskConfig, draw: Callable[[TaskConfig, int], Data]
    ) -> None:
        """Take the settings and the function that draws the rows `[N, D]` of a seed."""
        self.config = config
        self._draw = draw

    def rows(self, seeds: Sequence[int] | np.ndarray) -> Data:
        """Return one set of rows per seed `[R, N, D]`, float32."""
        drawn = [self._of(int(seed)).arrays() for seed in seeds]
        return Data(
            **{name: np.stack([one[name] for one in drawn]) for name in drawn[0]}
        )

    def _of(self, seed: int) -> Data:
        """Return the rows of one seed, kept from the last time if there is room."""
        key = (self.config, seed)
        found = CACHE.get(key)
        if found is None:
            found = self._draw(self.config, seed)
            CACHE.put(key, found)
        return found

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the version, the settings and the rows of two seeds."""
        settings = json.dumps(self.config.model_dump(mode="json"), sort_keys=True)
        digest = hashlib.sha256(f"{TASKS_VERSION}:{settings}".encode())
        for seed in PROBE_SEEDS:
            for name, array in sorted(self._of(seed).arrays().items()):
                digest.update(f"{name}{array.shape}".encode())
                # Adding 0 turns -0 into 0.
                rounded = np.round(array.astype("<f8"), PROBE_DECIMALS) + 0.0
                digest.update(rounded.tobytes())
        return digest.hexdigest()


class DrawCache:
    """Keep the rows that were used last, up to a number of bytes; safe in threads."""

    def __init__(self, most_bytes: int) -> None:
        """Start empty."""
        self._most_bytes = most_bytes
        self._num_bytes = 0
        self._kept: OrderedDict[tuple[TaskConfig, int], Data] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[TaskConfig, int]) -> Data | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple[TaskConfig, int], data: Data) -> None:
        """Keep rows; those that were used longest ago make room."""
        for array in data.arrays().values():
            array.setflags(write=False)
        with self._lock:
            if key in self._kept:  # another thread drew the same
                return
            self._kept[key] = data
            self._num_bytes += _num_bytes(data)
            while self._num_bytes > self._most_bytes:
                _, gone = self._kept.popitem(last=False)
                self._num_bytes -= _num_bytes(gone)

    @property
    def num_bytes(self) -> int:
        """Memory that is in use."""
        return self._num_bytes


def _num_bytes(data: Data) -> int:
    return sum(array.nbytes for array in data.arrays().values())


CACHE = DrawCache(CACHE_BYTES)
"""The rows of seeds that were drawn last, of all tasks."""
