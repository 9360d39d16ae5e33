"""Do jobs for another process, as long as that one lives."""

from __future__ import annotations

import os
import pickle
import queue
import threading
from multiprocessing.connection import Connection

from ablations.running.dispatch import AT_START, Message
from ablations.running.jobs import Job
from ablations.running.machine import unshared_bytes
from ablations.training.devices import XLA_OPTIONS
from models.config import ConfigError

SECONDS_BETWEEN_WORDS = 10.0

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "NPROC": "1",
}
"""There is a worker for every core; more threads would only wait for each other.

JAX has as many as `NPROC` says, and cuts loops into parts for them, which took a fifth
more of the processor.
"""

COMPILED_WHOLE = "--xla_cpu_parallel_codegen_split_count=1"
"""A program cut into parts for threads that compile them costs a tenth more.

With our other options the numbers are the same to the last bit.
"""


def environment() -> dict[str, str]:
    """Return what the environment of a worker must have: one thread, our backend."""
    flags = os.environ.get("XLA_FLAGS", XLA_OPTIONS)
    if flags == XLA_OPTIONS:
        flags = f"{flags} {COMPILED_WHOLE}"
    chosen = {k: v for k, v in os.environ.items() if k == "KERAS_BACKEND"}
    return {**chosen, **ONE_THREAD, "XLA_FLAGS": flags}


def packed(number: int, job: Job) -> bytes:
    """Return a job as it is sent to a worker.

    Raises:
        ConfigError: If the job is made of what another process cannot have.
    """
    try:
        return pickle.dumps((number, job.do, job.what), pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ConfigError(
            f"`executor` must be 'local' for {job.name}: what it is made of cannot"
            f" be sent to another process ({error})."
        ) from error


def serve(number: int, device: str) -> None:
    """Do jobs until the other end of a socket is closed.

    Args:
        number: File descriptor of the socket.
        device: Where to train.
    """
    voice = _Voice(Connection(number))
    for listens in (voice.listen, voice.stay_alive):
        threading.Thread(target=listens, daemon=True).start()
    first = made_ready(device)
    voice.say(said(first))
    while first.kind == "ready":
        voice.say(done(voice.jobs.get()))


def made_ready(device: str) -> Message:
    """Load the backend, and return what is said of that."""
    try:
        from ablations.training.devices import load_backend

        load_backend(device)
        from ablations.running.work import machine

        return Message("ready", AT_START, machine(), unshared_bytes())
    except Exception as error:
        return Message("raised", AT_START, _sendable(error))


def done(sent: bytes) -> bytes:
    """Do a job that was packed, and return what is said of it, as it is sent."""
    number = AT_START
    try:
        number, do, what = pickle.loads(sent)  # noqa: S301 (from our driver)
        return said(Message("done", number, do(what), unshared_bytes()))
    except Exception as error:
        return said(Message("raised", number, _sendable(error), unshared_bytes()))


def said(message: Message) -> bytes:
    """Return a message as it is sent to whoever gave the job."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


class _Voice:
    """The end of the socket at which jobs come in and results go out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._saying = threading.Lock()
        self.jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen(self) -> None:
        while True:
            try:
                self.jobs.put(self._connection.recv_bytes())
            except (EOFError, OSError):
                # Nobody is there to hear the answer, so it is not waited for.
                os._exit(0)

    def stay_alive(self) -> None:
        while True:
            self.say(said(Message("alive", memory=unshared_bytes())))
            threading.Event().wait(SECONDS_BETWEEN_WORDS)

    def say(self, message: bytes) -> None:
        with self._saying:
            try:
                self._connection.send_bytes(message)
            except OSError:
                os._exit(0)


def _sendable(error: Exception) -> Exception:
    """Return an error, in place of one that cannot be sent one of the same words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
