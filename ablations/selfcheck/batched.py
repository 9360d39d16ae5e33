"""Decide many sign-flip intervals at once, with the very signs that judging draws.

Whether an interval lies beside a bound is a count: of all flips, how many leave a sum
on the wrong side of it.
A matrix product gives the sums of many samples at once, and a sample is done with as
soon as its count is too large, which for most is soon.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from ablations.judging.contrast import SIGNS_SEED
from ablations.stats.signflip import TIE, Flips

BLOCK = 1024
"""Flips that are tried before the samples that are decided are put aside."""

SAMPLES = 512
"""Samples at a time, so that their sums stay in the cache."""


@lru_cache(maxsize=1)
def _threads() -> ThreadpoolController:
    """Return what holds the threads of matrix products, which are too small for two."""
    return ThreadpoolController()


@lru_cache(maxsize=16)
def _flips(n: int, draw: int) -> tuple[np.ndarray, int, int, int]:
    """Return the sets to flip `[n, C]`, how many are empty, full, and all in all."""
    rng = np.random.default_rng(SIGNS_SEED)
    for _ in range(draw + 1):
        flips = Flips(n, rng)
    columns = np.array([flips.sums(row) for row in np.eye(n)])
    sizes = columns.sum(axis=0)
    proper = (sizes > 0) & (sizes < n)
    empty, full = int((sizes == 0).sum()), int((sizes == n).sum())
    return np.ascontiguousarray(columns[:, proper]), empty, full, flips.total


def mean_words(
    differences: np.ndarray,
    bound: float,
    *,
    upwards: bool,
    confidence: float = 0.95,
    draw: int = 0,
    zero_holds: bool = False,
) -> np.ndarray:
    """Return where the interval of each mean lies `[B]`, as `Contrast.word` says.

    Args:
        differences: Samples of paired differences `[B, n]`.
        bound: The number to be told from.
        upwards: Whether larger differences favor the prediction.
        confidence: Coverage of the interval.
        draw: How many samples had their signs drawn from the same generator before.
        zero_holds: Whether an end at a bound of zero is beyond it, as for `side`.
    """
    values = np.sort(differences, axis=1)
    mirrored = -values[:, ::-1]
    mirror = _sorts_before(values, mirrored)
    ordered = np.where(mirror[:, None], mirrored, values)
    sign = np.where(mirror, -1.0, 1.0)
    shifted = ordered - sign[:, None] * bound
    ties = TIE * np.abs(values).max(axis=1)
    open_ends = bound != 0.0 or zero_holds
    return _words(shifted, sign, ties, upwards, confidence, draw, open_ends)


def ratio_words(
    numerators: np.ndarray,
    denominators: np.ndarray,
    bound: float,
    *,
    upwards: bool,
    confidence: float = 0.95,
) -> np.ndarray:
    """Return where the interval of each ratio of means lies, as `side` says `[B]`.

    Args:
        numerators: Positive samples `[B, n]`.
        denominators: Positive samples `[B, n]`, paired with them.
        bound: The ratio to be told from.
        upwards: Whether larger ratios favor the prediction.
        confidence: Coverage of the interval.
    """
    first, second = (
        _sorted_pairs(numerators, denominators),
        _sorted_pairs(denominators, numerators),
    )
    swapped = _sorts_before(
        first.reshape(len(first), -1), second.reshape(len(second), -1)
    )
    # Flips of a swapped pair are those of its inverse: lower ends become upper ones.
    tops = np.where(swapped[:, None], second[:, 1], first[:, 0])
    bottoms = np.where(swapped[:, None], second[:, 0], first[:, 1])
    contrasts = tops - bound * bottoms
    sign = np.where(swapped, -1.0, 1.0)
    ties = TIE * np.abs(contrasts).max(axis=1)
    return _words(contrasts * sign[:, None], sign, ties, upwards, confidence, 0, True)


def _sorted_pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Sort every sample's pairs by the first, then the second number `[B, 2, n]`."""
    order = np.argsort(second, axis=1, kind="stable")
    first, second = (np.take_along_axis(x, order, axis=1) for x in (first, second))
    order = np.argsort(first, axis=1, kind="stable")
    return np.stack([np.take_along_axis(x, order, 1) for x in (first, second)], 1)


def _sorts_before(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return which rows of `first` come before those of `second` `[B]`."""
    different = first != second
    place = different.argmax(axis=1)[:, None]
    before = np.take_along_axis(first, place, 1) < np.take_along_axis(second, place, 1)
    return different.any(axis=1) & before[:, 0]


def _words(
    shifted: np.ndarray,
    sign: np.ndarray,
    ties: np.ndarray,
    upwards: bool,
    confidence: float,
    draw: int,
    open_ends: bool,
) -> np.ndarray:
    """Decide samples whose bound is zero.

    Args:
        shifted: Samples in the order in which they are flipped, mirrored or not.
        sign: -1 for the mirrored ones.
        ties: Distance below which a sum is zero.
        upwards: Whether larger differences favor the prediction.
        confidence: Coverage of the interval.
        draw: How many samples had their signs drawn before.
        open_ends: Whether an end at zero holds.
    """
    sums = shifted.sum(axis=1) * sign
    words = np.full(len(shifted), "undecided", "<U9")
    above, below = ("holds", "fails") if upwards else ("fails", "holds")
    for side, word in ((1.0, above), (-1.0, below)):
        rows = np.flatnonzero((side * sums >= -ties) & (words == "undecided"))
        # The bound itself holds, so failing needs strictly more.
        outside = _outside(
            shifted[rows] * (side * sign[rows])[:, None],
            side * sign[rows] < 0,
            ties[rows],
            strict=word == "holds" and open_ends,
            confidence=confidence,
            draw=draw,
        )
        words[rows[outside]] = word
    return words


def _outside(
    values: np.ndarray,
    negated: np.ndarray,
    ties: np.ndarray,
    *,
    strict: bool,
    confidence: float,
    draw: int,
) -> np.ndarray:
    """Return whether zero lies below the interval of each sample `[B]`.

    Args:
        values: Samples `[B, n]` whose sums are not negative.
        negated: Which samples have the opposite sign of those that are flipped.
        ties: Distance below which a sum is zero.
        strict: Whether an end at zero counts as outside.
        confidence: Coverage of the interval.
        draw: How many samples had their signs drawn before.
    """
    n = values.shape[1]
    columns, num_empty, num_full, total = _flips(n, draw)
    rank = math.floor((1 - confidence) * total + 1e-9)
    result = np.zeros(len(values), bool)
    if rank == 0:
        return result
    sums = values.sum(axis=1)
    low, high = (-ties, sums + ties) if strict else (ties, sums - ties)
    if strict:  # by more than a tie
        low, high = np.nextafter(low, -np.inf), np.nextafter(high, np.inf)
    # The empty set, seen from this side, is always beyond; the full one if the sum is.
    counts = np.where(negated, num_full, num_empty)
    others = np.where(negated, num_empty, num_full)
    counts = counts + others * (sums <= low)
    with _threads().limit(limits=1, user_api="blas"):
        for start in range(0, len(values), SAMPLES):
            rows = np.arange(start, min(start + SAMPLES, len(values)))
            for place in range(0, columns.shape[1], BLOCK):
                flipped = values[rows] @ columns[:, place : place + BLOCK]
                beyond = (flipped <= low[rows, None]) | (flipped >= high[rows, None])
                counts[rows] += beyond.sum(axis=1)
                rows = rows[counts[rows] < rank]
                if not len(rows):
                    break
            result[rows] = True
    return result
