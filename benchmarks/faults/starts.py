"""Send signals to a command at random moments."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from ablations.__main__ import TOO_EARLY
from ablations.store.store import Store

WHAT = (
    "SIGINT, SIGTERM or SIGHUP reaches `run`, started as a user does, at a random"
    " moment: it ends within 5 seconds, says how to go on or, before it has begun to"
    " listen, that it had not begun or nothing, and the store is intact."
)
FULL, SMALL = 300, 2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST, EARLIEST = 20.0, 0.3
"""Seconds after which a signal is sent, at most and at least."""

SECONDS_TO_END = 5.0
GO_ON = ("The same command continues where it stopped.\n", TOO_EARLY.decode())
ROOT = Path(__file__).resolve().parents[2]


def prepare(folder: Path) -> None:
    """Make nothing."""


def heed() -> None:
    """Heed all signals, also where this script was told to ignore some."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def attempt(prepared: None, rng: np.random.Generator, folder: Path) -> str:
    """Send one signal; return what went wrong."""
    number = SIGNALS[rng.integers(len(SIGNALS))]
    seconds = float(np.exp(rng.uniform(np.log(EARLIEST), np.log(LONGEST))))
    process = subprocess.Popen(
        [sys.executable, "-m", "ablations", "run", "A-XOR-3", "--store", "s.sqlite"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "-1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    sent = time.monotonic()
    _, errors = process.communicate()
    took = time.monotonic() - sent
    told = f"{number.name} after {seconds:.2f} s: exit code {process.returncode}"
    if process.returncode not in (0, 128 + number, -number):
        return f"{told}, {errors[-300:]!r}"
    if process.returncode == 128 + number and not errors.endswith(GO_ON):
        return f"{told}, {errors[-300:]!r}"
    if process.returncode == -number and errors:
        return f"{told}, {errors[-300:]!r}"
    if took > SECONDS_TO_END:
        return f"{told}, {took:.1f} s later"
    if (folder / "s.sqlite").exists():
        with Store.open(folder / "s.sqlite", "read") as store:
            if problems := store.check():
                return f"{told}, {problems}"
    return ""
