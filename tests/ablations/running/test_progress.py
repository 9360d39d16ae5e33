import io
import re
from dataclasses import replace

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


def frames(stream: Terminal) -> list[str]:
    """Return what the line of a terminal showed, one text after the other."""
    shown = re.split(r"\r\x1b\[2K", stream.getvalue())
    return [re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", text) for text in shown]


def test_a_terminal_has_one_line_rewritten_at_every_step(plan):
    stream = Terminal()
    finish(Progress(plan, stream), plan)
    shown = frames(stream)
    starts = [text.split(" of ")[0] for text in shown]
    assert list(dict.fromkeys(starts)) == ["0", "10", "20"]
    assert "".join(shown).count("\n") == 1
    assert shown[-1].endswith("\n")


def test_a_terminal_that_saw_no_step_stays_as_it_was(plan):
    stream = Terminal()
    Progress(plan, stream).close()
    assert stream.getvalue() == ""


def test_a_line_fits_the_terminal_and_says_names_as_they_are(plan, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    finish(Progress(plan, stream), plan)
    assert all(len(text.rstrip("\n")) <= 30 for text in frames(stream))
    monkeypatch.setenv("COLUMNS", "100")
    stream = Terminal()
    progress = Progress(plan, stream)
    progress(Step("[red]name", 0, 0.0))
    progress.close()
    assert "[red]name" in frames(stream)[0]


def test_rate_and_time_left_follow_from_what_is_done(plan):
    progress = Progress(plan, io.StringIO())
    assert "0 runs/min, ?:?? left" in progress.line(10.0, "xor")
    first, second = plan.stacks
    progress(Step(first.name, first.num_runs, first.work))
    line = progress.line(100.0, "xor")
    assert line.startswith("10 of 20 runs, 6 runs/min, ")
    minutes, seconds = map(int, re.search(r"(\d+):(\d\d) left", line).groups())
    # Rounded to whole seconds.
    assert 60 * minutes + seconds == pytest.approx(
        100 * second.work / first.work, abs=1
    )


def test_what_follows_is_counted_and_expected_until_it_is_there(plan):
    stream = io.StringIO()
    later = plan.stacks[:1]
    progress = Progress(replace(plan, later=later), stream)
    first, *others = plan.stacks
    progress(Step("cost", 0, 0.0))
    progress(Step("first", first.num_runs, first.work, more=later))
    for stack in (*others, *later):
        progress(Step("next", stack.num_runs, stack.work))
    total = plan.num_missing + first.num_runs
    assert progress.num_runs == total
    assert f"{total} of {total} runs" in stream.getvalue().splitlines()[-1]
    assert "0:00 left" in stream.getvalue().splitlines()[-1]


def test_measurements_alone_are_counted_as_such():
    stream = io.StringIO()
    plan = Plan((), ("cost", "size"), 0, 0, waiting=False)
    progress = Progress(plan, stream)
    progress(Step("cost", 0, 0.0))
    progress(Step("size", 0, 0.0))
    assert stream.getvalue() == "2 of 2 measurements, size\n"


def test_what_is_under_way_is_said_before_anything_is_finished(plan):
    stream = io.StringIO()
    progress = Progress(plan, stream)
    said = progress.beat(12.0)
    assert said.startswith("0 of 20 runs")
    assert said.endswith("after 12 s at xor 2 adam")
    assert not stream.getvalue()


def test_a_terminal_says_it_in_its_one_line(plan):
    stream = Terminal()
    progress = Progress(plan, stream)
    assert progress.beat(12.0) == ""
    progress.close()
    assert "after 12 s at" in "".join(frames(stream))
    assert "".join(frames(stream)).count("\n") == 1
