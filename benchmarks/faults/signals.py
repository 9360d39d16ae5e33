"""Send signals to a command at random moments, and let it go on."""

from __future__ import annotations

from pathlib import Path

import chain
import numpy as np
from forks import SIGNALS

WHAT = (
    "SIGINT, SIGTERM or SIGHUP reaches `run`, `report`, `study` or `tune` at random"
    " moments of its work: it ends within 5 seconds with the code of that signal, says"
    " how to go on, leaves no process behind, and goes on as after `kills`."
)
FULL, SMALL = 52, 1


def prepare(folder: Path) -> None:
    """Make nothing: what is shared is made when it is needed."""


def attempt(
    prepared: None, rng: np.random.Generator, folder: Path
) -> tuple[str, list[str]]:
    """Send signals to a command; return what went wrong, and what was hit."""
    return chain.stop_and_go_on(rng, folder, SIGNALS)
