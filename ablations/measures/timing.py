"""Time two things in turn, so that what else runs on the machine slows both."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import special

SHORTEST = 2e-4
"""Seconds that one timing lasts at least; short steps are repeated within it.

Of many short timings, few are disturbed by what else the machine does.
"""

BYTES_TO_FREE = 31 * 2**20
"""Size of a block of memory that is freed so that the next ones are kept.

By default glibc gives memory back to the system once an array of over 128 KiB is freed,
until a larger one was, up to one of 32 MiB.
"""

TAIL = 0.025
"""Chance that an interval leaves out on either side."""


def seconds_of(
    step: Callable[[], Any],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the seconds that a number of steps takes."""
    start = clock()
    for _ in range(repeats):
        step()
    return clock() - start


def enough_repeats(seconds: float, shortest: float = SHORTEST) -> int:
    """Return how often to repeat a step of so many seconds in a timing."""
    return max(1, round(shortest / max(seconds, 1e-7)))


def ratios_in_turn(
    first: Callable[[], float],
    second: Callable[[], float],
    clock: Callable[[], float] = time.perf_counter,
    *,
    seconds: float,
    fewest: int,
    most: int,
) -> list[float]:
    """Return the ratios of two timings that take turns, a number for each pair.

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
    return ratios


def keep_memory() -> None:
    """Have this process keep the memory of arrays that are freed, up to megabytes."""
    np.empty(BYTES_TO_FREE, np.uint8)


def work_ratios(
    step: Callable[[], Any],
    unit: Callable[[], Any],
    clock: Callable[[], float] | None = None,
    *,
    seconds: float,
    fewest: int,
    most: int,
) -> list[float]:
    """Return ratios of the seconds of a step to those of a unit, taken in turn.

    By default the seconds are those in which this thread computed, not those it waited;
    where others work for it, only the time that goes by counts what they do.

    Arrays get memory that was used before. New pages of the system can take longer than
    what is computed, and whether arrays get them depends on the past of the process.
    """
    clock = clock or time.thread_time
    keep_memory()
    step(), unit()
    repeats = {s: enough_repeats(seconds_of(s, 1, clock)) for s in (step, unit)}

    def taken(call: Callable[[], Any]) -> float:
        return seconds_of(call, repeats[call], clock) / repeats[call]

    return ratios_in_turn(
        lambda: taken(step),
        lambda: taken(unit),
        clock,
        seconds=seconds,
        fewest=fewest,
        most=most,
    )


def median_at_least(values: Sequence[float] | np.ndarray) -> float:
    """Return the lower end of the 95 % interval of a median.

    The k-th smallest of n values lies above the median of what they are drawn from
    only if fewer than k lie below it, which has the chance P(B < k), B binomial of n
    and a half; k is the largest for which that is at most 2.5 %. Below six values
    there is none, and the interval has no end.
    """
    ordered = np.sort(np.asarray(values, np.float64))
    n = len(ordered)
    count = sum(special.bdtr(k, n, 0.5) <= TAIL for k in range(n))
    return float(ordered[count - 1]) if count else -math.inf


def median_between(values: Sequence[float] | np.ndarray) -> tuple[float, float, float]:
    """Return the median and the ends of its 95 % interval, see `median_at_least`."""
    numbers = np.asarray(values, np.float64)
    low, high = median_at_least(numbers), -median_at_least(-numbers)
    return float(np.median(numbers)), low, high
