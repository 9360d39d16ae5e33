"""Stop a command that writes, give it a second time, and let the first go on."""

from __future__ import annotations

import signal
from pathlib import Path

import chain
import numpy as np
import targets
from forks import starter

WHAT = (
    "`run` is stopped by SIGSTOP at a random moment and given a second time: the second"
    " is told who writes the store, or does all the work before the first has begun to"
    " write; the first goes on at SIGCONT, and the store ends as that of one command."
)
FULL, SMALL = 100, 1


def prepare(folder: Path) -> None:
    """Make nothing: what is shared is made when it is needed."""


def attempt(
    prepared: None, rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Stop a command and let it go on; return what went wrong, and what was seen."""
    words, whole = targets.COMMANDS["run"], chain.whole("run")
    first = starter().start(folder, words)
    if not first.wait_until(float(rng.uniform(0.0, whole.took))):
        return first.wait().errors, []
    first.send(signal.SIGSTOP)
    place = folder / "second"
    place.mkdir()
    second = starter().run(place, (*words[:-1], f"../{targets.STORE}"))
    first.send(signal.SIGCONT)
    ended = first.wait()
    refused = second.code == 2 and f"process {first.pid}" in second.errors
    if (second.code or second.errors) and not refused:
        return f"second: exit code {second.code}, {second.errors[-300:]!r}", []
    if ended.code or ended.errors:
        return f"first: exit code {ended.code}, {ended.errors[-300:]!r}", []
    found = targets.answer(folder, ended.said)
    others = targets.differences(found, whole.answer)
    return f"others are {others}" if others else "", [
        "refused" if refused else "worked"
    ]
