"""Start several writers of one store at the same moment, and kill one of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from ablations.store.store import Store

WHAT = (
    "Four processes want to write one new store at once, and one that writes is killed:"
    " one at a time does, the others are told who, and every batch that was"
    " acknowledged is there once."
)
FULL, SMALL = 300, 2
NUM_WRITERS = 4
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys, time
import numpy as np
from ablations.store.store import Store
from models.config import ConfigError

number = int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
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


def prepare(folder: Path) -> None:
    """Make nothing."""


def attempt(prepared: None, rng: np.random.Generator, folder: Path) -> str:
    """Let writers begin at once; return what was lost or wrong."""
    path = folder / "runs.sqlite"
    writers = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", WRITER, str(path), str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(NUM_WRITERS)
    ]
    for writer in writers:
        writer.stdout.readline()
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    acknowledged: list[list[str]] = [[] for _ in writers]
    killed = int(rng.integers(NUM_WRITERS))
    for _ in range(int(rng.integers(1, 15))):
        if not (line := writers[killed].stdout.readline()):
            break
        acknowledged[killed].append(line)
    writers[killed].kill()
    for number, writer in enumerate(writers):
        said, errors = writer.communicate()
        acknowledged[number] += said.splitlines()
        if errors:
            return f"a writer says {errors[-300:]!r}"
    wanted = set()
    for number, lines in enumerate(acknowledged):
        for line in lines:
            if line.strip().isdecimal():
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
