"""Damage a store, then read it, and salvage what is whole."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ablations.store.salvage import salvage
from ablations.store.store import Store
from models.config import ConfigError

WHAT = (
    "A bit of a store is flipped, a page zeroed, or two pages swapped:"
    " what is read is refused or right, a table leaves nothing out,"
    " and `salvage` brings back all but the runs, and those of the specifications, that"
    " the page or bit held."
)
FULL, SMALL = 10_000, 30

PAGE = 4096
NUM_SPECS, NUM_RUNS = 6, 50
MOST_ON_A_PAGE = 20
"""Runs that a page of 4 KiB may hold."""

SPEC = b'{"width":'
"""How the text of a specification begins."""

Runs = dict[tuple[str, int], bytes]


class Good(NamedTuple):
    """A store before the harm.

    Attributes:
        content: The file.
        runs: Bytes of the result of every run.
    """

    content: bytes
    runs: Runs


def prepare(folder: Path) -> Good:
    """Return a store of a few specifications."""
    path = folder / "good.sqlite"
    rng = np.random.default_rng(0)
    with Store.open(path) as store:
        for width in range(NUM_SPECS):
            digest = store.put_spec({"width": width})
            store.insert(
                digest,
                np.arange(NUM_RUNS),
                ["ok"] * NUM_RUNS,
                [-1] * NUM_RUNS,
                {"score": rng.random((NUM_RUNS, 40))},
                {"machine": width},
            )
    return Good(path.read_bytes(), read(path))


def read(path: Path) -> Runs:
    """Return what a reader gets of a store."""
    found = {}
    with Store.open(path, "read") as store:
        for digest in store.spec_digests():
            runs = store.load(digest)
            scores = runs.arrays.get("score", np.empty((len(runs), 0)))
            for seed, score in zip(runs.seeds, scores, strict=True):
                found[digest, int(seed)] = score.tobytes()
    return found


def attempt(good: Good, rng: np.random.Generator, folder: Path) -> str:
    """Damage the store once; return what was lost or wrong."""
    path = folder / "bad.sqlite"
    how, bad, first = damaged(good.content, rng)
    path.write_bytes(bad)
    wrong = reading(path, good, folder)
    try:
        found = salvage(path, folder / "new.sqlite")
        salvaged = read(folder / "new.sqlite")
    except ConfigError as error:
        return wrong or f"{how}: nothing is salvaged: {error}"
    if not salvaged.items() <= good.runs.items():
        return f"{how}: a run was salvaged that is another"
    lost = len(good.runs) - len(salvaged)
    most = {"bit": NUM_RUNS, "page": MOST_ON_A_PAGE, "swap": 0}[how]
    if how == "page" and SPEC in good.content[first : first + PAGE]:
        most = len(good.runs)  # All specifications are on one page.
    if lost > most:
        return wrong or f"{how}: {lost} runs were not salvaged"
    if len(salvaged) != found.num_runs:
        return f"{how}: {found.num_runs} runs salvaged, {len(salvaged)} read"
    return wrong


def damaged(content: bytes, rng: np.random.Generator) -> tuple[str, bytes, int]:
    """Damage a file.

    Returns:
        How it was damaged, the file, and where its damaged page begins.
    """
    bad = bytearray(content)
    how = ("bit", "page", "swap")[rng.choice(3, p=[0.8, 0.1, 0.1])]
    first, second = (int(page) for page in rng.integers(len(bad) // PAGE, size=2))
    first, second = first * PAGE, second * PAGE
    if how == "bit":
        bad[rng.integers(len(bad))] ^= 1 << rng.integers(8)
    elif how == "page":
        bad[first : first + PAGE] = bytes(PAGE)
    else:
        bad[first : first + PAGE] = content[second : second + PAGE]
        bad[second : second + PAGE] = content[first : first + PAGE]
    return how, bytes(bad), first


def reading(path: Path, good: Good, folder: Path) -> str:
    """Return what is wrong with what is read and exported of a damaged store."""
    try:
        found = read(path)
    except ConfigError:
        found = {}
    if not found.items() <= good.runs.items():
        return "another result was read"
    try:
        with Store.open(path, "read") as store:
            num_rows = store.export(folder / "runs.csv")
    except ConfigError:
        return ""
    if num_rows != len(good.runs):
        return f"a table has {num_rows} runs of {len(good.runs)}"
    return ""
