"""Time contenders in turn, since the speed of a machine drifts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Timed = Callable[[], object]


@dataclass(frozen=True)
class Contender:
    """One call to time trains `runs` runs; `clock` counts processor seconds."""

    call: Timed
    runs: int
    repeats: int
    clock: Callable[[], float] = time.process_time


def time_interleaved(contenders: dict[str, Contender]) -> dict[str, dict[str, float]]:
    """Time contenders in turn, one warm-up each, and return seconds per run."""
    for contender in contenders.values():
        contender.call()
    times: dict[str, list[list[float]]] = {name: [] for name in contenders}
    for turn in range(max(each.repeats for each in contenders.values())):
        for name, each in contenders.items():
            if turn < each.repeats:
                before = time.perf_counter(), each.clock()
                each.call()
                after = time.perf_counter(), each.clock()
                spent = np.subtract(after, before) / each.runs
                times[name].append(spent.tolist())
    found = {}
    for name, values in times.items():
        walls, processors = zip(*values, strict=True)
        found[name] = {
            "median_s_per_run": statistics.median(walls),
            "min_s_per_run": min(walls),
            "max_s_per_run": max(walls),
            "processor_s_per_run": statistics.median(processors),
            "repeats": len(values),
        }
    return found
