"""Predict how long a plan takes, by who carries it and by how many workers.

Nothing is timed here: the stacks of a plan, with the time that each is guessed to take,
are given out to workers on paper, as they would be to real ones.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence, Set
from typing import NamedTuple

from ablations.running.jobs import Job
from ablations.running.plan import SECONDS_TO_MEASURE, SECONDS_TO_STORE, Plan
from ablations.running.schedule import Schedule, Turn


class Crew(NamedTuple):
    """What was measured of those who carry a plan.

    Attributes:
        start: Seconds until the first worker trains.
        beside: How much longer a job takes while other workers train, too.
    """

    start: float
    beside: float


CREWS = {
    "local": Crew(5.0, 1.1),
    "processes": Crew(5.0, 1.1),
    "ray": Crew(12.0, 1.1),
}


def predict(plan: Plan, executor: str = "local", workers: int = 1) -> float:
    """Return about how many seconds a command takes that does all of a plan.

    Runs that tuning chooses come after all others. The command itself stores all
    results, one after the other, so that no number of workers is faster than that.

    Args:
        plan: What to do.
        executor: Who carries it: `local`, `processes` or `ray`.
        workers: How many train at once, each on a core of its own.
    """
    crew = CREWS[executor]
    longer = crew.beside if workers > 1 else 1.0
    seconds = crew.start + SECONDS_TO_MEASURE * len(plan.measurements)
    schedule = _InOrder() if executor == "local" else Schedule()
    # Threads share what is compiled.
    shared: dict[int, float] = {}
    ready = [shared if executor == "local" else {} for _ in range(workers)]
    for stacks in (plan.stacks, plan.later):
        schedule.add(Job(str, s, s.name, s.program, s.work) for s in stacks)
        storing = SECONDS_TO_STORE * sum(stack.num_runs for stack in stacks)
        seconds += max(storing, longer * _until_done(schedule, ready))
        for programs in ready:
            programs.update(dict.fromkeys(programs, 0.0))
    return seconds


class _InOrder(Schedule):
    """The jobs that nobody has yet, in the order in which threads take them."""

    def __init__(self) -> None:
        super().__init__()
        self._order: deque[Turn] = deque()

    def put_back(self, turn: Turn) -> None:
        self._order.append(turn)

    def take(self, own: Set[int], others: Set[int]) -> Turn | None:
        return self._order.popleft() if self._order else None


def _until_done(schedule: Schedule, ready: Sequence[dict[int, float]]) -> float:
    """Return when the last worker is done, given when each has its programs ready."""
    free = [(0.0, worker) for worker in range(len(ready))]
    last = 0.0
    while free:
        now, worker = heapq.heappop(free)
        mine = ready[worker]
        others = set[int]().union(*(each for each in ready if each is not mine))
        turn = schedule.take(mine.keys(), others)
        if turn is None:
            continue  # There will be nothing for this one later, either.
        if turn.program not in mine:
            mine[turn.program] = now + turn.job.what.seconds_to_compile
        now = max(now, mine[turn.program]) + turn.job.what.seconds
        last = max(last, now)
        heapq.heappush(free, (now, worker))
    return last


def describe_time(plan: Plan) -> str:
    """Say how long a command takes that does all of a plan, on one core and on two."""
    if not plan.num_steps:
        return "nothing to do"
    one, two = (predict(plan, "local", workers) for workers in (1, 2))
    return f"about {two:,.0f} s on two cores, {one:,.0f} s on one"
