"""Give every run of a study the prepared rows of its split."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.protocol.arm import TUNING_SEEDS_START
from ablations.study.table.preprocessing import (
    PLAIN,
    Preparation,
    Prepared,
    prepare,
)
from ablations.study.table.target_scale import curve_of
from ablations.tasks import Task
from ablations.tasks.data import Data

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset
    from ablations.study.table.folds import Fold

SEEDS_PER_SPLIT = 100
"""Seeds that belong to one split."""

SPLITS_VERSION = 1
"""Number in the digest; it grows when the same rows are prepared otherwise."""


def seeds_of(
    split: int, num_seeds: int, *, tuning: bool = False, study: int = 0
) -> np.ndarray:
    """Return the seeds `[S]` of a split, counted over all repeats.

    No two studies with different seeds of their own have any in common: what trainings
    add by chance would be the same in both.
    """
    first = split * SEEDS_PER_SPLIT + (TUNING_SEEDS_START if tuning else 0)
    return np.arange(first, first + num_seeds) + study * 2 * TUNING_SEEDS_START


def split_of(seeds: np.ndarray) -> np.ndarray:
    """Return the split `[S]` that each seed belongs to."""
    return np.asarray(seeds) % TUNING_SEEDS_START // SEEDS_PER_SPLIT


class Splits(Task):
    """Prepare the rows of splits when a run needs them, each once.

    Args:
        dataset: The data.
        folds: The splits; all have equal numbers of rows.
        weighted: Whether runs get weights even where all are 1, so that those with
            class weights and those without train in one stack.
        seed: Chooses the seeds of all trainings.
    """

    per_seed = True
    preparation = PLAIN

    def __init__(
        self,
        dataset: Dataset,
        folds: Sequence[Fold],
        *,
        weighted: bool = False,
        seed: int = 0,
    ) -> None:
        """Take the data; nothing is prepared yet."""
        self.seed = seed
        self.dataset, self.folds = dataset, tuple(folds)
        self.weighted = weighted or dataset.weights is not None
        self._variants: dict[Preparation, Splits] = {PLAIN: self}
        self._prepared: dict[tuple[int, Preparation], Prepared] = {}
        self._preparing = threading.RLock()

    def __reduce__(self) -> tuple[Callable[..., Splits], tuple[object, ...]]:
        """Send what another process makes the same splits of."""
        plain = self.variant(PLAIN)
        made_of = self.dataset, self.folds, self.weighted
        return _received, (plain.digest, self.preparation, *made_of)

    def variant(self, preparation: Preparation) -> Splits:
        """Return the same splits prepared otherwise, which share what is equal.

        Raises:
            ConfigError: If the target cannot be transformed so.
        """
        with self._preparing:
            if preparation not in self._variants:
                curve_of(self.dataset, preparation.target_transform)
                other = Splits(
                    self.dataset, self.folds, weighted=self.weighted, seed=self.seed
                )
                other.preparation = preparation
                other._variants, other._prepared = self._variants, self._prepared
                other._preparing = self._preparing
                self._variants[preparation] = other
            return self._variants[preparation]

    def prepared(self, split: int) -> Prepared:
        """Return the rows of a split."""
        mine = split, self.preparation
        with self._preparing:
            if mine not in self._prepared:
                scaling = self.preparation.scaling
                alike = next(
                    (
                        rows
                        for (other, how), rows in self._prepared.items()
                        if other == split and how.scaling == scaling
                    ),
                    None,
                )
                self._prepared[mine] = prepare(
                    self.dataset, self.folds[split], self.preparation, alike
                )
            return self._prepared[mine]

    def rows(self, seeds: Sequence[int] | np.ndarray) -> Data:
        """Return the rows of these runs `[R, N, D]`, each those of its split."""
        parts = [self.prepared(int(split)) for split in split_of(np.asarray(seeds))]
        names = [f"{name}_{part}" for name in "xy" for part in ("train", "val", "test")]
        if self.dataset.weights is not None:
            names.append("weight_test")
        arrays = {
            name.removesuffix("_train"): np.stack(
                [getattr(part, name) for part in parts]
            )
            for name in names
        }
        if self.weighted:
            for name, part in (("weight", "train"), ("weight_val", "val")):
                arrays[name] = np.stack([_weights(one, part) for one in parts])
        return Data(**arrays)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the data, of which rows are in which part, and of what is made."""
        digest = hashlib.sha256(f"{SPLITS_VERSION}:{self.dataset.digest}".encode())
        for fold in self.folds:
            for part in (fold.train, fold.val, fold.test):
                digest.update(np.ascontiguousarray(part, "<i8").tobytes())
                digest.update(b"|")
        if self.preparation != PLAIN:
            digest.update(repr(self.preparation).encode())
        return digest.hexdigest()

    @property
    def test_to_train(self) -> float:
        """Test rows per training row, which the corrected test needs."""
        fold = self.folds[0]
        return len(fold.test) / len(fold.train)


def _received(digest: str, preparation: Preparation, *made_of: Any) -> Splits:
    """Return splits that were sent; of equal ones, what is prepared is shared."""
    kept = _kept(digest, made_of[-1])
    if not kept:
        kept.append(Splits(*made_of[:-1], weighted=made_of[-1]))
    return kept[0].variant(preparation)


@lru_cache(maxsize=1)
def _kept(digest: str, weighted: bool) -> list[Splits]:
    """Return where this process keeps the splits that were sent to it last."""
    return []


def _weights(rows: Prepared, part: str) -> np.ndarray:
    """Return how much each row of a part counts [N], 1 where all count alike."""
    weights = getattr(rows, f"weight_{part}")
    if weights is None:
        return np.ones(len(getattr(rows, f"y_{part}")), np.float32)
    return weights
