"""Say what is being done, and for how long already, whenever nothing else is said."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self, TextIO

SECONDS = 6.0
"""After so long without a word, there is one."""

SECONDS_BETWEEN_LOOKS = 0.5

Beat = Callable[[float], str]
"""Of the seconds since the work began, return what to say, or say it and return ""."""


class Heartbeat:
    """A stream that speaks by itself when nobody has written to it for a while.

    While it is open, a thread of its own looks now and then; it can be written to like
    the stream that it was made from.

    Args:
        stream: Where lines go.
        seconds: Longest silence.
    """

    def __init__(self, stream: TextIO, seconds: float = SECONDS) -> None:
        """Take the stream; nothing is said before it is opened."""
        self._stream, self._seconds = stream, seconds
        self._works: list[tuple[Beat, float]] = []
        self._spoke = time.monotonic()
        self._writing, self._closed = threading.RLock(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop looking."""
        self._closed.set()
        self._thread.join()

    def write(self, text: str) -> int:
        """Write to the stream."""
        with self._writing:
            self._spoke = time.monotonic()
            return self._stream.write(text)

    def flush(self) -> None:
        """Flush the stream."""
        with self._writing:
            self._stream.flush()

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._stream.isatty()

    @contextlib.contextmanager
    def doing(self, what: str | Beat) -> Iterator[None]:
        """Say this while the block runs and nothing else is said.

        Args:
            what: A few words, or a function that returns them (see `Beat`).
        """

        def beat(seconds: float) -> str:
            return f"{what}: {seconds:.0f} s so far."

        work = (what if callable(what) else beat), time.monotonic()
        with self._writing:
            self._works.append(work)
        try:
            yield
        finally:
            with self._writing:
                self._works.remove(work)

    def _watch(self) -> None:
        while not self._closed.wait(min(SECONDS_BETWEEN_LOOKS, self._seconds)):
            with self._writing:
                now = time.monotonic()
                if not self._works or now - self._spoke < self._seconds:
                    continue
                beat, began = self._works[-1]
                self._spoke = now
            # Not locked, as a bar has a lock of its own, in which it writes here.
            text = beat(now - began)
            if text:
                self.write(f"{text}\n")
                self.flush()
