"""Deal rows to blocks of nearly equal size, with nearly equal shares of the classes."""

from __future__ import annotations

import numpy as np


def deal(
    strata: np.ndarray, groups: np.ndarray, num_blocks: int, rng: np.random.Generator
) -> np.ndarray:
    """Return a block for every row [N]; a group of equal rows goes to one block.

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


def deal_mixed(
    strata: np.ndarray, groups: np.ndarray, num_blocks: int, rng: np.random.Generator
) -> np.ndarray:
    """Return a block for every row [N]; groups may hold rows of several strata.

    The largest groups go first, each to the block where the shares of its strata stay
    most even: the sum over strata and blocks of squared shares grows least.
    """
    _, ids = np.unique(groups, return_inverse=True)
    num_groups, num_strata = int(ids.max()) + 1, int(strata.max(initial=0)) + 1
    counts = np.zeros((num_groups, num_strata))  # [G, K]
    np.add.at(counts, (ids, strata), 1.0)
    weights = counts / np.maximum(counts.sum(axis=0), 1.0) ** 2
    drawn = rng.permutation(num_groups)
    turns = drawn[np.argsort(-counts[drawn].sum(axis=1), kind="stable")]
    ties = rng.permutation(num_blocks)
    held = np.zeros((num_blocks, num_strata))  # [B, K]
    chosen = np.empty(num_groups, np.int64)
    for group in turns:
        block = np.lexsort((ties, held.sum(axis=1), held @ weights[group]))[0]
        chosen[group] = block
        held[block] += counts[group]
    return chosen[ids]


def trim(
    rows: np.ndarray, strata: np.ndarray, size: int, rng: np.random.Generator
) -> np.ndarray:
    """Return `size` of the rows, ascending, without some of the largest strata."""
    rows = rng.permutation(rows)
    counts = np.bincount(strata[rows])
    left = np.zeros_like(counts)
    for _ in range(len(rows) - size):
        largest = (counts - left).argmax()
        left[largest] += 1
    kept = np.ones(len(rows), bool)
    for stratum in np.flatnonzero(left):
        kept[np.flatnonzero(strata[rows] == stratum)[: left[stratum]]] = False
    return np.sort(rows[kept])
