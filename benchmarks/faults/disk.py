"""Fill the disk while runs are stored."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from ablations.store.store import Store, StoreError

WHAT = (
    "No file may grow beyond a random size, as on a full disk: an error of one line"
    " names the store, every batch that was acknowledged can be read, also while the"
    " disk is full, and storing goes on afterwards."
)
FULL, SMALL = 2_000, 10
BATCH, MOST_BATCHES = 5, 20


def prepare(folder: Path) -> None:
    """Make nothing: every attempt has a store of its own."""


@contextmanager
def full_beyond(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def insert(store: Store, digest: str, number: int) -> None:
    """Add a batch of runs that cannot be compressed."""
    seeds = np.arange(number * BATCH, (number + 1) * BATCH)
    noise = np.random.default_rng(number).random((BATCH, 300))
    store.insert(digest, seeds, ["ok"] * BATCH, [-1] * BATCH, {"noise": noise}, {})


def attempt(prepared: None, rng: np.random.Generator, folder: Path) -> str:
    """Fill the disk once; return what was lost or wrong."""
    path = folder / "runs.sqlite"
    with Store.open(path) as store:
        digest = store.put_spec({})
    size, said, kept = int(rng.integers(400_000)), "", 0
    with full_beyond(size):
        try:
            with Store.open(path) as store:
                for number in range(MOST_BATCHES):
                    insert(store, digest, number)
                    kept = number + 1
        except StoreError as error:
            said = str(error)
        if said and (repr(str(path)) not in said or "\n" in said):
            return f"{size} bytes: {said}"
        try:
            with Store.open(path, "read") as store:
                found = len(store.load(digest))
        except StoreError as error:
            return f"{size} bytes: cannot be read: {error}"
        if found < kept * BATCH:
            return f"{size} bytes: {found} runs of {kept * BATCH}"
    with Store.open(path) as store:
        insert(store, digest, MOST_BATCHES)
        problems = store.check()
        found = len(store.load(digest))
    if problems or found < (kept + 1) * BATCH or found % BATCH:
        return f"{size} bytes: {found} runs, {problems}"
    return ""
