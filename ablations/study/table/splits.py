"""Give every run of a study the prepared rows of its split."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ablations.protocol.arm import TUNING_SEEDS_START
from ablations.tasks import Task
from ablations.tasks.data import Data

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset
    from ablations.study.table.folds import Fold
    from ablations.study.table.preprocessing import Prepared

SEEDS_PER_SPLIT = 100
"""Seeds that belong to one split."""

SPLITS_VERSION = 1
"""Number in the digest; it grows when the same rows are prepared otherwise."""


def seeds_of(split: int, num_seeds: int, *, tuning: bool = False) -> np.ndarray:
    """Return the seeds `[S]` of a split, counted over all repeats."""
    first = split * SEEDS_PER_SPLIT + (TUNING_SEEDS_START if tuning else 0)
    return np.arange(first, first + num_seeds)


def split_of(seeds: np.ndarray) -> np.ndarray:
    """Return the split `[S]` that each seed belongs to."""
    return np.asarray(seeds) % TUNING_SEEDS_START // SEEDS_PER_SPLIT


class Splits(Task):
    """Prepare the rows of splits when a run needs them, each once.

    Args:
        dataset: The data.
        folds: The splits; all have equal numbers of rows.
    """

    per_seed = True

    def __init__(self, dataset: Dataset, folds: Sequence[Fold]) -> None:
        """Take the data; nothing is prepared yet."""
        self.dataset, self.folds = dataset, tuple(folds)
        self._prepared: dict[int, Prepared] = {}
        self._preparing = threading.Lock()

    def prepared(self, split: int) -> Prepared:
        """Return the rows of a split."""
        from ablations.study.table.preprocessing import prepare

        with self._preparing:
            if split not in self._prepared:
                self._prepared[split] = prepare(self.dataset, self.folds[split])
            return self._prepared[split]

    def rows(self, seeds: Sequence[int] | np.ndarray) -> Data:
        """Return the rows of these runs `[R, N, D]`, each those of its split."""
        parts = [self.prepared(int(split)) for split in split_of(np.asarray(seeds))]
        return Data(
            x=np.stack([part.x_train for part in parts]),
            y=np.stack([part.y_train for part in parts]),
            x_val=np.stack([part.x_val for part in parts]),
            y_val=np.stack([part.y_val for part in parts]),
            x_test=np.stack([part.x_test for part in parts]),
            y_test=np.stack([part.y_test for part in parts]),
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the data and of which rows are in which part."""
        digest = hashlib.sha256(f"{SPLITS_VERSION}:{self.dataset.digest}".encode())
        for fold in self.folds:
            for part in (fold.train, fold.val, fold.test):
                digest.update(np.ascontiguousarray(part, "<i8").tobytes())
                digest.update(b"|")
        return digest.hexdigest()

    @property
    def test_to_train(self) -> float:
        """Test rows per training row, which the corrected test needs."""
        fold = self.folds[0]
        return len(fold.test) / len(fold.train)
