"""Show how far a plan has come: runs done, runs per second and time left."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from ablations.running.plan import Plan, Step

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Count finished steps; rewrite one line on a terminal, else print a few lines."""

    def __init__(self, plan: Plan, stream: TextIO) -> None:
        """Start counting for a plan."""
        self._plan, self._stream = plan, stream
        self._started = self._last = time.monotonic()
        self._num_steps, self._num_runs, self._done = 0, 0, 0.0
        self._terminal = stream.isatty()
        self._shown = False

    def __call__(self, step: Step) -> None:
        """Count one finished step."""
        self._num_steps += 1
        self._num_runs += step.num_runs
        self._done += step.work
        now = time.monotonic()
        finished = self._num_steps == self._plan.num_steps
        if self._terminal or finished or now - self._last >= SECONDS_BETWEEN_LINES:
            self._last = now
            self._write(self.line(now - self._started, step.what))

    def line(self, seconds: float, what: str) -> str:
        """Return the line to show after some seconds."""
        if not self._plan.num_missing:
            return f"{self._num_steps} of {self._plan.num_steps} measurements, {what}"
        rate = self._num_runs / max(seconds, 1e-9)
        left = "?:??"
        if self._done:
            rest = round(seconds * (self._plan.seconds - self._done) / self._done)
            left = f"{rest // 60}:{rest % 60:02d}"
        return (
            f"{self._num_runs:,} of {self._plan.num_missing:,} runs,"
            f" {rate:,.0f} runs/s, {left} left, {what}"
        )

    def _write(self, line: str) -> None:
        if self._terminal:
            columns = shutil.get_terminal_size().columns
            self._stream.write(f"\r\x1b[K{line[: columns - 1]}")
            self._shown = True
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def close(self) -> None:
        """End the line on a terminal."""
        if self._shown:
            self._stream.write("\n")
            self._stream.flush()
