"""Make rows of what a caller wants to store, refusing what does not fit."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ablations.store.codec import STATUSES, text_checksum
from ablations.store.export import RUN_COLUMNS, SPEC_PREFIX
from models.config import one_of, requirement

MAX_INTEGER = 2**63 - 1


def integers(field: str, values: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return one axis [S] of 64-bit integers.

    Raises:
        ConfigError: If `values` are something else.
    """
    array = np.asarray(values)
    if array.ndim == 1 and array.size == 0:
        return np.empty(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu" or array.max() > MAX_INTEGER:
        raise requirement(field, "must be a sequence of integers below 2**63", values)
    return array.astype(np.int64)


def run_columns(
    seeds: Sequence[int] | np.ndarray,
    status: Sequence[str] | np.ndarray,
    diverged_at: Sequence[int] | np.ndarray,
) -> tuple[list[int], list[str], list[int]]:
    """Return the three columns as lists of equal length.

    Raises:
        ConfigError: If a seed is negative or repeated, a status is unknown, or the
            lengths differ.
    """
    numbers = integers("seeds", seeds)
    steps = integers("diverged_at", diverged_at)
    if isinstance(status, str):
        raise requirement("status", "must have one entry per seed", status)
    statuses = [one_of("status", str(name), STATUSES) for name in status]
    if numbers.min(initial=0) < 0 or len(np.unique(numbers)) < len(numbers):
        raise requirement("seeds", "must be non-negative and different", seeds)
    for field, num_entries in (("status", len(statuses)), ("diverged_at", len(steps))):
        if num_entries != len(numbers):
            raise requirement(
                field, f"must have one entry per seed, {len(numbers)}", num_entries
            )
    return numbers.tolist(), statuses, steps.tolist()


def result_arrays(
    arrays: Mapping[str, np.ndarray], num_runs: int
) -> dict[str, np.ndarray]:
    """Return the arrays [S, ...] as numpy arrays.

    Raises:
        ConfigError: If one has another first axis or a name that cannot be a column.
    """
    rows = {}
    for name, values in arrays.items():
        if not isinstance(name, str) or not name:
            raise requirement("arrays", "must have texts as names", name)
        if name in RUN_COLUMNS or name.startswith(SPEC_PREFIX):
            raise requirement("arrays", "must not use names of other columns", name)
        rows[name] = np.asarray(values)
        if rows[name].shape[:1] != (num_runs,):
            raise requirement(
                f"arrays[{name!r}]",
                f"must have one row per seed, {num_runs}",
                rows[name].shape,
            )
    return rows


def verdict_row(verdict: Mapping[str, Any]) -> tuple[str, str, str, bytes]:
    """Return claim id, claim digest, JSON and checksum of a verdict record.

    Raises:
        ConfigError: If `id` or `digest` is missing or the record is no JSON.
    """
    claim, digest = verdict.get("id"), verdict.get("digest")
    if not (isinstance(claim, str) and isinstance(digest, str)):
        raise requirement("verdict", "must have the texts `id` and `digest`", verdict)
    try:
        (claim + digest).encode()
        text = json.dumps(verdict)
    except (TypeError, ValueError) as error:
        must = f"must be plain JSON ({error})"
        raise requirement(f"verdict[{claim!a}]", must, verdict) from error
    return claim, digest, text, text_checksum(claim, digest, text)
