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
from typing import NamedTuple

import chain
import numpy as np
import targets
from forks import Fork

WHAT = (
    "`run` or `report` is killed at one of the system calls by which its main thread"
    " writes, syncs, cuts, renames, removes or makes files, and is given again: it ends"
    " as one that nobody killed. `strace` must be there."
)
FULL, SMALL = (600 if shutil.which("strace") else 0), 0
CALLS = "write pwrite64 fsync fdatasync ftruncate rename unlink mkdir".split()
NAMES = ("run", "report")


class Ready(NamedTuple):
    """What attempts share.

    Attributes:
        chain: Commands that nothing stopped.
        calls: Command, name of a call, and how many of that name came before it.
    """

    chain: chain.Ready
    calls: Sequence[tuple[str, str, int]]

    def close(self) -> None:
        """End whoever forks."""
        self.chain.close()


def prepare(folder: Path) -> Ready:
    """Count the calls of commands that nobody kills."""
    ready = chain.prepare_some(folder, NAMES)
    calls = []
    for name in NAMES:
        place, log = folder / f"traced-{name}", folder / f"{name}.calls"
        place.mkdir()
        targets.lay_out(name, place, ready.store)
        fork = ready.starter.start(place, targets.COMMANDS[name], stopped=True)
        with traced(fork, "-o", str(log), "-e", f"trace={','.join(CALLS)}"):
            fork.wait()
        counted: Counter[str] = Counter()
        for call in re.findall(rf"^{fork.pid} +(\w+)\(", log.read_text(), re.MULTILINE):
            counted[call] += 1
            calls.append((name, call, counted[call]))
    return Ready(ready, calls)


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
    ready: Ready, rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Kill a command at a call and let it go on; return what went wrong."""
    name, call, number = ready.calls[rng.integers(len(ready.calls))]
    starter, words = ready.chain.starter, targets.COMMANDS[name]
    targets.lay_out(name, folder, ready.chain.store)
    fork = starter.start(folder, words, stopped=True)
    with traced(fork, "-e", f"inject={call}:signal=KILL:when={number}"):
        ended = fork.wait()
    if ended.code != -signal.SIGKILL:
        # Its calls are not the same every time: one may be fewer.
        return (ended.errors if ended.code else ""), []
    wrong = chain.ends_wrong(ready.chain, name, folder)
    return (f"{call} {number}: {wrong}" if wrong else ""), [f"{name}/{call}"]
