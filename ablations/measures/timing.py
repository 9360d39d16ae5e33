"""Time two things in turn, so that what else runs on the machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

SHORTEST = 2e-3
"""Seconds that one timing lasts at least; short steps are repeated within it."""


def seconds_of(
    step: Callable[[], None],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the seconds that a number of steps takes."""
    start = clock()
    for _ in range(repeats):
        step()
    return clock() - start


def enough_repeats(seconds: float) -> int:
    """Return how often to repeat a step of so many seconds in a timing."""
    return max(1, round(SHORTEST / max(seconds, 1e-7)))


def median_ratio(
    first: Callable[[], float],
    second: Callable[[], float],
    clock: Callable[[], float] = time.perf_counter,
    *,
    seconds: float,
    fewest: int,
    most: int,
) -> float:
    """Return the median ratio of two timings that take turns.

    Args:
        first: Returns the time that it took.
        second: Does the same for what is divided by.
        clock: Tells the time that goes by.
        seconds: Time after which no pair is added to the fewest.
        fewest: Pairs at least.
        most: Pairs at most.
    """
    ratios: list[float] = []
    start = clock()
    while len(ratios) < fewest or (len(ratios) < most and clock() - start < seconds):
        # Which comes first alternates too.
        calls = (first, second) if len(ratios) % 2 else (second, first)
        taken = {call: call() for call in calls}
        ratios.append(taken[first] / taken[second])
    return float(np.median(ratios))
