"""Kill a command at a system call that changes a file, and let it go on."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import chain
import numpy as np
import targets
from forks import Fork, starter

WHAT = (
    "`run` or `report` is killed at one of the system calls by which its main thread"
    " writes, syncs, cuts, renames, removes or makes files, and is given again: it ends"
    " as one that nobody killed. `strace` must be there."
)
FULL, SMALL = (600 if shutil.which("strace") else 0), 0
CALLS = "write pwrite64 fsync fdatasync ftruncate rename unlink mkdir".split()
NAMES = ("run", "report")


Call = tuple[str, str, int]
"""Command, name of a call, and how many of that name there were up to it."""


def prepare(folder: Path) -> list[Call]:
    """Return the calls of commands that nobody kills."""
    calls = []
    for name in NAMES if FULL else ():
        place, log = folder / name, folder / f"{name}.calls"
        place.mkdir()
        chain.lay_out(name, place)
        fork = starter().start(place, targets.COMMANDS[name], stopped=True)
        with traced(fork, "-o", str(log), "-e", f"trace={','.join(CALLS)}"):
            fork.wait()
        counted: Counter[str] = Counter()
        for call in re.findall(rf"^{fork.pid} +(\w+)\(", log.read_text(), re.MULTILINE):
            counted[call] += 1
            calls.append((name, call, counted[call]))
    return calls


@contextmanager
def traced(fork: Fork, *options: str) -> Iterator[None]:
    """Let a command that is stopped begin, followed by `strace`."""
    strace = subprocess.Popen(  # noqa: S603 - our own command
        [
            shutil.which("strace") or "strace",
            "-f",
            "-qq",
            *options,
            "-p",
            str(fork.pid),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    status = Path(f"/proc/{fork.pid}/status")
    while "TracerPid:\t0\n" in status.read_text():
        time.sleep(0.002)
    fork.send(signal.SIGCONT)
    yield
    strace.wait()


def attempt(
    calls: Sequence[Call], rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Kill a command at a call and let it go on; return what went wrong."""
    name, call, number = calls[rng.integers(len(calls))]
    chain.lay_out(name, folder)
    fork = starter().start(folder, targets.COMMANDS[name], stopped=True)
    with traced(fork, "-e", f"inject={call}:signal=KILL:when={number}"):
        ended = fork.wait()
    if ended.code != -signal.SIGKILL:
        # Its calls are not the same every time: one may be fewer.
        return (ended.errors if ended.code else ""), []
    wrong = chain.ends_wrong(name, folder)
    return (f"{call} {number}: {wrong}" if wrong else ""), [f"{name}/{call}"]
