"""Measure what a sweep of many structures takes: memory of all processes, and time.

    python benchmarks/structures.py --structures 300
    python benchmarks/structures.py --structures 2000 --executor processes

Every structure is a hidden layer of another width, of which one run makes two updates,
so that nearly all of the time and memory goes into tracing and compiling. Memory is
read once a second: as resident, in which pages that processes share count for each of
them, and as the proportional share, in which they count once. Processor time is that of
the command and of all that it starts, by tenths of the structures.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ablations.terminal import say

SWEEP = """\
seeds = 1

[base.task]
name = "xor"

[base.model]
input_units = 2
activation = "tanh"

[base.training]
optimizer = {{name = "adam", learning_rate = 0.05}}
num_steps = 2
metrics = ["loss"]

[grid]
"model.hidden_units" = {widths}
"""
PARTS = 10
TOLD_EVERY = 50
TICKS = os.sysconf("SC_CLK_TCK")


class Look(NamedTuple):
    """What was seen at a moment: runs done, seconds of processor, and bytes."""

    done: int
    seconds: float
    resident: int
    shared_out: int
    processes: int


def family(pid: int) -> dict[int, list[str]]:
    """Return a process and all that it started, with what Linux says of each."""
    fields = {
        int(entry.name): found
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (found := _fields(int(entry.name)))
    }
    children: dict[int, list[int]] = {}
    for one, found in fields.items():
        children.setdefault(int(found[1]), []).append(one)
    pids = [pid] if pid in fields else []
    for one in pids:
        pids += children.get(one, [])
    return {one: fields[one] for one in pids}


def _fields(pid: int) -> list[str]:
    """Return what Linux says of a process from its state on, nothing if it ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def look(pid: int, done: int) -> Look:
    """Return what a command and its workers use now."""
    mine, ticks, resident, shared_out = family(pid), 0, 0, 0
    for one, fields in mine.items():
        # A worker that has ended counts among those that its parent has waited for.
        ticks += sum(map(int, fields[11:15]))
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        sizes = dict(re.findall(r"^(\w+): +(\d+) kB", text, re.M))
        resident += 1024 * int(sizes.get("Rss", 0))
        shared_out += 1024 * int(sizes.get("Pss", 0))
    return Look(done, ticks / TICKS, resident, shared_out, len(mine))


def measure(words: Sequence[str], folder: Path, longest: float) -> list[Look]:
    """Run a command for so many seconds, and return what it used in each."""
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", "ablations", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    done = [0]

    def read() -> None:
        for line in process.stdout or ():
            if found := re.match(r"([\d,]+) of [\d,]+ runs", line):
                done[0] = int(found[1].replace(",", ""))

    reader = threading.Thread(target=read)
    reader.start()
    looks, told, ends = [], 0, time.monotonic() + longest
    while process.poll() is None:
        looks.append(look(process.pid, done[0]))
        if looks[-1].done >= told + TOLD_EVERY:
            told = looks[-1].done
            say(f"{told:,} done: {_told(looks[-1:])}")
        time.sleep(1.0)
        if time.monotonic() > ends:
            process.terminate()
    reader.join()
    if process.returncode not in (0, 128 + signal.SIGTERM):
        raise SystemExit(f"The command ended with {process.returncode}.")
    return [one for one in looks if one.resident]


def _told(looks: Sequence[Look]) -> str:
    """Say the processor time so far and the memory at most."""
    resident, shared_out = (
        max(getattr(one, name) for one in looks) / 1e9
        for name in ("resident", "shared_out")
    )
    seconds = max(one.seconds for one in looks)
    return (
        f"{seconds:,.0f} s of processor, memory {resident:.2f} GB resident, "
        f"{shared_out:.2f} GB shared out."
    )


def by_part(looks: Sequence[Look], number: int, parts: int) -> list[float]:
    """Return the processor time of a structure in each part of them, in seconds."""
    found = []
    for part in range(parts):
        ends = number * part // parts, number * (part + 1) // parts
        first, last = (
            next((one for one in looks if one.done >= max(end, 1)), looks[-1])
            for end in ends
        )
        found.append((last.seconds - first.seconds) / max(last.done - first.done, 1))
    return found


def main() -> None:
    """Measure as told, and say what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--structures", type=int, default=300)
    parser.add_argument("--executor", default="auto")
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="at most")
    told = parser.parse_args()
    number = told.structures
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        widths = [[width] for width in range(1, number + 1)]
        text = SWEEP.format(widths=widths)
        (folder / "sweep.toml").write_text(text, encoding="utf-8")
        words = ["sweep", "sweep.toml", "--device", "cpu", "--executor", told.executor]
        looks = measure(words, folder, 60 * told.minutes)
    number = looks[-1].done or number
    seconds = max(one.seconds for one in looks)
    most = max(one.processes for one in looks)
    say(f"{number:,} structures, {told.executor}, {most} processes at most:")
    say(f"{seconds:,.0f} s of processor, {seconds / number:.2f} s for a structure.")
    say(f"At most: {_told(looks)}")
    for parts in (2, PARTS):
        each = " ".join(f"{one:.2f}" for one in by_part(looks, number, parts))
        say(f"Seconds for a structure, in {parts} equal parts: {each}.")


if __name__ == "__main__":
    main()
