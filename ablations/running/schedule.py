"""Decide which worker gets which job, so that little is compiled twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Set
from typing import NamedTuple

from ablations.running.jobs import Job

SECONDS_TO_COMPILE = 3.0
"""Work that is left of a program for which another worker compiles it too."""


class Turn(NamedTuple):
    """A job, and the number of the program that it needs."""

    program: int
    job: Job


class Schedule:
    """The jobs that nobody has yet, by what is compiled for them.

    A worker goes on with what it has compiled. What nobody has compiled comes next, in
    turn, and of one turn the most expensive first, so that nothing large is left for
    the end. Then a worker helps another, where that is worth compiling a program once
    more.
    """

    def __init__(self) -> None:
        """Begin without jobs."""
        self._numbers: dict[Hashable, int] = {}
        self._turns: dict[int, deque[Turn]] = {}
        self._seconds: dict[int, float] = {}
        self._in_turn: dict[int, int] = {}

    def __len__(self) -> int:
        """Return how many jobs are left."""
        return sum(map(len, self._turns.values()))

    def clear(self) -> None:
        """Forget all jobs that are left."""
        self._turns, self._seconds, self._in_turn = {}, {}, {}

    def add(self, jobs: Iterable[Job]) -> None:
        """Add jobs; those of one program stay in order."""
        for job in jobs:
            program = job if job.program is None else job.program
            number = self._numbers.setdefault(program, len(self._numbers))
            self._in_turn[number] = job.turn
            self.put_back(Turn(number, job))

    def put_back(self, turn: Turn) -> None:
        """Add a job that was taken and was not done."""
        self._turns.setdefault(turn.program, deque()).append(turn)
        before = self._seconds.get(turn.program, 0.0)
        self._seconds[turn.program] = before + turn.job.seconds

    def take(self, own: Set[int], others: Set[int]) -> Turn | None:
        """Return the next job of a worker, None where it had better have none.

        Args:
            own: The programs that the worker has compiled.
            others: Those that other workers have compiled.
        """
        left = self._seconds
        going_on = [program for program in left if program in own]
        new = [program for program in left if program not in others]
        if going_on or new:
            return self._pop(max(going_on or new, key=self._urgency))
        shared = max(left, key=left.__getitem__, default=None)
        if shared is None or left[shared] < SECONDS_TO_COMPILE:
            return None
        return self._pop(shared)

    def _urgency(self, program: int) -> tuple[int, float]:
        return -self._in_turn[program], self._seconds[program]

    def _pop(self, program: int) -> Turn:
        turns = self._turns[program]
        turn = turns.popleft()
        self._seconds[program] -= turn.job.seconds
        if not turns:
            del self._turns[program], self._seconds[program]
        return turn
