"""Split rows into training, validation and test parts, again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ablations.study.table.chain import WINDOW, chain_rows
from ablations.study.table.dataset import Dataset
from ablations.study.table.deals import deal, deal_mixed, trim
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
    nearly their share in each part. Rows of one group stay together. Without groups,
    rows with the same inputs do, unless so few different rows are possible (one fills
    half a test part, a class has fewer than two for each split) that repeats are no
    leak. Where rows have times, later ones test (see `chain`).

    Args:
        dataset: The rows.
        num_splits: At least 2.
        num_repeats: At least 1; 1 where rows have times.
        seed: Chooses all splits.

    Raises:
        ConfigError: If there are too few rows, in all or of a class, too few groups or
            times, or a part would hold one class only.
    """
    if num_splits < 2:
        raise requirement("num_splits", "must be at least 2", num_splits)
    if num_repeats < 1:
        raise requirement("num_repeats", "must be at least 1", num_repeats)
    if seed < 0:
        raise requirement("seed", "must not be negative", seed)
    _check_rows(dataset, num_splits)
    strata = _strata(dataset)
    if dataset.roles.times is not None:
        if num_repeats > 1:
            must = "must be 1 with `time`, as there is one order of time"
            raise requirement("repeats", must, num_repeats)
        rng = np.random.default_rng([seed, 0])
        parts = chain_rows(dataset.roles.times, num_splits, rng)
        folds = [Fold(0, split, *rows) for split, rows in enumerate(parts)]
    else:
        drafts = _drafts(dataset, strata, num_splits, num_repeats, seed)
        folds = _of_one_size(drafts, strata)
    if dataset.roles.name:
        _check_classes(dataset, folds)
    return tuple(folds)


def describe_folds(dataset: Dataset, folds: tuple[Fold, ...]) -> tuple[Note, ...]:
    """Return what a reader must know about the splits of a data set."""
    notes = []
    fold, roles = folds[0], dataset.roles
    if roles.times is not None:
        notes.append(_describe_times(dataset, folds))
    if roles.groups is not None:
        text = (
            f"Rows are split by {quote(roles.group_name)}: all rows of one of its"
            f" {len(np.unique(roles.groups)):,} values are in one part of every"
            " split, so that scores are those for new ones. It is no input."
        )
        notes.append(Note("groups", "info", text))
    notes += _describe_repeats(dataset, folds)
    left = len(dataset) - len(fold.train) - len(fold.val) - len(fold.test)
    # A window of time leaves most rows out on purpose.
    if left and roles.times is None:
        what = f"{left} rows are" if left > 1 else "1 row is"
        text = (
            f"{what} left out of each split, so that every split "
            f"has {len(fold.train)} rows to train on, {len(fold.val)} to validate and "
            f"{len(fold.test)} to test."
        )
        severity: Literal["info", "warning"] = "info"
        if left > LARGE_SHARE * len(dataset):
            severity = "warning"
        notes.append(Note("surplus_rows", severity, text))
    return tuple(notes)


def _describe_times(dataset: Dataset, folds: tuple[Fold, ...]) -> Note:
    """Say which rows are trained on, validated by and tested on."""
    name, fold = quote(dataset.roles.time_name), folds[0]
    is_input = dataset.roles.time_name in dataset.kinds
    use = "is an input, too" if is_input else "is no input"
    text = (
        f"Rows are split by {name}: each of {len(folds)} splits tests on"
        f" {len(fold.test):,} rows of a stretch of time after the first"
        f" {100 * WINDOW:.0f} % of the rows, trains on {len(fold.train):,} rows before"
        f" it, and validates on {len(fold.val):,} rows between. {name} {use}."
    )
    return Note("times", "info", text)


def _describe_repeats(dataset: Dataset, folds: tuple[Fold, ...]) -> list[Note]:
    """Say where rows with the same inputs are."""
    rows = number_rows(dataset.frame)
    if len(np.unique(rows)) == len(rows):
        return []
    if not any(_shares_rows(fold, rows) for fold in folds):
        text = "Rows with the same inputs are in the same part of every split."
        return [Note("repeats_together", "info", text)]
    why = "So many rows have the same inputs that they cannot be kept together:"
    if dataset.roles.name:
        why = f"Rows that differ in {quote(dataset.roles.name)} have the same inputs:"
    text = (
        f"{why} test rows may equal rows that were trained on, so scores may be too"
        " good."
    )
    return [Note("repeats_apart", "warning", text)]


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


