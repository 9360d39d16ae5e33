"""Split rows into training, validation and test parts, again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ablations.study.table.dataset import Dataset
from ablations.study.table.note import Note, quote
from ablations.study.table.repeats import number_rows
from models.config import requirement

NUM_PARTS = 5
"""One part in so many of the rows that are not tested on is the validation part."""

LARGE_SHARE = 0.05
"""If more of the rows are left out, it is worth a warning."""


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows of one split of one repeat; no row is in two parts.

    Attributes:
        repeat: Which cross-validation it belongs to, from 0.
        split: Which of its splits it is, from 0.
        train: Rows to train on, ascending.
        val: Rows that choose rates and stop training, ascending.
        test: Rows to judge by, ascending.
    """

    repeat: int
    split: int
    train: np.ndarray
    val: np.ndarray
    test: np.ndarray


def make_folds(
    dataset: Dataset, num_splits: int, num_repeats: int, seed: int
) -> tuple[Fold, ...]:
    """Return `num_repeats` cross-validations of `num_splits` folds each.

    Every fold has the same number of rows in each part, so that all train in one
    stack; surplus rows are left out (`describe_folds` says how many). Classes have
    nearly their share in each part. Rows with the same inputs stay together, unless so
    few different rows are possible (one fills half a test part, a class has fewer than
    two for each split) that repeats are no leak.

    Args:
        dataset: The rows.
        num_splits: At least 2.
        num_repeats: At least 1.
        seed: Chooses all splits.

    Raises:
        ConfigError: If there are too few rows, in all or of a class.
    """
    if num_splits < 2:
        raise requirement("num_splits", "must be at least 2", num_splits)
    if num_repeats < 1:
        raise requirement("num_repeats", "must be at least 1", num_repeats)
    if seed < 0:
        raise requirement("seed", "must not be negative", seed)
    _check_rows(dataset, num_splits)
    strata = _strata(dataset)
    groups = number_rows(dataset.frame)
    drafts = []
    if _can_stay_together(strata, groups, num_splits):
        drafts = _draft(strata, groups, num_splits, num_repeats, seed)
    if not drafts or not _are_usable(drafts, strata):
        drafts = _draft(strata, np.arange(len(dataset)), num_splits, num_repeats, seed)
    num_train = min(len(fold.train) for fold, _ in drafts)
    num_val = min(len(fold.val) for fold, _ in drafts)
    num_test = min(len(fold.test) for fold, _ in drafts)
    return tuple(
        Fold(
            fold.repeat,
            fold.split,
            _trim(fold.train, strata, num_train, rng),
            _trim(fold.val, strata, num_val, rng),
            _trim(fold.test, strata, num_test, rng),
        )
        for fold, rng in drafts
    )


def describe_folds(dataset: Dataset, folds: tuple[Fold, ...]) -> tuple[Note, ...]:
    """Return what a reader must know about the splits of a data set."""
    notes = []
    groups = number_rows(dataset.frame)
    if len(np.unique(groups)) < len(groups):
        if any(_shares_rows(fold, groups) for fold in folds):
            text = (
                "So many rows have the same inputs that they cannot be kept together: "
                "test rows may equal rows that were trained on, so scores may be too "
                "good."
            )
            notes.append(Note("repeats_apart", "warning", text))
        else:
            text = "Rows with the same inputs are in the same part of every split."
            notes.append(Note("repeats_together", "info", text))
    fold = folds[0]
    left = len(dataset) - len(fold.train) - len(fold.val) - len(fold.test)
    if left:
        what = f"{left} rows are" if left > 1 else "1 row is"
        text = (
            f"{what} left out of each split, another each time, so that every split "
            f"has {len(fold.train)} rows to train on, {len(fold.val)} to validate and "
            f"{len(fold.test)} to test."
        )
        severity: Literal["info", "warning"] = "info"
        if left > LARGE_SHARE * len(dataset):
            severity = "warning"
        notes.append(Note("surplus_rows", severity, text))
    return tuple(notes)


