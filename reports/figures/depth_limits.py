"""Draw up to what depth recipes learn."""

from __future__ import annotations

from ablations.protocol.arm import Arm
from ablations.protocol.network_runs import ArmConfig
from reports.drawing.labels import without_depth
from reports.figures.limits import Factor, Limits, collect, draw
from reports.figures.source import Source

__all__ = ["NAME", "draw", "read"]

NAME = "depth_limits"
DEPTH = Factor(NAME, "hidden layers", "{} layers")


def read(source: Source) -> Limits | None:
    """Return the shares of runs that learn; arms named alike but for depth are one."""
    return collect(source, DEPTH, _place)


def _place(name: str, arm: Arm, config: ArmConfig) -> tuple[str, float] | None:
    depth = len(config.model.hidden_units)
    return (without_depth(name, depth), float(depth)) if depth else None
