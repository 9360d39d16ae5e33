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
        self.num_runs = 0
        self._num_steps, self._done = 0, 0.0
        self._all_runs, self._all_steps = plan.num_missing, plan.num_steps
        self._work, self._expected = plan.seconds, sum(s.seconds for s in plan.later)
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
        work = self._work + max(self._expected, 0.0)
        return work if self._all_runs else self._all_steps

    def __call__(self, step: Step) -> None:
        """Count one finished step."""
        self._num_steps += 1
        self.num_runs += step.num_runs
        self._done += step.work
        self._all_steps += len(step.more)
        for stack in step.more:
            self._all_runs += stack.num_runs
            self._work += stack.work
            self._expected -= stack.seconds
        now = time.monotonic()
        line = self.line(now - self._started, step.what)
        finished = self._num_steps == self._all_steps
        if not self._bar.disable:
            done = self._done if self._all_runs else self._num_steps
            self._bar.update(
                self._task, description=line, completed=done, total=self._total
            )
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
        # Where tuning goes on, stacks come in another order, and more of them.
        at = f" at {names}" if names and not self._plan.later else ""
        line = self.line(seconds, f"after {seconds:.0f} s{at}")
        if self._bar.disable:
            return line
        self._bar.update(self._task, description=line)
        self._bar.start()
        self._bar.refresh()
        return ""

    def line(self, seconds: float, what: str) -> str:
        """Return the line to show after some seconds."""
        if not self._all_runs:
            return f"{self._num_steps} of {self._all_steps} measurements, {what}"
        rate = self.num_runs / max(seconds, 1e-9)
        pace = f"{rate:,.0f} runs/s" if rate >= 1 else f"{60 * rate:.0f} runs/min"
        left = "?:??"
        if self._done:
            rest = round(seconds * (self._total - self._done) / self._done)
            left = f"{rest // 60}:{rest % 60:02d}"
        return (
            f"{self.num_runs:,} of {self._all_runs:,} runs, {pace}, {left} left, {what}"
        )

    def close(self) -> None:
        """Leave the bar on a terminal as it is."""
        self._bar.stop()
