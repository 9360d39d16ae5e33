"""Draw up to what depth recipes learn."""

from __future__ import annotations

from reports.figures.limits import Factor, Limits, collect, draw
from reports.figures.source import Source

__all__ = ["NAME", "draw", "read"]

NAME = "depth_limits"
DEPTH = Factor("depth", NAME, "hidden layers", "{} layers")


def read(source: Source) -> Limits | None:
    """Return the shares of runs that learn by depth."""
    return collect(source, DEPTH)
