"""Time contenders in turn, since the speed of a machine drifts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Timed = Callable[[], object]


@dataclass(frozen=True)
class Contender:
    """Something to time: one call trains `runs` runs."""

    name: str
    call: Timed
    runs: int
    repeats: int


def time_interleaved(contenders: list[Contender]) -> dict[str, dict[str, float]]:
    """Time contenders in turn, one warm-up each, and return seconds per run."""
    for contender in contenders:
        contender.call()
    times: dict[str, list[float]] = {c.name: [] for c in contenders}
    for turn in range(max(c.repeats for c in contenders)):
        for contender in contenders:
            if turn >= contender.repeats:
                continue
            started = time.perf_counter()
            contender.call()
            seconds = time.perf_counter() - started
            times[contender.name].append(seconds / contender.runs)
    return {
        name: {
            "median_s_per_run": statistics.median(values),
            "min_s_per_run": min(values),
            "max_s_per_run": max(values),
            "repeats": len(values),
        }
        for name, values in times.items()
    }
