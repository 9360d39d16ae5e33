"""Draw at what learning rates recipes learn."""

from __future__ import annotations

import re

from ablations.protocol.arm import Arm
from ablations.protocol.network_runs import ArmConfig
from reports.figures.limits import Factor, Limits, collect, draw
from reports.figures.source import Source

__all__ = ["NAME", "draw", "read"]

NAME = "rate_limits"
RATE = Factor(NAME, "learning rate", "rate {}")
IN_NAME = re.compile(r"[,;:\s]*\brate [\d.e+-]*\d")


def read(source: Source) -> Limits | None:
    """Return the shares of runs that learn; arms named alike but for rate are one."""
    return collect(source, RATE, _place)


def _place(name: str, arm: Arm, config: ArmConfig) -> tuple[str, float] | None:
    rate = config.training.optimizer.learning_rate
    # A rate that was tuned is no factor of the claim.
    if arm.tune is not None or rate <= 0:
        return None
    return IN_NAME.sub("", name, count=1).strip() or name, rate