def _shares_rows(fold: Fold, groups: np.ndarray) -> bool:
    """Return whether a row that is held out has a double in another part."""
    used = [np.unique(groups[part]) for part in (fold.train, fold.val, fold.test)]
    together = np.concatenate(used)
    return len(np.unique(together)) < len(together)


def _can_stay_together(strata: np.ndarray, groups: np.ndarray, num_splits: int) -> bool:
    if np.bincount(groups).max() > len(groups) / (2 * num_splits):
        return False
    return all(
        len(np.unique(groups[strata == stratum])) >= 2 * num_splits
        for stratum in np.unique(strata)
    )


def _draft(
    strata: np.ndarray,
    groups: np.ndarray,
    num_splits: int,
    num_repeats: int,
    seed: int,
) -> list[tuple[Fold, np.random.Generator]]:
    """Return folds of nearly equal size, each with what will choose surplus rows."""
    drafts = []
    for repeat in range(num_repeats):
        rng = np.random.default_rng([seed, repeat])
        blocks = _deal(strata, groups, num_splits, rng)
        for split in range(num_splits):
            test = np.flatnonzero(blocks == split)
            rest = np.flatnonzero(blocks != split)
            parts = _deal(strata[rest], groups[rest], NUM_PARTS, rng)
            fold = Fold(repeat, split, rest[parts != 0], rest[parts == 0], test)
            drafts.append((fold, rng))
    return drafts


def _are_usable(
    drafts: list[tuple[Fold, np.random.Generator]], strata: np.ndarray
) -> bool:
    """Return whether no part is empty and every class is trained on."""
    num_strata = len(np.unique(strata))
    return all(
        len(fold.val)
        and len(fold.test)
        and len(np.unique(strata[fold.train])) == num_strata
        for fold, _ in drafts
    )


def _strata(dataset: Dataset) -> np.ndarray:
    if dataset.classes:
        return dataset.target
    return np.zeros(len(dataset), np.int64)


def _check_rows(dataset: Dataset, num_splits: int) -> None:
    least = 2 * num_splits
    if not dataset.classes and len(dataset) < least:
        must = f"must be at most half the number of rows, {len(dataset)}"
        raise requirement("folds", must, num_splits)
    if dataset.classes:
        counts = np.bincount(dataset.target, minlength=len(dataset.classes))
        rarest = int(counts.argmin())
        if counts[rarest] < least:
            must = (
                f"must be at most half the number of rows of every class; class "
                f"{quote(dataset.classes[rarest])} has {counts[rarest]}"
            )
            raise requirement("folds", must, num_splits)


def _deal(
    strata: np.ndarray, groups: np.ndarray, num_blocks: int, rng: np.random.Generator
) -> np.ndarray:
    """Return a block for every row [N]; a group goes to one block as a whole.

    Each group goes to the block with the fewest rows of its stratum (that of its
    first row), then the fewest rows; the largest groups go first.
    """
    order = rng.permutation(len(groups))
    _, first, ids = np.unique(groups[order], return_index=True, return_inverse=True)
    sizes = np.bincount(ids)
    group_strata = strata[order][first]
    # By size, then by stratum, then as drawn.
    turns = np.lexsort((first, group_strata, -sizes))
    per_stratum = [[0] * num_blocks for _ in range(int(strata.max(initial=0)) + 1)]
    totals = [0] * num_blocks
    ties = rng.permutation(num_blocks).tolist()
    chosen = np.empty(len(sizes), np.int64)
    for turn in turns:
        counts = per_stratum[group_strata[turn]]
        block = min(ties, key=lambda b: (counts[b], totals[b]))
        chosen[turn] = block
        counts[block] += int(sizes[turn])
        totals[block] += int(sizes[turn])
    blocks = np.empty(len(groups), np.int64)
    blocks[order] = chosen[ids]
    return blocks


def _trim(
    rows: np.ndarray, strata: np.ndarray, size: int, rng: np.random.Generator
) -> np.ndarray:
    """Return `size` of the rows, without some of the largest strata."""
    rows = rng.permutation(rows)
    while len(rows) > size:
        largest = np.bincount(strata[rows]).argmax()
        rows = np.delete(rows, np.flatnonzero(strata[rows] == largest)[0])
    return np.sort(rows)
