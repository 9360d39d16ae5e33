"""Say what counts as learning, mostly and rarely, in the same words everywhere."""

from __future__ import annotations

from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig


def when(at: int) -> str:
    """Say after how many updates, in words."""
    return "at the start" if at == 0 else f"after {at:,} updates"


def until(at: int) -> str:
    """Say up to how many updates, in words."""
    return "at the start" if at == 0 else f"in the first {at:,} updates"


MOSTLY = 0.6
"""Share of runs that counts as most of them; ten of ten runs show it."""


RARELY = 0.4
"""Share of runs that counts as few of them; none of ten runs shows it."""


def mostly(
    label: str, arm: str, score: ScoreConfig, at: tuple[str, float | str] | None = None
) -> SuccessRate:
    """Predict that most runs of an arm succeed."""
    return SuccessRate(label=label, arm=arm, score=score, bound=MOSTLY, at=at)


def rarely(
    label: str, arm: str, score: ScoreConfig, at: tuple[str, float | str] | None = None
) -> SuccessRate:
    """Predict that few runs of an arm succeed."""
    return SuccessRate(
        label=label,
        arm=arm,
        score=score,
        bound=RARELY,
        direction="at_most",
        at=at,
    )
