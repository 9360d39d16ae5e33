"""One line of the table: what was checked, its limit, and what was seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

LEVEL = 0.05
"""Share of false verdicts that the machinery allows itself."""

MOST_FALSE = 0.0536
"""Share that 10,000 draws may show: one standard error and two thirds above `LEVEL`."""

ENOUGH_DRAWS = 10_000


@dataclass(frozen=True)
class Row:
    """What one check must show and what it showed.

    Attributes:
        check: What is checked.
        limit: What must hold.
        seen: What was seen.
        passed: Whether it lies inside.
    """

    check: str
    limit: str
    seen: str
    passed: bool

    def record(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "check": self.check,
            "limit": self.limit,
            "seen": self.seen,
            "passed": self.passed,
        }


def most_false(num_draws: int) -> float:
    """Return the share of false verdicts that so many draws may show.

    With fewer than 10,000 it lies three standard errors above the level.
    """
    if num_draws >= ENOUGH_DRAWS:
        return MOST_FALSE
    return LEVEL + 3.0 * math.sqrt(LEVEL * (1.0 - LEVEL) / num_draws)


def share(value: float) -> str:
    """Write a share in percent."""
    return f"{100 * value:.2f} %"
