"""Draw at what learning rates recipes learn."""

from __future__ import annotations

from reports.figures.limits import Factor, Limits, collect, draw
from reports.figures.source import Source

__all__ = ["NAME", "draw", "read"]

NAME = "rate_limits"
RATE = Factor("rate", NAME, "learning rate", "rate {}")


def read(source: Source) -> Limits | None:
    """Return the shares of runs that learn by learning rate."""
    return collect(source, RATE)
