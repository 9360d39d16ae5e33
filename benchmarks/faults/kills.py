"""Kill a command that trains, and let it go on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np

from ablations.store.store import Store

WHAT = (
    "`run` is killed by SIGKILL at two random moments and given again: no run that was"
    " stored is lost or another, none is there twice, and the store ends as that of a"
    " command that nobody killed."
)
FULL, SMALL = 300, 1
NUM_KILLS = 2
EARLIEST, LATEST = 0.5, 25.0
"""Seconds after which a command is killed, at least and at most."""

ROOT = Path(__file__).resolve().parents[2]
Rows = dict[tuple[str, int], tuple[str, bytes]]


def start(folder: Path) -> subprocess.Popen[str]:
    """Start the command in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "ablations", "run", "A-XOR-3", "--store", "s.sqlite"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "-1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored(folder: Path) -> Rows:
    """Return status and checksum of every run, by digest and seed."""
    path = folder / "s.sqlite"
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


def prepare(folder: Path) -> Rows:
    """Return what a command stores that nobody kills."""
    whole = folder / "whole"
    whole.mkdir()
    start(whole).communicate()
    return stored(whole)


def attempt(wanted: Rows, rng: np.random.Generator, folder: Path) -> str:
    """Kill a command and let it go on; return what was lost or wrong."""
    kept: Rows = {}
    for _ in range(NUM_KILLS):
        process = start(folder)
        seconds = float(np.exp(rng.uniform(np.log(EARLIEST), np.log(LATEST))))
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        now = stored(folder)
        if not kept.items() <= now.items():
            return f"after {seconds:.1f} s: {len(kept)} runs, then {len(now)}"
        kept = now
    process = start(folder)
    _, errors = process.communicate()
    if process.returncode or errors:
        return f"exit code {process.returncode}: {errors[-300:]!r}"
    found = stored(folder)
    if found.keys() != wanted.keys() or not kept.items() <= found.items():
        return f"{len(found)} runs, not {len(wanted)}"
    with Store.open(folder / "s.sqlite", "read") as store:
        if problems := store.check():
            return str(problems)
    other = sum(found[key] != wanted[key] for key in wanted)
    return f"{other} runs are others" if other else ""
