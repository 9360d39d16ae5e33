"""Choose who carries out jobs: threads of this process, processes, or Ray."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import chain, islice
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from ablations.running.dispatch import MOST_PROGRAMS, Dispatcher
from ablations.running.jobs import Executor, Job
from ablations.running.machine import num_cores
from ablations.training.devices import load_backend
from models.config import one_of, requirement

Item = TypeVar("Item")
Result = TypeVar("Result")


EXECUTORS = ("auto", "local", "processes", "ray")

MOST_WORKERS = 4
"""Stacks that train at once, at most: each also uses several threads of its own."""


class Queue(Iterator[Item]):
    """Items in order, of which there may be more after the last one was taken.

    Args:
        items: The first; without any it is closed.
    """

    def __init__(self, items: Iterable[Item] | None = None) -> None:
        """Take the first items."""
        self.is_open = items is not None
        self._items = deque(items or ())

    def add(self, item: Item) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def __next__(self) -> Item:
        """Take the next item; where there is none now, there may be one later."""
        if not self._items:
            raise StopIteration
        return self._items.popleft()


def make_executor(name: str, device: str) -> Executor:
    """Return the executor of a name; nothing is imported or started yet.

    Args:
        name: One of `EXECUTORS`; `auto` means `local`, as processes cost as much time
            on two cores. `ray:ADDRESS` names a cluster that is there.
        device: Where to train: `auto`, `cpu` or `gpu`.

    Raises:
        ConfigError: If there is no such executor, or Ray is not installed.
    """
    kind, colon, address = name.partition(":")
    one_of("executor", kind, EXECUTORS)
    if colon and not (kind == "ray" and address):
        must = "must be a name alone, or ray:ADDRESS"
        raise requirement("executor", must, name)
    if kind == "processes":
        return _processes(device)
    if kind == "ray":
        from ablations.running.actors import ActorCrew

        return Dispatcher(ActorCrew(device, address))
    return Local(device)


def _processes(device: str, most: int = 0) -> Executor:
    from ablations.running.processes import ProcessCrew

    return Dispatcher(ProcessCrew(device, most))


class Local:
    """Carry out jobs in threads of this process; see `ablations.running.jobs.Executor`.

    Where jobs need more programs than it may compile, processes that end with the
    memory of theirs do what it has not compiled for already, and go on with all that
    comes later: they have compiled for most of that.

    Args:
        device: Where to train.
        most_programs: Programs that it may compile.
        hire: Returns who does the rest, given the device and how many at most.
    """

    def __init__(
        self,
        device: str,
        most_programs: int = MOST_PROGRAMS,
        hire: Callable[[str, int], Executor] = _processes,
    ) -> None:
        """Import no backend yet."""
        self._device, self._most_programs, self._hire = device, most_programs, hire
        self._others: Executor | None = None
        self._programs: set[Hashable] = set()
        self._ours: Queue[Job] = Queue()
        self._theirs: list[Job] = []
        self._machine: dict[str, object] = {}

    def begin(self) -> None:
        """Do nothing: nobody else would import the backend."""

    def machine(self) -> dict[str, object]:
        """Return what is stored beside every run."""
        if not self._machine and self._others:
            self._machine = self._others.machine()
        if not self._machine:
            load_backend(self._device)
            from ablations.running.work import machine

            self._machine = machine()
        return self._machine

    def carry(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
        """Yield every job with its result, what needs the whole machine first."""
        asked = {job.program for job in jobs if job.program is not None}
        fits = len(self._programs | asked) <= self._most_programs
        if fits and self._others is None:
            self._programs |= asked
            yield from self._in_threads(jobs)
            return
        ours = {job for job in jobs if job.program in self._programs or job.is_own}
        self._theirs = [job for job in jobs if job not in ours]
        if ours:
            yield from self._in_threads([job for job in jobs if job in ours])
        if self._others is None:
            self._others = self._hire(self._device, MOST_WORKERS)
        jobs, self._theirs = self._theirs, []
        yield from self._others.carry(jobs)

    def add(self, jobs: Sequence[Job]) -> None:
        """Add jobs to those that are carried out, by whom has compiled for them."""
        for job in jobs:
            if self._ours.is_open and (job.program in self._programs or job.is_own):
                self._ours.add(job)
            elif self._ours.is_open or self._others is None:
                self._theirs.append(job)
            else:
                self._others.add([job])

    def _in_threads(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
        load_backend(self._device)
        from ablations.training.backend import gpu_names

        for job in jobs:
            if job.alone == "machine":
                yield job, job()
        in_turn = [job for job in jobs if job.alone == "process"]
        self._ours = Queue(job for job in jobs if not job.alone)
        workers = num_workers(num_cores(), on_gpu=bool(gpu_names()))
        # Threads of NumPy's products would wait for each other, and keep cores busy.
        limit = 1 if workers > 1 else None
        try:
            with threadpool_limits(limit, user_api="blas"):
                yield from run_concurrently(Job.__call__, self._ours, workers, in_turn)
        finally:
            self._ours = Queue()

    def close(self) -> None:
        """End the processes; threads end with what they do."""
        if self._others:
            self._others.close()


def num_workers(cores: int, *, on_gpu: bool) -> int:
    """Return how many stacks to train at once.

    On processors, element-wise work of one stack fills the cores that another leaves
    idle, and one is compiled while another trains. A GPU takes them one by one.
    """
    return 1 if on_gpu else max(1, min(cores, MOST_WORKERS))


def run_concurrently(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int,
    in_turn: Iterable[Item] = (),
) -> Iterator[tuple[Item, Result]]:
    """Yield every item with its result, as each is finished.

    An error ends the work: what has not started does not start, and what is running is
    not waited for.

    Args:
        function: Called with an item, in a thread of its own where `workers` > 1.
        items: What to work on; no more than `workers` are taken ahead of results.
        workers: Number of items to work on at once.
        in_turn: More items, never two at once, each beside items of the others.
    """
    if workers == 1:
        for item in chain(in_turn, items):
            yield item, function(item)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="stack")
    rest, turns = iter(items), iter(in_turn)
    running: dict[Future[Result], Item] = {}
    turn: Future[Result] | None = None
    try:
        while True:
            if turn not in running:
                for item in islice(turns, 1):
                    turn = pool.submit(function, item)
                    running[turn] = item
            for item in islice(rest, workers - len(running)):
                running[pool.submit(function, item)] = item
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
