"""Show how far a plan has come: runs done, runs per second and time left."""

from __future__ import annotations

import time
from typing import TextIO, cast

from rich import progress as bars
from rich.console import Console
from rich.table import Column

from ablations.running.heartbeat import Heartbeat
from ablations.running.plan import Plan, Step

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """A count of finished steps: a bar on a terminal, else a line now and then."""

    def __init__(self, plan: Plan, stream: TextIO | Heartbeat) -> None:
        """Start counting for a plan."""
        self._plan, self._stream = plan, stream
        self._started = self._last = time.monotonic()
        self._num_steps, self._num_runs, self._done = 0, 0, 0.0
        text = Column(no_wrap=True, overflow="ellipsis")
        # Nothing is redirected or refreshed beside what trains.
        self._bar = bars.Progress(
            bars.TextColumn("{task.description}", markup=False, table_column=text),
            bars.BarColumn(bar_width=20),
            console=Console(file=cast(TextIO, stream)),
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not stream.isatty(),
        )
        self._task = self._bar.add_task("", total=self._total)

    @property
    def _total(self) -> float:
        """Work in all; measurements have no estimate, so that each counts one."""
        return self._plan.seconds if self._plan.num_missing else self._plan.num_steps

    def __call__(self, step: Step) -> None:
        """Count one finished step."""
        self._num_steps += 1
        self._num_runs += step.num_runs
        self._done += step.work
        now = time.monotonic()
        line = self.line(now - self._started, step.what)
        finished = self._num_steps == self._plan.num_steps
        if not self._bar.disable:
            done = self._done if self._plan.num_missing else self._num_steps
            self._bar.update(self._task, description=line, completed=done)
            self._bar.start()
            self._bar.refresh()
        elif finished or now - self._last >= SECONDS_BETWEEN_LINES:
            self._last = now
            self._stream.write(line + "\n")
            self._stream.flush()

    def beat(self, seconds: float) -> str:
        """Return what is under way though nothing was finished for a while.

        On a terminal the bar says it.
        """
        ahead = self._plan.stacks[self._num_steps : self._num_steps + 2]
        names = " and ".join(dict.fromkeys(stack.name for stack in ahead))
        line = self.line(seconds, f"after {seconds:.0f} s at {names}")
        if self._bar.disable:
            return line
        self._bar.update(self._task, description=line)
        self._bar.start()
        self._bar.refresh()
        return ""

    def line(self, seconds: float, what: str) -> str:
        """Return the line to show after some seconds."""
        if not self._plan.num_missing:
            return f"{self._num_steps} of {self._plan.num_steps} measurements, {what}"
        rate = self._num_runs / max(seconds, 1e-9)
        pace = f"{rate:,.0f} runs/s" if rate >= 1 else f"{60 * rate:.0f} runs/min"
        left = "?:??"
        if self._done:
            rest = round(seconds * (self._plan.seconds - self._done) / self._done)
            left = f"{rest // 60}:{rest % 60:02d}"
        return (
            f"{self._num_runs:,} of {self._plan.num_missing:,} runs,"
            f" {pace}, {left} left, {what}"
        )

    def close(self) -> None:
        """Leave the bar on a terminal as it is."""
        self._bar.stop()
