"""End at Ctrl-C, SIGTERM or SIGHUP: soon, whatever runs, and saying how to go on.

What is stored is whole at every moment, so that a process may end at any. Python alone
would raise an error in the main thread, where an import or a callback may swallow it,
and would then wait for all that trains in other threads.
Nothing slow is imported here: it is the first that a command does, and while it is
imported `ablations.__main__` ends the process itself.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SECONDS_TO_TIDY = 3.0
"""After so long the process ends, whatever it does; a second signal ends it at once."""

GOES_ON = ("run", "reproduce", "study", "sweep")
"""Commands that continue where they stopped; so does `tune`, into a folder."""


class Interruption:
    """Let signals end the process while the block runs.

    The first raises `KeyboardInterrupt` in the main thread, so that files are closed
    and temporary folders removed. A thread of its own sees to it that this takes a few
    seconds at most.

    Args:
        arguments: Words of the command, which decide what is said at the end.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        """Heed nothing yet."""
        self._arguments = arguments
        self._number = 0
        self._is_inside = False
        self._ending = threading.Lock()
        self._heard, self._told = os.pipe()

    def __enter__(self) -> Self:
        """Heed signals, but for those that whoever started this has ignored."""
        os.set_blocking(self._told, False)
        signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        threading.Thread(target=self._watch, daemon=True).start()
        sys.unraisablehook = _all_but_interruptions
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._raise)
        self._is_inside = True
        return self

    def __exit__(self, *error: object) -> None:
        """End the process if there was a signal, without waiting for its threads."""
        if self._number:
            with suppress(AttributeError, OSError, ValueError):
                sys.stdout.flush()
            self._end()

    def _raise(self, number: int, frame: FrameType | None) -> None:
        if not self._number:
            self._number = number
            if not self._is_inside:
                self._end()  # Nobody would catch it.
            raise KeyboardInterrupt

    def _watch(self) -> None:
        """Wait for a signal, and then for another, or until there was time enough."""
        number = os.read(self._heard, 1)[0]
        select.select([self._heard], [], [], SECONDS_TO_TIDY)
        self._number = self._number or number
        self._end()

    def _end(self) -> None:
        """Say how to go on and end the process; only the first to ask does so."""
        with self._ending:
            said = describe(self._arguments, self._number)
            with suppress(OSError):
                os.write(2, f"ablations: {said}\n".encode())
            os._exit(128 + self._number)


def describe(arguments: Sequence[str], number: int) -> str:
    """Say which signal ended a command, and how its work goes on."""
    text = "Interrupted."
    if number != signal.SIGINT:
        text = f"Ended by {signal.Signals(number).name}."
    command = next((word for word in arguments if not word.startswith("-")), "")
    into = any(word.startswith("--out") for word in arguments)
    is_real = not {"--dry-run", "--help"} & set(arguments)
    if is_real and (command in GOES_ON or (command == "tune" and into)):
        text += " The same command continues where it stopped."
    return text


def _all_but_interruptions(unraisable: Any) -> None:
    """Report an error that nobody could catch, unless a signal has made it."""
    if unraisable.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(unraisable)
