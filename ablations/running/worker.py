"""Do jobs for another process, as long as that one lives."""

from __future__ import annotations

import os
import pickle
import queue
import threading
from multiprocessing.connection import Connection
from typing import Any

from ablations.running.dispatch import AT_START, Message
from ablations.running.machine import resident_bytes

SECONDS_BETWEEN_WORDS = 10.0


def serve(number: int, device: str) -> None:
    """Do jobs until the other end of a socket is closed.

    Args:
        number: File descriptor of the socket.
        device: Where to train.
    """
    voice = _Voice(Connection(number))
    for listens in (voice.listen, voice.stay_alive):
        threading.Thread(target=listens, daemon=True).start()
    try:
        from ablations.training.devices import load_backend

        load_backend(device)
        from ablations.running.work import machine

        voice.say("ready", AT_START, machine())
    except Exception as error:
        voice.say("raised", AT_START, _sendable(error))
        return
    while True:
        _do(voice.jobs.get(), voice)


def _do(sent: bytes, voice: _Voice) -> None:
    number, do, what = AT_START, None, None
    try:
        number, do, what = pickle.loads(sent)  # noqa: S301 (from our driver)
        voice.say("done", number, do(what))
    except Exception as error:
        voice.say("raised", number, _sendable(error))


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
            self.say("alive", AT_START, None)
            threading.Event().wait(SECONDS_BETWEEN_WORDS)

    def say(self, kind: Any, number: int, content: Any) -> None:
        message = Message(kind, number, content, resident_bytes())
        said = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        with self._saying:
            try:
                self._connection.send_bytes(said)
            except OSError:
                os._exit(0)


def _sendable(error: Exception) -> Exception:
    """Return an error, in place of one that cannot be sent one of the same words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
