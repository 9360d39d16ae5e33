"""Kill a command at random moments, and let it go on."""

from __future__ import annotations

import signal
from pathlib import Path

import chain
import numpy as np

WHAT = (
    "`run`, `report`, `study` or `tune` is killed by SIGKILL at random moments of its"
    " work and given again each time: no run that was stored is lost or another, none"
    " is there twice, and store, tables, code, pages, names of files and last words"
    " end as those of a command that nobody killed."
)
FULL, SMALL = 570, 1


def prepare(folder: Path) -> None:
    """Make nothing: what is shared is made when it is needed."""


def attempt(
    prepared: None, rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Kill a command and let it go on; return what went wrong, and what was hit."""
    return chain.stop_and_go_on(rng, folder, [signal.SIGKILL])
