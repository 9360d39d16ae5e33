import io
import re

import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.running.plan import Plan, Request, Step, pack
from ablations.running.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def plan() -> Plan:
    requests = [
        Request(str(i), xor_arm(num_steps=100 * i), np.arange(10)) for i in (1, 2)
    ]
    return Plan(tuple(pack(requests)), ("cost",), 25, 5, waiting=False)


def finish(progress: Progress, plan: Plan) -> None:
    progress(Step("cost", 0, 0.0))
    for stack in plan.stacks:
        progress(Step(stack.name, stack.num_runs, stack.work))
    progress.close()


def test_a_file_gets_whole_lines_without_control_characters(plan):
    stream = io.StringIO()
    finish(Progress(plan, stream), plan)
    # Little time passed, so that only the last step is worth a line.
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("20 of 20 runs, ")
    assert "0:00 left, xor 2 adam" in line
    assert line.isprintable()


def test_a_terminal_has_one_line_rewritten_at_every_step(plan):
    stream = Terminal()
    finish(Progress(plan, stream), plan)
    assert stream.getvalue().count("\r\x1b[K") == 3
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("\n")


def test_a_line_fits_the_terminal(plan, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    finish(Progress(plan, stream), plan)
    for line in stream.getvalue().split("\r\x1b[K"):
        assert len(line.rstrip("\n")) < 30


def test_rate_and_time_left_follow_from_what_is_done(plan):
    progress = Progress(plan, io.StringIO())
    assert "0 runs/s, ?:?? left" in progress.line(10.0, "xor")
    first, second = plan.stacks
    progress(Step(first.name, first.num_runs, first.work))
    line = progress.line(100.0, "xor")
    assert line.startswith("10 of 20 runs, 0 runs/s, ")
    minutes, seconds = map(int, re.search(r"(\d+):(\d\d) left", line).groups())
    # Rounded to whole seconds.
    assert 60 * minutes + seconds == pytest.approx(
        100 * second.work / first.work, abs=1
    )


def test_measurements_alone_are_counted_as_such():
    stream = io.StringIO()
    plan = Plan((), ("cost", "size"), 0, 0, waiting=False)
    progress = Progress(plan, stream)
    progress(Step("cost", 0, 0.0))
    progress(Step("size", 0, 0.0))
    assert stream.getvalue() == "2 of 2 measurements, size\n"
