"""Find columns that tell the target on their own, as copies of it do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.table.columns import Kind

if TYPE_CHECKING:
    import pandas as pd

ENOUGH = 0.98
"""A column that leaves at most this much of the classes to guess tells them."""

ENOUGH_VARIANCE = 0.999
"""A column that explains this share of a target's variance tells it."""

WORTH_A_TREE = 0.5
"""Below this skill of a coarse look-up, no tree is tried."""

MAX_ROWS = 2_000
NUM_SPLITS = 3
NUM_BINS = 64
ROWS_PER_BIN = 8


def find_leaks(
    frame: pd.DataFrame,
    kinds: Mapping[str, Kind],
    target: np.ndarray,
    is_class: bool,
) -> list[str]:
    """Return the names of columns from which alone the target can be told.

    The skill of a column is the share of the wrong answers (of the variance, for
    numbers) that it takes away on rows held out: by a look-up of its categories, or by
    a decision tree on its numbers. That a value is missing counts as a value.
    """
    rows = np.unique(np.linspace(0, len(frame) - 1, min(len(frame), MAX_ROWS)))
    rows = rows.astype(int)
    target = target[rows]
    enough = ENOUGH if is_class else ENOUGH_VARIANCE
    return [
        name
        for name in frame.columns
        if _skill_alone(frame[name].iloc[rows], kinds[name], target, is_class) >= enough
    ]


def _skill_alone(
    column: pd.Series, kind: Kind, target: np.ndarray, is_class: bool
) -> float:
    import pandas as pd

    if kind == "categorical":
        codes, _ = pd.factorize(column)
        return look_up(codes + 1, target, is_class)
    if kind == "date":
        values = column.astype("int64").to_numpy(np.float64)
        values[column.isna().to_numpy()] = np.nan
    else:
        values = column.to_numpy(np.float64)
    known = ~np.isnan(values)
    if not is_class and known.sum() > NUM_SPLITS:
        by_line = _line(values[known], target[known]) * known.mean()
        if by_line >= ENOUGH_VARIANCE:
            return by_line
    # Its place among the others says as much as a number, and is never too large.
    places = np.zeros(len(values), np.int64)
    places[known] = 1 + np.searchsorted(np.sort(values[known]), values[known])
    num_bins = min(NUM_BINS, len(values) // ROWS_PER_BIN)
    bins = np.where(known, 1 + places * num_bins // (len(values) + 1), 0)
    if look_up(bins, target, is_class) < WORTH_A_TREE:
        return 0.0
    return _tree(places, target, is_class)


def _line(values: np.ndarray, target: np.ndarray) -> float:
    """Return the share of a target's variance that a line explains."""
    if np.ptp(values) == 0 or np.ptp(target) == 0:
        return 0.0
    scaled = values / np.abs(values).max(), target / np.abs(target).max()
    if min(part.std() for part in scaled) == 0:
        return 0.0
    return float(np.corrcoef(*scaled)[0, 1] ** 2)


def look_up(codes: np.ndarray, target: np.ndarray, is_class: bool) -> float:
    """Return the skill of the commonest class, or mean, of the rows of a category.

    Args:
        codes: Category of every row, from 0 [N].
        target: Class codes, or numbers [N].
        is_class: Which of the two.
    """
    answers = np.empty(len(target))
    part = np.arange(len(target)) % NUM_SPLITS
    num_codes = int(codes.max()) + 1
    for held_out in range(NUM_SPLITS):
        learn, ask = part != held_out, part == held_out
        if is_class:
            counts = np.zeros((num_codes, int(target.max()) + 1))
            np.add.at(counts, (codes[learn], target[learn]), 1)
            # Where a category is new, the class that is most common at all.
            counts += 1e-6 * counts.sum(axis=0)
            answers[ask] = counts.argmax(axis=1)[codes[ask]]
        else:
            sums = np.bincount(codes[learn], target[learn], minlength=num_codes)
            sizes = np.bincount(codes[learn], minlength=num_codes)
            mean = target[learn].mean()
            means = np.where(sizes > 0, sums / np.maximum(sizes, 1), mean)
            answers[ask] = means[codes[ask]]
    return _skill(answers, target, is_class)


def _tree(values: np.ndarray, target: np.ndarray, is_class: bool) -> float:
    """Return the skill of a decision tree on one column."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    kind = DecisionTreeClassifier if is_class else DecisionTreeRegressor
    x = values[:, None].astype(np.float64)
    part = np.arange(len(target)) % NUM_SPLITS
    answers = np.empty(len(target))
    for held_out in range(NUM_SPLITS):
        learn, ask = part != held_out, part == held_out
        tree = kind(random_state=0).fit(x[learn], target[learn])
        answers[ask] = tree.predict(x[ask])
    return _skill(answers, target, is_class)


def _skill(answers: np.ndarray, target: np.ndarray, is_class: bool) -> float:
    """Return the share of wrong answers, or of variance, that was taken away."""
    if is_class:
        wrong = 1 - np.bincount(target).max() / len(target)
        return float(1 - (answers != target).mean() / wrong) if wrong else 0.0
    variance = target.var()
    return float(1 - ((answers - target) ** 2).mean() / variance) if variance else 0.0
