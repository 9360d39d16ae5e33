"""Carry out jobs in processes of their own, one thread each.

Python itself, which traces programs and stores results, then holds up nobody else, and
memory that a program leaves behind goes with its process.
The pools of the standard library and of loky lose all jobs where one worker dies, and
cannot send a job to the worker that has compiled for it; hence processes, each with a
socket of its own. They end when this process does, however it ends.
"""

from __future__ import annotations

import contextlib
import pickle
import signal
import socket
import struct
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait

from ablations.running.dispatch import MEMORY_OF_WORKER, Message
from ablations.running.jobs import Job
from ablations.running.machine import memory_gib, num_cores
from ablations.running.nursery import Nursery
from ablations.running.worker import packed
from ablations.training.devices import may_have_gpu

SHARE_OF_MEMORY = 0.5
"""All workers are renewed before they use more than so much of the machine's memory."""

LONGEST_WRITE = 60
"""Seconds after which a worker that takes no more bytes counts as lost."""


class ProcessWorker:
    """A process that does jobs.

    Args:
        nursery: Who starts it, and ends it.
    """

    def __init__(self, nursery: Nursery) -> None:
        """Have the process started; it is ready later."""
        ours, theirs = socket.socketpair()
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            # A process that was stopped must not stop this one.
            limit = struct.pack("@ll", LONGEST_WRITE, 0)
            ours.setsockopt(socket.SOL_SOCKET, option, limit)
        self.connection = Connection(ours.detach())
        with theirs:
            try:
                self._nursery, self._number = nursery, nursery.bear(theirs)
            except OSError:
                self.connection.close()
                raise
        self._has_ended = False

    def give(self, number: int, job: Job) -> None:
        """Send a job; a worker that has died is noticed when it is listened to.

        Raises:
            ConfigError: If the job is made of what another process cannot have.
        """
        sent = packed(number, job)
        with contextlib.suppress(OSError):
            self.connection.send_bytes(sent)

    def hear(self) -> Message:
        """Return the next word of the worker, once there is one."""
        try:
            return pickle.loads(self.connection.recv_bytes())  # noqa: S301 (ours)
        except (EOFError, OSError):
            return Message("lost", content=self._how_it_ended())

    def stop(self) -> None:
        """End the process at once."""
        if not self._has_ended:
            self._nursery.end(self._number)
        self.connection.close()

    def _how_it_ended(self) -> str:
        code = self._nursery.how_it_ended(self._number)
        self._has_ended = True
        if code is None:
            return "ended, nobody knows how"
        if code >= 0:
            return f"ended with exit code {code}"
        return f"was ended by {signal.Signals(-code).name}"


class ProcessCrew:
    """Whoever starts worker processes; see `ablations.running.dispatch.Crew`.

    Args:
        device: Where they train.
        most: Processes at most; one for every core, or one for a GPU, if 0.
    """

    def __init__(self, device: str, most: int = 0) -> None:
        """Start none yet."""
        self._device, self._most = device, most
        self._nursery: Nursery | None = None

    def open(self) -> tuple[int, float]:
        """Return how many processes there may be, and how large each."""
        own = 1 if may_have_gpu(self._device) else num_cores()
        number = min(own, self._most or own)
        share = SHARE_OF_MEMORY * memory_gib() * 2**30 / number
        return number, min(MEMORY_OF_WORKER, share)

    def hire(self) -> ProcessWorker:
        """Start a process."""
        if self._nursery is not None:
            with contextlib.suppress(OSError):
                return ProcessWorker(self._nursery)
            self.close()
        self._nursery = Nursery(self._device)
        return ProcessWorker(self._nursery)

    def listen(
        self, workers: Sequence[ProcessWorker], seconds: float
    ) -> list[tuple[ProcessWorker, Message]]:
        """Return one word of everybody who has said one in so many seconds."""
        ready = wait([worker.connection for worker in workers], seconds)
        heard = [worker for worker in workers if worker.connection in ready]
        return [(worker, worker.hear()) for worker in heard]

    def close(self) -> None:
        """End whoever starts processes."""
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None
