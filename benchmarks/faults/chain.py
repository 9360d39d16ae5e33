"""Stop a command at random moments, give it again each time, and compare its end."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import targets
from forks import Ended, Fork, starter

from ablations.__main__ import TOO_EARLY

NUM_HITS = 8
"""How often a command is stopped."""

SECONDS_TO_END = 5.0
GO_ON = "The same command continues where it stopped.\n"

PLACES = {
    "write": ("/ablations/store/", "whole_file.py", "/h5py/"),
    "report": ("/reports/",),
    "compile": ("/compiler.py", "/polymorphic_function/", "/interpreters/", "/pjit.py"),
    "train": ("/ablations/training/", "/ablations/tuner/", "/ablations/study/"),
}
"""What stands in a file name where a command does something; the first counts."""


@cache
def whole(name: str) -> targets.Whole:
    """Return what a command ends with that nothing stops."""
    for _ in range(2):  # The second finds programs that were compiled and kept.
        with tempfile.TemporaryDirectory(prefix="faults-") as place:
            folder = Path(place)
            lay_out(name, folder)
            ended = starter().run(folder, targets.COMMANDS[name])
            if ended.code:
                raise RuntimeError(f"{name}: {ended.errors}")
            store = folder / targets.STORE
            content = store.read_bytes() if store.exists() else b""
            found = targets.answer(folder, ended.said)
    return targets.Whole(ended.took, found, content)


def lay_out(name: str, folder: Path) -> None:
    """Put into a folder what a command needs, for a report the runs."""
    store = whole("run").store if name == "report" else b""
    targets.lay_out(name, folder, store)


def stop_and_go_on(
    rng: np.random.Generator, folder: Path, numbers: Sequence[int]
) -> tuple[str, list[str]]:
    """Stop a command by signals and give it again, to its end.

    Returns:
        What went wrong, and what was hit each time: a command, and where it was.
    """
    name = str(rng.choice(list(targets.COMMANDS), p=targets.SHARES))
    words, took = targets.COMMANDS[name], whole(name).took
    lay_out(name, folder)
    hits: list[str] = []
    kept: targets.Rows = {}
    for _ in range(NUM_HITS):
        number = signal.Signals(numbers[rng.integers(len(numbers))])
        moment = float(rng.uniform(0.0, took))
        fork = starter().start(folder, words)
        where = phase(fork, folder) if fork.wait_until(moment) else "ended"
        if where != "ended":
            fork.send(number)
        ended, wrong = end(fork, folder, number)
        if ended.code:
            hits.append(f"{name}/{where}")
        told = f"{name}, {number.name} after {moment:.2f} s, {where}"
        if wrong or (wrong := complaint(ended, number, name)):
            return f"{told}: {wrong}", hits
        for path in folder.rglob("*.sqlite"):
            now = targets.stored(path)
            if not kept.items() <= now.items():
                return f"{told}: {len(kept)} runs, then {len(now)}", hits
            kept = now
    return ends_wrong(name, folder), hits


def ends_wrong(name: str, folder: Path) -> str:
    """Give a command that was stopped; return what is wrong with its end."""
    ended = starter().run(folder, targets.COMMANDS[name])
    if ended.code:
        return f"{name}: exit code {ended.code}: {ended.errors[-300:]!r}"
    found = targets.answer(folder, ended.said)
    others = targets.differences(found, whole(name).answer)
    return f"{name}: others are {others}" if others else ""


def end(fork: Fork, folder: Path, number: int) -> tuple[Ended, str]:
    """Wait until a command that got a signal has ended, and nothing is left of it."""
    sent = time.monotonic()
    in_time = fork.has_ended(SECONDS_TO_END)
    if not in_time:
        fork.send(signal.SIGKILL)
    ended = fork.wait()
    if not in_time:
        return ended, f"it had not ended {SECONDS_TO_END:.0f} s later"
    while left := orphans(folder):
        if time.monotonic() - sent > SECONDS_TO_END:
            return ended, f"processes {left} are left"
        time.sleep(0.1)
    return ended, ""


def phase(fork: Fork, folder: Path) -> str:
    """Return what a command is doing, as the stacks of its threads say."""
    stacks = fork.stacks()
    if not stacks:
        return "ended"
    for word, places in PLACES.items():
        if any(place in stacks for place in places):
            return word
    return "elsewhere"


def complaint(ended: Ended, number: int, name: str) -> str:
    """Return what is wrong with how a command ended after a signal."""
    told = f"exit code {ended.code}, {ended.errors[-300:]!r}"
    if ended.code in (0, -number if number == signal.SIGKILL else 0):
        return "" if "Traceback" not in ended.errors else told
    said = ended.errors.endswith(
        TOO_EARLY.decode() if TOO_EARLY.decode() in ended.errors else GO_ON
    )
    if name == "report":
        said = said or "ablations: " in ended.errors
    if ended.code != 128 + number or not said or "Traceback" in ended.errors:
        return told
    return ""


def orphans(folder: Path) -> list[str]:
    """Return the processes that work in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if os.readlink(path).startswith(str(folder)):
                found.append(path.parent.name)
    return found
