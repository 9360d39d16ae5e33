"""Kill workers of a command that trains, then the command, and let it go on."""

from __future__ import annotations

import importlib.util
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ablations.commands.claims import select
from ablations.running.stored import plan_for
from ablations.store.store import Store

WHAT = (
    "Five random workers of `run --executor {}` are killed, then the command itself;"
    " the same again, and a worker of the third command: within two minutes nobody of"
    " a killed command is left, the third ends, no run is lost, another or there"
    " twice, and none is missing."
)
HAS_RAY = importlib.util.find_spec("ray") is not None
VARIANTS = ("local", "processes", *(["ray"] if HAS_RAY else []))
FULL, SMALL = 10, 1

NUM_COMMANDS, NUM_WORKERS = 2, 5
"""Commands that are killed, and workers that are before each of them."""

LATEST = 0.9
"""Share of the processor time of a command after which nothing is killed any more."""

SECONDS_TO_BE_GONE, LONGEST = 120.0, 900.0
"""Deadlines of what a killed command leaves behind, and of a command."""

SECONDS_BETWEEN_LOOKS = 0.25

CLAIMS = (
    "least_squares_on_xor_gives_zero_weights_and_one_half",
    "linear_output_with_mse_is_the_right_head",
)
NUM_SEEDS = 50
PROGRAM = """\
from functools import partial
from ablations import __main__
from ablations.running import executors
executors.Local = partial(executors.Local, most_programs=1)
__main__.main()
"""
"""The command line, but for `local`, which leaves to worker processes what is beyond 1
compiled program: by default it does so beyond 32."""

ROOT = Path(__file__).resolve().parents[2]
STORE = "s.sqlite"
Rows = dict[tuple[str, int], tuple[str, bytes]]


class Process(NamedTuple):
    """What Linux says of a process; `born` tells it from a later one of its number."""

    pid: int
    parent: int
    born: int
    seconds: float
    words: bytes


class Whole(NamedTuple):
    """A command that nobody harmed.

    Attributes:
        executor: Who trained.
        first: Seconds of processor until there was a worker.
        last: Those after which nothing is killed any more.
        rows: What it stored.
    """

    executor: str
    first: float
    last: float
    rows: Rows


def start(executor: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start the command in a folder; what it says goes into files."""
    words = ["run", *CLAIMS, "--seeds", str(NUM_SEEDS), "--store", STORE]
    with (folder / "said").open("w") as said, (folder / "errors").open("w") as errors:
        return subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-c", PROGRAM, *words, "--executor", executor],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "-1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=errors,
        )


def everybody() -> dict[int, Process]:
    """Return all processes of this machine but those that have ended."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # After the name, which may have any letters: state, parent, and so on.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes()
            ticks = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            one = Process(
                int(entry.name), int(fields[1]), int(fields[19]), ticks, words
            )
            if fields[0] != "Z":
                found[one.pid] = one
    return found


def family(pid: int) -> list[Process]:
    """Return a process and all that it started, and so on."""
    known = everybody()
    mine = [known[pid]] if pid in known else []
    for one in mine:
        mine += [other for other in known.values() if other.parent == one.pid]
    return mine


def workers(mine: list[Process]) -> list[Process]:
    """Return those of a family that train: forks of a nursery, or actors."""
    nurseries = {one.pid for one in mine if b"running.nursery" in one.words}
    return [
        one
        for one in mine
        if one.parent in nurseries or one.words.startswith(b"ray::Actor")
    ]


def wait_for(process: subprocess.Popen[bytes], seconds: float) -> list[Process]:
    """Wait until a command has used so many seconds and has workers.

    Returns:
        Its family, nobody if the command has ended before, or was given up.
    """
    until = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < until:
        mine = family(process.pid)
        if workers(mine) and sum(one.seconds for one in mine) >= seconds:
            return mine
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return []


def kill_worker(
    process: subprocess.Popen[bytes], seconds: float, rng: np.random.Generator
) -> None:
    """Kill a worker of a command that has used so many seconds, if it has not ended."""
    if training := workers(wait_for(process, seconds)):
        with suppress(ProcessLookupError):
            os.kill(training[rng.integers(len(training))].pid, signal.SIGKILL)


def end(process: subprocess.Popen[bytes]) -> str:
    """Wait for the end of a command; return what is wrong with it."""
    try:
        code = process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        mine = family(process.pid)
        process.kill()
        process.wait()
        return f"no end within {LONGEST:.0f} s, {len(mine)} processes"
    return f"exit code {code}" if code else ""


def left(mine: list[Process]) -> list[Process]:
    """Return who of a family is still there after as long as they may take to end."""
    until = time.monotonic() + SECONDS_TO_BE_GONE
    while True:
        known = everybody()
        there = [p for p in mine if p.pid in known and known[p.pid].born == p.born]
        if not there or time.monotonic() > until:
            return there
        time.sleep(SECONDS_BETWEEN_LOOKS)


def stored(folder: Path) -> Rows:
    """Return status and checksum of every run, by digest and seed."""
    path = folder / STORE
    if not path.exists():
        return {}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT digest, seed, status, checksum FROM runs JOIN specs ON specs.id = spec"
    ).fetchall()
    connection.close()
    if len({row[:2] for row in rows}) < len(rows):
        raise AssertionError("A run is there twice.")
    return {row[:2]: row[2:] for row in rows}


