"""Make further columns from the columns of a table, as people did by hand.

Appended are the square of every column, products of pairs, ratios of pairs whose lower
column is positive, and log(1 + column) of columns that are never negative.
Squares and products are of scaled columns, ratios and logarithms of raw ones; in the
end everything is scaled anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

MOST_COLUMNS_IN_PAIRS = 10
"""Pairs are made of the first ten columns at most, 45 of them."""


@dataclass(frozen=True)
class Pairs:
    """The columns that are multiplied and divided, one pair per index.

    Attributes:
        left: Place of the first column of each pair.
        right: Place of the second.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]

    @classmethod
    def of_first(cls, num_columns: int) -> Pairs:
        """Pair the first columns, ten at most, each with each."""
        first = range(min(num_columns, MOST_COLUMNS_IN_PAIRS))
        left, right = zip(*combinations(first, 2), strict=True)
        return cls(left, right)

    @classmethod
    def of_neighbors(cls, height: int, width: int) -> Pairs:
        """Pair the pixels of an image with those to the right and below."""
        place = np.arange(height * width).reshape(height, width)
        left = (*place[:, :-1].ravel().tolist(), *place[:-1].ravel().tolist())
        right = (*place[:, 1:].ravel().tolist(), *place[1:].ravel().tolist())
        return cls(left, right)


@dataclass(frozen=True)
class Columns:
    """What may be made of the columns; the same for all seeds.

    Attributes:
        is_positive: Which are positive in every row there is `[D]`.
        is_non_negative: Which are never negative `[D]`.
        pairs: What is multiplied and divided.
    """

    is_positive: np.ndarray
    is_non_negative: np.ndarray
    pairs: Pairs

    @classmethod
    def of(cls, raw: np.ndarray, pairs: Pairs) -> Columns:
        """Look at all rows `[N, D]` that there are."""
        smallest = raw.min(axis=0)
        return cls(smallest > 0, smallest >= 0, pairs)


Parts = Mapping[str, np.ndarray]
"""Inputs `[N, D]` by part, `train` among them."""


def centered(parts: Parts) -> dict[str, np.ndarray]:
    """Subtract the means of the training rows."""
    middle = parts["train"].mean(axis=0)
    return {part: x - middle for part, x in parts.items()}


def standardized(parts: Parts) -> dict[str, np.ndarray]:
    """Shift and scale columns by the training rows.

    A column that is the same in all training rows becomes 0 there and is only shifted.
    """
    middle, scale = parts["train"].mean(axis=0), parts["train"].std(axis=0)
    # Sums of many equal numbers leave a rounding error.
    constant = scale <= 1e-12 * np.maximum(np.abs(middle), 1.0)
    scale = np.where(constant, 1.0, scale)
    return {part: (x - middle) / scale for part, x in parts.items()}


def engineered(
    parts: Parts, columns: Columns, scale: Callable[[Parts], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Return raw columns with those made from them, all scaled.

    Args:
        parts: Raw inputs by part.
        columns: What may be made of them.
        scale: Scales columns by the training rows.
    """
    plain = scale(parts)
    left, right = np.array(columns.pairs.left), np.array(columns.pairs.right)
    divisible = columns.is_positive[right]
    wide = {
        part: np.concatenate(
            [
                plain[part],
                plain[part] ** 2,
                plain[part][:, left] * plain[part][:, right],
                raw[:, left[divisible]] / raw[:, right[divisible]],
                np.log1p(raw[:, columns.is_non_negative]),
            ],
            axis=1,
        )
        for part, raw in parts.items()
    }
    return scale(wide)
