"""Say what a piece of work is, and what whoever carries it out must do."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, eq=False)
class Job:
    """A piece of work that any process can do.

    Attributes:
        do: What to call, a function of a module.
        what: What it is called with.
        name: What it is, for people who watch.
        program: What is compiled for it; None for nothing.
        seconds: Guess of the time that it takes.
        alone: What it must have for itself: nothing, the one place in a process where
            such jobs take turns, or the whole machine, since it is timed.
        is_own: Whether it calls code of the user's, which only this process imported.
        turn: Programs of a lower number are begun before those of a higher one.
    """

    do: Callable[[Any], Any]
    what: Any
    name: str
    program: Hashable = None
    seconds: float = 1.0
    alone: Literal["", "process", "machine"] = ""
    is_own: bool = False
    turn: int = 0

    def __call__(self) -> Any:
        """Do it."""
        return self.do(self.what)


@dataclass(frozen=True)
class Failure:
    """What a job has in place of a result.

    Attributes:
        name: Name of the job.
        reason: Why there is none, in a few words.
    """

    name: str
    reason: str


class RunsLost(Exception):
    """Say which work was lost with one worker after the other.

    Args:
        failures: What was lost.
    """

    def __init__(self, failures: Sequence[Failure]) -> None:
        """Put it into lines."""
        lines = [f"Not done: {one.name}; {one.reason}." for one in failures]
        last = "All else is stored; the same command tries the rest again."
        super().__init__("\n".join([*lines, last]))


class NoWorker(Exception):
    """Say that nobody can be had to carry out jobs."""


class Executor(Protocol):
    """Carry out jobs, several at once; it is used by one thread."""

    def begin(self) -> None:
        """Have others make ready, without waiting for them.

        Without this they begin with the first jobs.
        """

    def machine(self) -> dict[str, object]:
        """Return what is stored beside a run: its machine, versions and device.

        While results are yielded, that is where the last one was made.

        Raises:
            ConfigError: If the device is not there.
        """

    def carry(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
        """Yield every job once with its result, as each is finished.

        Where whoever had a job was lost three times, its result is a `Failure`; an
        error that a job raises is raised here and ends the work.

        Raises:
            ConfigError: If the device is not there.
        """

    def add(self, jobs: Sequence[Job]) -> None:
        """Add jobs to those that are carried out, before the next result is asked for.

        They may have any process, and the programs of jobs that are done.
        """

    def close(self) -> None:
        """End all work at once; does nothing the second time."""
