"""Have workers carry out jobs, whatever becomes of the workers.

What a worker is, a process here or an actor on a cluster, is left to a `Crew`. Whoever
dies, or says nothing for too long, costs the job that it had, which another one gets;
what is said twice, or by a worker that was given up, is not heard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ablations.running.jobs import Failure, Job, NoWorker
from ablations.running.machine import describe_machine
from ablations.running.schedule import Schedule, Turn

TRIES = 3
"""Workers that are lost with a job before it is given up."""

LONGEST_SILENCE = 120.0
"""Seconds without a word after which a worker is given up."""

LONGEST_JOB = 3600.0
TIMES_THE_GUESS = 100.0
"""A job may take so many seconds, and so many times what was guessed on top."""

MOST_PROGRAMS = 32
"""Programs that a process compiles: what is compiled is never released."""

MEMORY_OF_WORKER = 0.75 * 2**30
"""Main memory in bytes of its own with which a worker is renewed, at most."""

SECONDS_BETWEEN_LOOKS = 1.0

AT_START = 0
"""Number of a message about no job."""


@dataclass(frozen=True)
class Message:
    """A word of a worker.

    Attributes:
        kind: It is `ready`, or `alive`; it has `done` a job, or an error was `raised`;
            or, as its crew sees, it is `lost`.
        number: Number of the job.
        content: The machine, the result, the error, or why the worker is lost.
        memory: Main memory of the worker in bytes, 0 where that is unknown.
    """

    kind: Literal["ready", "alive", "done", "raised", "lost"]
    number: int = AT_START
    content: Any = None
    memory: int = 0


class Worker(Protocol):
    """Somebody who does one job at a time."""

    def give(self, number: int, job: Job) -> None:
        """Send a job; whatever goes wrong is said by a message.

        Raises:
            ConfigError: If the job cannot be sent to anybody.
        """

    def stop(self) -> None:
        """End the worker at once, with what it does."""


class Crew(Protocol):
    """Whoever hires workers and hears what they say."""

    def open(self) -> tuple[int, float]:
        """Make ready to hire.

        Returns:
            Workers at most, and the main memory in bytes with which one is renewed
            before it compiles anything more.

        Raises:
            ConfigError: If nobody can be hired for what was asked for.
        """

    def hire(self) -> Worker:
        """Return a new worker, who may take a while to be ready."""

    def listen(
        self, workers: Sequence[Any], seconds: float
    ) -> list[tuple[Any, Message]]:
        """Return what workers have said, after so many seconds at the latest.

        Args:
            workers: Whom this crew has hired.
            seconds: How long to wait where nobody says anything.

        Returns:
            At most one word of each.
        """

    def close(self) -> None:
        """Let go of whatever was opened, once all workers are stopped."""


_Found = tuple[Job, Any, dict[str, object] | None]
"""A job, its result, and the machine of the worker that gave it, if any did."""


@dataclass(eq=False)
class _Seat:
    """A worker and what the dispatcher knows of it."""

    worker: Worker
    heard: float
    machine: dict[str, object] | None = None
    programs: set[int] = field(default_factory=set)
    memory: int = 0
    turn: Turn | None = None
    number: int = -1
    until: float = 0.0


class Dispatcher:
    """Let a crew carry out jobs; an `ablations.running.jobs.Executor`.

    Args:
        crew: Who hires workers.
        clock: Tells the seconds that went by.
    """

    def __init__(self, crew: Crew, clock: Callable[[], float] = time.monotonic) -> None:
        """Hire nobody yet."""
        self._crew, self._clock = crew, clock
        self._num_workers, self._most_memory = 0, 0.0
        self._schedule = Schedule()
        self._seats: list[_Seat] = []
        self._lost: dict[Job, int] = {}
        self._machine: dict[str, object] | None = None
        self._num_given = self._num_unready = 0

    def begin(self) -> None:
        """Hire all workers."""
        if not self._num_workers:
            self._num_workers, self._most_memory = self._crew.open()
        while len(self._seats) < self._num_workers:
            self._hire()

    def machine(self) -> dict[str, object]:
        """Return what a worker says of its machine: who gave the last result.

        Before there is one, that is the first worker that is ready.
        """
        self.begin()
        while self._machine is None:
            list(self._heard())
        return self._machine

    def carry(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
        """Yield every job once with its result, or with a `Failure`."""
        self._forget()
        self._schedule.add(job for job in jobs if job.alone != "machine")
        self.begin()
        while len(self._schedule) or any(seat.turn for seat in self._seats):
            self._give()
            found = list(self._heard())
            # Nobody waits while results are stored.
            self._give()
            for job, result, machine in found:
                self._machine = machine or self._machine
                yield job, result
        for job in jobs:
            if job.alone == "machine":
                result = job()
                self._machine = {**(self._machine or {}), **describe_machine()}
                yield job, result

    def add(self, jobs: Sequence[Job]) -> None:
        """Add jobs to those that are carried out."""
        self._schedule.add(jobs)

    def close(self) -> None:
        """End all workers."""
        while self._seats:
            self._seats.pop().worker.stop()
        if self._num_workers:
            self._crew.close()
            self._num_workers = 0

    def _forget(self) -> None:
        """Forget jobs of an earlier call that an error has ended."""
        self._schedule.clear()
        for seat in self._seats:
            seat.turn = None

    def _hire(self) -> _Seat:
        seat = _Seat(self._crew.hire(), self._clock())
        self._seats.append(seat)
        return seat

    def _dismiss(self, seat: _Seat) -> None:
        self._seats.remove(seat)
        seat.worker.stop()

    def _give(self) -> None:
        """Give everybody who has nothing to do a job."""
        for seat in [seat for seat in self._seats if seat.turn is None]:
            others = set[int]().union(*(s.programs for s in self._seats if s != seat))
            turn = self._schedule.take(seat.programs, others)
            if turn is None:
                continue
            if turn.program not in seat.programs and self._is_full(seat):
                self._dismiss(seat)
                seat = self._hire()
            self._num_given += 1
            seat.turn, seat.number = turn, self._num_given
            seat.programs.add(turn.program)
            longest = LONGEST_JOB + TIMES_THE_GUESS * turn.job.seconds
            seat.until = self._clock() + longest
            seat.worker.give(seat.number, turn.job)

    def _is_full(self, seat: _Seat) -> bool:
        many = len(seat.programs) >= MOST_PROGRAMS
        return bool(seat.programs) and (many or seat.memory > self._most_memory)

    def _heard(self) -> Iterator[_Found]:
        """Wait for what workers say, and yield what is finished."""
        seats = {id(seat.worker): seat for seat in self._seats}
        workers = [seat.worker for seat in self._seats]
        for worker, message in self._crew.listen(workers, SECONDS_BETWEEN_LOOKS):
            seat = seats[id(worker)]
            seat.heard = self._clock()
            seat.memory = message.memory or seat.memory
            asked = seat.turn is not None and message.number == seat.number
            if message.kind == "ready":
                seat.machine, self._num_unready = message.content, 0
                self._machine = self._machine or seat.machine
            elif message.kind == "lost":
                yield from self._replace(seat, str(message.content))
            elif message.kind == "raised" and (asked or message.number == AT_START):
                raise message.content
            elif message.kind == "done" and asked and seat.turn is not None:
                job, seat.turn = seat.turn.job, None
                self._lost.pop(job, None)
                yield job, message.content, seat.machine
        yield from self._give_up()

    def _give_up(self) -> Iterator[_Found]:
        """Replace whoever is silent, or takes for ever."""
        now = self._clock()
        for seat in list(self._seats):
            if now - seat.heard > LONGEST_SILENCE:
                why = f"said nothing for {LONGEST_SILENCE:.0f} seconds"
                yield from self._replace(seat, why)
            elif seat.turn and now > seat.until:
                longest = LONGEST_JOB + TIMES_THE_GUESS * seat.turn.job.seconds
                yield from self._replace(seat, f"took more than {longest:,.0f} seconds")

    def _replace(self, seat: _Seat, why: str) -> Iterator[_Found]:
        """Hire somebody else, who gets the job, unless it has cost too many."""
        if seat not in self._seats:
            return
        self._dismiss(seat)
        if seat.machine is None:
            self._num_unready += 1
            nobody = not any(other.machine for other in self._seats)
            if nobody and self._num_unready > TRIES * self._num_workers:
                raise NoWorker(f"No worker can be started; the last one {why}.")
        self._hire()
        if seat.turn is None:
            return
        if seat.machine is None:
            self._schedule.put_back(seat.turn)
            return
        job = seat.turn.job
        self._lost[job] = self._lost.get(job, 0) + 1
        if self._lost[job] < TRIES:
            self._schedule.put_back(seat.turn)
            return
        del self._lost[job]
        reason = f"{TRIES} workers were lost; the last one {why}"
        yield job, Failure(job.name, reason), None
