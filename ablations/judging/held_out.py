"""Find the rows that a score is read on, and training rows among them."""

from __future__ import annotations

import numpy as np

from ablations.tasks import Task
from ablations.tasks.data import Data

LEAK_SEED = 0
"""Whose rows are looked at for leaks, where every seed has its own."""


def part_of(quantity: str) -> str:
    """Return the part of the rows that a metric reads: `train`, `val` or `test`."""
    prefix = quantity.partition("_")[0]
    return prefix if prefix in ("val", "test") else "train"


def leaked_share(task: Task, part: str = "val") -> float:
    """Return the share of held-out rows that are also training rows.

    Of rows that are drawn for every seed, those of one seed are looked at.
    """
    data = task.rows_of_run(LEAK_SEED)
    truth = targets_of(data, part)
    held_out = data.x_val if part == "val" else data.x_test
    if truth is None or held_out is None:
        return 0.0
    rows, known = (
        [row.tobytes() for row in np.concatenate([x, y], axis=1, dtype=np.float32)]
        for x, y in ((held_out, truth), (data.x, data.y))
    )
    seen = set(known)
    return sum(row in seen for row in rows) / len(rows)


def targets_of(data: Data, part: str) -> np.ndarray | None:
    """Return the targets of a part `[N, K]`, None where there is no such part."""
    return {"train": data.y, "val": data.y_val, "test": data.y_test}[part]
