"""Pool what was found on several tasks, and predict what one more task would show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from ablations.judging.outcome import Outcome
from ablations.protocol.claim import Claim
from ablations.stats.pooled import PooledEffect, pool_effects

FEWEST_TASKS = 6
"""Tasks from which one more is predicted."""


@dataclass(frozen=True)
class AcrossTasks:
    """What a comparison comes to on average over tasks.

    Attributes:
        level: The level of the claim's axis at which tasks were pooled, empty for none.
        unit: Of the effects.
        compared: What is compared with what, empty where labels do not say so alike.
        effect: Their mean, and where the effect on one more task lies.
    """

    level: str
    unit: str
    compared: str
    effect: PooledEffect


def across_tasks(claim: Claim, core: Sequence[Outcome]) -> list[AcrossTasks]:
    """Pool comparisons that differ in their task alone, at each level of the axis.

    Where there are fewer than `FEWEST_TASKS`, or two on one task, nothing is pooled.

    Args:
        claim: The claim; the first arm of a prediction names its task.
        core: What became of the core.
    """
    tasks = {p.key: p.arms()[0].levels.get("task") for p in claim.core if p.arms()}
    groups: dict[tuple[str, str, float | None, str], list[Outcome]] = {}
    for outcome in core:
        if outcome.kind == "comparison" and outcome.estimate is not None:
            is_level = claim.axis != "task" and outcome.factor == claim.axis
            level = str(outcome.value) if is_level else ""
            alike = level, outcome.unit, outcome.bound, outcome.direction
            groups.setdefault(alike, []).append(outcome)
    return [
        AcrossTasks(
            level,
            unit,
            _compared(found),
            pool_effects(
                [o.estimate or 0.0 for o in found], [_error(o) for o in found]
            ),
        )
        for (level, unit, *_), found in groups.items()
        if len({tasks.get(o.key) for o in found} - {None}) == len(found) >= FEWEST_TASKS
    ]


def _compared(found: Sequence[Outcome]) -> str:
    """Return what labels say between their first comma and a semicolon."""
    said = {o.label.partition(";")[0].partition(", ")[2] for o in found}
    return said.pop() if len(said) == 1 else ""


def _error(outcome: Outcome) -> float:
    """Return the standard error of a mean that has this interval."""
    quantile = special.stdtrit(outcome.n - 1, 0.5 + (outcome.confidence or 0.95) / 2)
    low, high = outcome.low or 0.0, outcome.high or 0.0
    return (high - low) / 2.0 / float(quantile)
