"""Start several writers of one store at the same moment, and kill one of them."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
from forks import Starter

from ablations.store.store import Store

WHAT = (
    "Four processes want to write one new store at once, and one that writes is killed:"
    " one at a time does, the others are told who, and every batch that was"
    " acknowledged is there once."
)
FULL, SMALL = 300, 2
NUM_WRITERS = 4
WRITER = """
import sys, time
from pathlib import Path
import numpy as np
from ablations.store.store import Store
from models.config import ConfigError

number = int(sys.argv[2])
while not Path(sys.argv[3]).exists():
    time.sleep(0.0005)
try:
    with Store.open(sys.argv[1]) as store:
        digest = store.put_spec({})
        for batch in range(20):
            seeds = number * 1000 + batch * 5 + np.arange(5)
            scores = {"score": np.ones((5, 50))}
            store.insert(digest, seeds, ["ok"] * 5, [-1] * 5, scores, {})
            print(batch, flush=True)
except ConfigError as error:
    print(error, flush=True)
"""
MOST_SECONDS = 0.3


def prepare(folder: Path) -> Starter:
    """Return who starts writers."""
    return Starter(trains=False)


def attempt(starter: Starter, rng: np.random.Generator, folder: Path) -> str:
    """Let writers begin at once; return what was lost or wrong."""
    path, go = folder / "runs.sqlite", folder / "go"
    writers = []
    for number in range(NUM_WRITERS):
        place = folder / str(number)
        place.mkdir()
        words = ("-c", WRITER, str(path), str(number), str(go))
        writers.append(starter.start(place, words))
    go.touch()
    killed = writers[rng.integers(NUM_WRITERS)]
    killed.has_ended(float(rng.uniform(0.0, MOST_SECONDS)))
    killed.send(signal.SIGKILL)
    wanted: set[int] = set()
    for number, writer in enumerate(writers):
        ended = writer.wait()
        if ended.errors:
            return f"a writer says {ended.errors[-300:]!r}"
        for line in ended.said.splitlines():
            if line.isdecimal():
                first = number * 1000 + int(line) * 5
                wanted |= set(range(first, first + 5))
            elif "is being written by process" not in line:
                return f"a writer says {line!r}"
    if not path.exists():
        return "nobody wrote" if wanted else ""
    with Store.open(path) as store:
        if problems := store.check():
            return f"{problems}"
        found = [s for d in store.spec_digests() for s in store.seeds_present(d)]
    if len(set(found)) < len(found) or not wanted <= set(found):
        return f"{len(wanted - set(found))} acknowledged runs are lost"
    return ""