Drafts = list[tuple[Fold, np.random.Generator]]


def _drafts(
    dataset: Dataset,
    strata: np.ndarray,
    num_splits: int,
    num_repeats: int,
    seed: int,
) -> Drafts:
    """Return folds of nearly equal size, each with what will choose surplus rows."""
    asked = num_splits, num_repeats, seed
    if dataset.roles.groups is not None:
        num_groups = len(np.unique(dataset.roles.groups))
        if num_groups < max(num_splits, 3):
            name = quote(dataset.roles.group_name)
            must = f"must be at most the number of groups in {name}, {num_groups}"
            if num_groups < 3:
                must = f"need three groups at least; {name} has {num_groups}"
            raise requirement("folds", must, num_splits)
        return _draft(strata, dataset.roles.groups, deal_mixed, *asked)
    rows = number_rows(dataset.frame)
    if _can_stay_together(strata, rows, num_splits):
        drafts = _draft(strata, rows, deal, *asked)
        if _are_usable(drafts, strata):
            return drafts
    return _draft(strata, np.arange(len(dataset)), deal, *asked)


def _draft(
    strata: np.ndarray,
    groups: np.ndarray,
    dealt: Callable[..., np.ndarray],
    num_splits: int,
    num_repeats: int,
    seed: int,
) -> Drafts:
    drafts = []
    for repeat in range(num_repeats):
        rng = np.random.default_rng([seed, repeat])
        blocks = dealt(strata, groups, num_splits, rng)
        for split in range(num_splits):
            test = np.flatnonzero(blocks == split)
            rest = np.flatnonzero(blocks != split)
            num_parts = min(NUM_PARTS, len(np.unique(groups[rest])))
            parts = dealt(strata[rest], groups[rest], num_parts, rng)
            fold = Fold(repeat, split, rest[parts != 0], rest[parts == 0], test)
            drafts.append((fold, rng))
    return drafts


def _of_one_size(drafts: Drafts, strata: np.ndarray) -> list[Fold]:
    """Return the folds without surplus rows."""
    num_train = min(len(fold.train) for fold, _ in drafts)
    num_val = min(len(fold.val) for fold, _ in drafts)
    num_test = min(len(fold.test) for fold, _ in drafts)
    return [
        Fold(
            fold.repeat,
            fold.split,
            trim(fold.train, strata, num_train, rng),
            trim(fold.val, strata, num_val, rng),
            trim(fold.test, strata, num_test, rng),
        )
        for fold, rng in drafts
    ]


def _are_usable(drafts: Drafts, strata: np.ndarray) -> bool:
    """Return whether no part is empty and every class is trained on."""
    num_strata = len(np.unique(strata))
    return all(
        len(fold.val)
        and len(fold.test)
        and len(np.unique(strata[fold.train])) == num_strata
        for fold, _ in drafts
    )


def _check_classes(dataset: Dataset, folds: list[Fold]) -> None:
    """Check that every class is trained on, and that no part has one class only."""
    option = "time" if dataset.roles.times is not None else "group"
    names = dataset.classes
    for fold in folds if names else ():
        present = np.bincount(dataset.target[fold.train], minlength=len(names)) > 0
        where = f"split {fold.split + 1}"
        if not present.all():
            lacking = names[int(np.flatnonzero(~present)[0])]
            must = (
                "must leave rows of every class to train on, but there are none of"
                f" {quote(lacking)} in {where}; take fewer `folds` or leave that class"
                " out"
            )
            raise requirement(option, must, dataset.roles.name)
        for rows, use in ((fold.val, "validate"), (fold.test, "test")):
            if len(np.unique(dataset.target[rows])) == 1:
                only = names[int(dataset.target[rows[0]])]
                must = (
                    f"must leave two classes to {use} in every split, but all rows are"
                    f" {quote(only)} in {where}; take fewer `folds`"
                )
                raise requirement(option, must, dataset.roles.name)


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
