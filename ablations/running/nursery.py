"""Start worker processes at once, from one that has imported what takes seconds.

    python -c ... nursery.serve(NUMBER, DEVICE)  imports it, and forks when it is asked

Forked it is while it has one thread and has used no backend. Where that cannot be, it
starts every worker as a Python of its own. All end when their driver does.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys

from ablations.running.worker import environment
from ablations.running.worker import serve as work
from ablations.training.devices import import_backend, may_have_gpu

SECONDS_TO_END = 2.0
SECONDS_TO_ANSWER = 60.0

MOMENT = 0.5
"""Seconds in which a worker that ends by itself has ended."""

NUM_BYTES = 8
"""Length of a number as it is sent."""

NO_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""Without it Arrow, which pandas imports, starts a thread, and none may fork then."""

PROGRAM = """\
import json, sys
name, number, device, *sys.path = json.loads(sys.argv[1])
from importlib import import_module
import_module(name).serve(number, device)
"""
"""What a process runs: the code of this one, found where this one finds it.

It imports no script of the user a second time, as `multiprocessing` would.
"""


def start(name: str, number: int, device: str) -> subprocess.Popen[bytes]:
    """Start a Python that serves a socket.

    Args:
        name: Module of which it calls `serve`.
        number: File descriptor of the socket.
        device: Where it trains.
    """
    told = json.dumps([name, number, device, *sys.path])
    return subprocess.Popen(  # noqa: S603 (our own code)
        [sys.executable, "-c", PROGRAM, told],
        stdin=subprocess.DEVNULL,
        pass_fds=[number],
        env={**os.environ, **environment(), **NO_THREAD},
        # Ctrl-C is for the driver, which ends the others.
        start_new_session=True,
    )


def _sent(number: int) -> bytes:
    return f"{number:{NUM_BYTES}d}".encode()


class Nursery:
    """The driver's side: a process that starts others.

    Args:
        device: Where they train.
    """

    def __init__(self, device: str) -> None:
        """Start it; what it is asked meanwhile it does later."""
        self._control, theirs = socket.socketpair()
        self._control.settimeout(SECONDS_TO_ANSWER)
        with theirs:
            self._process = start(__name__, theirs.fileno(), device)
        self._num_born = 0

    def bear(self, connection: socket.socket) -> int:
        """Have a worker started that serves a socket, and return its number.

        Raises:
            OSError: If this process has died.
        """
        self._num_born += 1
        said = [_sent(self._num_born)]
        socket.send_fds(self._control, said, [connection.fileno()])
        return self._num_born

    def end(self, number: int) -> None:
        """End a worker at once; nobody waits for that."""
        with contextlib.suppress(OSError):
            self._control.send(_sent(-number))

    def how_it_ended(self, number: int) -> int | None:
        """Return the exit code of a worker that ends, None where nobody knows it."""
        with contextlib.suppress(OSError, ValueError):
            self._control.send(_sent(number))
            return int(self._control.recv(NUM_BYTES))
        return None

    def close(self) -> None:
        """End it, with all workers that are left."""
        self._control.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Fork:
    """A fork of this process, as far as `subprocess.Popen` is needed."""

    def __init__(self, number: int, device: str, control: socket.socket) -> None:
        """Fork; only the fork goes on to serve."""
        self._pid = os.fork()
        if not self._pid:
            control.close()
            os.setsid()
            # What was imported ends with the process; nothing is looked through.
            try:
                work(number, device)
            finally:
                os._exit(1)
        self._handle = os.pidfd_open(self._pid)

    def kill(self) -> None:
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        if not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("fork", timeout or 0.0)
        _, status = os.waitpid(self._pid, 0)
        os.close(self._handle)
        return os.waitstatus_to_exitcode(status)


def serve(number: int, device: str) -> None:
    """Start and end workers until the driver is gone.

    Args:
        number: File descriptor of a socket. A number with a socket asks for a worker,
            one alone for the exit code of that worker, which ends, one below zero to
            end it without a word.
        device: Where workers train.
    """
    control = socket.socket(fileno=number)
    forks = _is_ready_to_fork(device)
    workers: dict[int, _Fork | subprocess.Popen[bytes]] = {}
    while True:
        said, given, _, _ = socket.recv_fds(control, NUM_BYTES, 1)
        if not said:
            break
        name = int(said)
        if given:
            workers[name] = (
                _Fork(given[0], device, control)
                if forks
                else start("ablations.running.worker", given[0], device)
            )
            os.close(given[0])
            continue
        code = _ended(workers.pop(abs(name)), MOMENT if name > 0 else 0.0)
        if name > 0:
            control.send(_sent(code))
    for worker in workers.values():
        worker.kill()
    os._exit(0)


def _ended(worker: _Fork | subprocess.Popen[bytes], seconds: float) -> int:
    """End a worker, unless it has done so itself within so many seconds."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return worker.wait(seconds)
    worker.kill()
    return worker.wait()


def _is_ready_to_fork(device: str) -> bool:
    """Import what workers need, where a fork of it can be used."""
    if sys.platform != "linux" or may_have_gpu(device):
        return False
    import_backend(device)
    from ablations.running import work as _  # noqa: F401 - forks have it, too

    gc.freeze()
    return len(os.listdir("/proc/self/task")) == 1
