"""Cut the log of a store whose writer has died, then read on and write on."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ablations.store.store import Store

WHAT = (
    "The log of a store is cut at any byte: it opens, holds the batches that were"
    " written first and no part of another, and takes new runs."
)
FULL, SMALL = 3_000, 20
NUM_BATCHES, BATCH = 8, 5


class Left(NamedTuple):
    """What a writer that died has left.

    Attributes:
        file: The store.
        log: Its log, in which all batches are.
        digest: The specification of all runs.
    """

    file: bytes
    log: bytes
    digest: str


def insert(store: Store, digest: str, first: int) -> None:
    """Add a batch of runs."""
    scores = np.arange(first, first + BATCH)[:, None] * np.ones(60)
    seeds = range(first, first + BATCH)
    never = [-1] * BATCH
    store.insert(digest, seeds, ["ok"] * BATCH, never, {"score": scores}, {})


def prepare(folder: Path) -> Left:
    """Return a store whose writer has not closed it."""
    path = folder / "good.sqlite"
    with Store.open(path) as store:
        digest = store.put_spec({})
    with Store.open(path) as store:
        for number in range(NUM_BATCHES):
            insert(store, digest, number * BATCH)
        log = path.with_name(f"{path.name}-wal")
        return Left(path.read_bytes(), log.read_bytes(), digest)


def attempt(left: Left, rng: np.random.Generator, folder: Path) -> str:
    """Cut the log once; return what was lost or wrong."""
    path = folder / "runs.sqlite"
    path.write_bytes(left.file)
    cut = int(rng.integers(len(left.log) + 1))
    path.with_name(f"{path.name}-wal").write_bytes(left.log[:cut])
    with Store.open(path) as store:
        runs = store.load(left.digest)
        num_runs = len(runs)
        if num_runs % BATCH or runs.seeds.tolist() != list(range(num_runs)):
            return f"cut at {cut}: seeds {runs.seeds.tolist()}"
        insert(store, left.digest, 1000)
    with Store.open(path, "read") as store:
        if len(store.load(left.digest)) != num_runs + BATCH or store.check():
            return f"cut at {cut}: it takes no new runs"
    return ""