def prepare(folder: Path, executor: str) -> Whole:
    """Return what a command takes and stores that nobody harms.

    Raises:
        RuntimeError: If it goes wrong.
    """
    process = start(executor, folder)
    seen = [sum(one.seconds for one in wait_for(process, 0.0))]
    while process.poll() is None:
        seen.append(sum(one.seconds for one in family(process.pid)))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    if process.returncode or not seen[0]:
        raise RuntimeError((folder / "errors").read_text(encoding="utf-8"))
    return Whole(executor, seen[0], LATEST * max(seen), stored(folder))


def attempt(whole: Whole, rng: np.random.Generator, folder: Path) -> str:
    """Kill workers and their commands, then let it go on; return what went wrong."""
    kept: Rows = {}
    for life in range(NUM_COMMANDS + 1):
        # What is left to do takes about so much.
        share = 1 - len(kept) / len(whole.rows)
        until = whole.first + share * (whole.last - whole.first)
        process = start(whole.executor, folder)
        if life == NUM_COMMANDS:
            kill_worker(process, rng.uniform(whole.first, until), rng)
            break
        *moments, last = np.sort(rng.uniform(whole.first, until, NUM_WORKERS + 1))
        for moment in moments:
            kill_worker(process, moment, rng)
        mine = wait_for(process, last)
        process.kill()
        process.wait()
        if there := left(mine):
            names = [one.words.replace(b"\0", b" ")[:80] for one in there]
            return f"these outlive the command: {names}"
        now = stored(folder)
        if not kept.items() <= now.items():
            return f"{len(kept)} runs, then {len(now)}"
        kept = now
    wrong = end(process)
    if errors := (folder / "errors").read_text(encoding="utf-8"):
        wrong += f", {errors[-300:]!r}"
    return wrong or compare(whole.rows, kept, folder)


def compare(wanted: Rows, kept: Rows, folder: Path) -> str:
    """Return what is wrong with a store, given what it must hold and what it held."""
    found = stored(folder)
    if found.keys() != wanted.keys() or not kept.items() <= found.items():
        return f"{len(found)} runs, {len(kept)} before, not {len(wanted)}"
    with Store.open(folder / STORE, "read") as store:
        if problems := store.check():
            return str(problems)
    plan = plan_for(select(CLAIMS, "quick"), "quick", folder / STORE, NUM_SEEDS)
    if plan.num_missing or plan.waiting:
        return f"{plan.num_missing} runs are still missing"
    other = sum(found[key] != wanted[key] for key in wanted)
    return f"{other} runs are others" if other else ""
