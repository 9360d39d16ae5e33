"""Let the clock jump while a command works."""

from __future__ import annotations

import atexit
import re
from pathlib import Path

import chain
import numpy as np
import targets
from forks import Starter

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
WHAT = (
    "The clock jumps by up to two days, to and fro, while `run` or `report` works: both"
    " end as without, and no time that they say or store is below zero. `libfaketime`"
    " must be there."
)
FULL, SMALL = (50 if LIBRARY else 0), 0
FARTHEST = 2 * 86_400
SECONDS_BETWEEN = 0.3
BELOW_ZERO = re.compile(r"-\d+(:\d\d| s\b)")


def prepare(folder: Path) -> tuple[Starter, Path]:
    """Return whoever starts commands whose clock a file sets, and that file."""
    clock = folder / "clock"
    clock.write_text("+0")
    starter = Starter(
        LD_PRELOAD=str(LIBRARY),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    atexit.register(starter.close)
    return starter, clock


def attempt(
    prepared: tuple[Starter, Path], rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Let the clock jump during a command; return what went wrong."""
    starter, clock = prepared
    name = ("run", "report")[rng.integers(2)]
    chain.lay_out(name, folder)
    fork = starter.start(folder, targets.COMMANDS[name])

    while not fork.has_ended(SECONDS_BETWEEN):
        clock.write_text(f"{rng.integers(-FARTHEST, FARTHEST):+d}")

    ended = fork.wait()
    if ended.code or (found := BELOW_ZERO.search(ended.said + ended.errors)):
        return f"exit code {ended.code}: {ended.errors[-300:]!r}, {found}", []
    answer = targets.answer(folder, ended.said)
    others = targets.differences(answer, chain.whole(name).answer)
    return (f"{name}: others are {others}" if others else ""), [name]
