"""Carry out jobs in processes of their own, one thread each.

Python itself, which traces programs and stores results, then holds up nobody else, and
memory that a program leaves behind goes with its process.
The pools of the standard library and of loky lose all jobs where one worker dies, and
cannot send a job to the worker that has compiled for it; hence processes, each with a
socket of its own. They end when this process does, however it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait

from ablations.running.dispatch import MEMORY_OF_WORKER, Message
from ablations.running.jobs import Job
from ablations.running.machine import memory_gib, num_cores
from ablations.running.worker import environment, packed
from ablations.training.devices import may_have_gpu

SHARE_OF_MEMORY = 0.5
"""All workers are renewed before they use more than so much of the machine's memory."""

LONGEST_WRITE = 60
"""Seconds after which a worker that takes no more bytes counts as lost."""

SECONDS_TO_END = 5.0

PROGRAM = """\
import json, sys
number, device, *sys.path = json.loads(sys.argv[1])
from ablations.running.worker import serve
serve(number, device)
"""
"""What a worker runs: the code of this process, found where this one finds it.

It imports no script of the user a second time, as `multiprocessing` would.
"""


class ProcessWorker:
    """A process that does jobs.

    Args:
        device: Where it trains.
    """

    def __init__(self, device: str) -> None:
        """Start the process; it is ready later."""
        ours, theirs = socket.socketpair()
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            # A process that was stopped must not stop this one.
            limit = struct.pack("@ll", LONGEST_WRITE, 0)
            ours.setsockopt(socket.SOL_SOCKET, option, limit)
        with theirs:
            told = json.dumps([theirs.fileno(), device, *sys.path])
            self._process = subprocess.Popen(  # noqa: S603 (our own code)
                [sys.executable, "-c", PROGRAM, told],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **environment()},
                # Ctrl-C is for this process, which ends the others.
                start_new_session=True,
            )
        self.connection = Connection(ours.detach())

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
        self._process.kill()
        self._process.wait()
        self.connection.close()

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return "was stuck"
        if code >= 0:
            return f"ended with exit code {code}"
        return f"was ended by {signal.Signals(-code).name}"


class ProcessCrew:
    """Whoever starts worker processes; see `ablations.running.dispatch.Crew`.

    Args:
        device: Where they train.
        num_workers: Processes at most; one for every core, or one for a GPU, if 0.
    """

    def __init__(self, device: str, num_workers: int = 0) -> None:
        """Start none yet."""
        self._device, self._num_workers = device, num_workers

    def open(self) -> tuple[int, float]:
        """Return how many processes there may be, and how large each."""
        own = 1 if may_have_gpu(self._device) else num_cores()
        number = self._num_workers or own
        share = SHARE_OF_MEMORY * memory_gib() * 2**30 / number
        return number, min(MEMORY_OF_WORKER, share)

    def hire(self) -> ProcessWorker:
        """Start a process."""
        return ProcessWorker(self._device)

    def listen(
        self, workers: Sequence[ProcessWorker], seconds: float
    ) -> list[tuple[ProcessWorker, Message]]:
        """Return one word of everybody who has said one in so many seconds."""
        ready = wait([worker.connection for worker in workers], seconds)
        heard = [worker for worker in workers if worker.connection in ready]
        return [(worker, worker.hear()) for worker in heard]

    def close(self) -> None:
        """Do nothing: nothing but processes was opened."""
