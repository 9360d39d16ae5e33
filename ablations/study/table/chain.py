"""Split rows by time: train on what was before, test on what came next."""

from __future__ import annotations

import numpy as np

from models.config import requirement

WINDOW = 0.5
"""Share of the rows, the oldest, before which nothing is tested."""

VALIDATION = 0.2
"""Share of the rows before a test part, the latest, that are its validation part."""

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]


def chain_rows(
    times: np.ndarray, num_splits: int, rng: np.random.Generator
) -> list[Parts]:
    """Return training, validation and test rows of every split, each ascending.

    The test parts are what came after the first half of the rows, one after the
    other. A window of fixed size lies before each: its latest fifth validates, the
    rest trains. Rows of the same time are not cut apart. Parts are made equal in size:
    of training rows the oldest are left out, of others some at random.

    Args:
        times: Rank of every row's time [N].
        num_splits: Number of test parts.
        rng: Chooses the rows that are left out.

    Raises:
        ConfigError: If there are too few different times.
    """
    order = np.argsort(times, kind="stable")
    turns = np.flatnonzero(np.diff(times[order])) + 1
    reach = len(times) * (1 - WINDOW) / num_splits
    wanted = len(times) * WINDOW + reach * np.arange(num_splits)
    begins = _nearest(turns, wanted)
    window = int(begins[0]) if len(turns) else 0
    cuts = _nearest(turns, begins - VALIDATION * window)
    ends = np.append(begins[1:], len(times))
    if not window or (begins >= ends).any() or (cuts >= begins).any():
        _refuse(times, num_splits)
    if (cuts <= begins - window).any():
        _refuse(times, num_splits)
    num_train = int((cuts - (begins - window)).min())
    num_val, num_test = int((begins - cuts).min()), int((ends - begins).min())
    return [
        (
            np.sort(order[cut - num_train : cut]),
            np.sort(rng.permutation(order[cut:begin])[:num_val]),
            np.sort(rng.permutation(order[begin:end])[:num_test]),
        )
        for cut, begin, end in zip(cuts, begins, ends, strict=True)
    ]


def _nearest(turns: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the positions at which a later time begins that are nearest to others."""
    if not len(turns):
        return np.zeros(len(wanted), np.int64)
    return turns[np.abs(turns[None, :] - wanted[:, None]).argmin(axis=1)]


def _refuse(times: np.ndarray, num_splits: int) -> None:
    must = (
        "must be few enough that each split has times of its own to train on, to"
        f" validate and to test; there are {len(np.unique(times)):,} different times in"
        f" {len(times):,} rows"
    )
    raise requirement("folds", must, num_splits)
