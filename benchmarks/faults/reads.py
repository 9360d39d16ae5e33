"""Damage a store, then give a command that reads it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import chain
import numpy as np
import targets
from bits import damaged
from forks import Ended, starter

WHAT = (
    "A bit of a store is flipped, a page zeroed, or two pages swapped: `status`,"
    " `verdicts`, `info`, `compare`, `report`, `store info`, `store check`, `store"
    " export` and `store merge` say and write what they do of the whole store, or a"
    " line says that this store is damaged."
)
FULL, SMALL = 10_000, 3

BAD, GOOD = targets.STORE, "good.sqlite"
ASK = (targets.CLAIM, "--store", BAD)
COMMANDS = {
    "status": ("status", *ASK),
    "verdicts": ("verdicts", *ASK),
    "info": ("info", *ASK),
    "compare": ("compare", BAD, GOOD, targets.CLAIM),
    "report": targets.COMMANDS["report"],
    "store info": ("store", "info", "--store", BAD),
    "check": ("store", "check", "--store", BAD),
    "export": ("store", "export", "runs.csv", "--store", BAD),
    "merge": ("store", "merge", "new.sqlite", BAD),
}


def prepare(folder: Path) -> None:
    """Make nothing: what is shared is made when it is needed."""


@cache
def whole(name: str) -> dict[str, object]:
    """Return what a command says of a whole store."""
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        ended = give(Path(place), name, chain.whole("run").store)
        if ended.code:
            raise RuntimeError(f"{name}: {ended.errors}")
        return answer(Path(place), ended)


def give(folder: Path, name: str, content: bytes) -> Ended:
    """Give a command in a folder that has a store."""
    (folder / BAD).write_bytes(content)
    if name == "compare":
        (folder / GOOD).write_bytes(chain.whole("run").store)
    return starter().run(folder, COMMANDS[name])


def answer(folder: Path, ended: Ended) -> dict[str, object]:
    """Return what a command said and wrote."""
    (folder / BAD).unlink()
    found = targets.answer(folder, "")
    found["said"] = targets.MOMENT.sub("", ended.said).replace(str(folder), "")
    return found


def attempt(
    prepared: None, rng: np.random.Generator, folder: Path
) -> tuple[str, Sequence[str]]:
    """Damage the store once; return what was wrong, and which command read it."""
    name = list(COMMANDS)[rng.integers(len(COMMANDS))]
    how, bad, first = damaged(chain.whole("run").store, rng)
    ended = give(folder, name, bad)
    told = f"{name}, {how} at {first}, exit code {ended.code}"
    lines = ended.errors.splitlines()
    if "Traceback" in ended.errors or len(lines) > 1:
        return f"{told}: {ended.errors[-300:]!r}", [f"{name}/broken"]
    if ended.code == 2 and len(lines) == 1 and BAD in ended.errors:
        return "", [f"{name}/refused"]
    if name == "check" and ended.code == 1 and ended.said:
        return "", [f"{name}/refused"]
    others = targets.differences(answer(folder, ended), whole(name))
    if not ended.code and not others and not lines:
        return "", [f"{name}/same"]
    return f"{told}: {others}, {ended.errors[-300:]!r}", [f"{name}/other"]
