"""What the lessons say must be what is published, and what they type must exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from ablations.commands.command_line import command_line
from ablations.judging.standing import published_verdicts
from reports.explorers import addresses

PAGE = Path(__file__).resolve().parents[1] / "docs" / "teaching.md"
LESSONS = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
ROW = re.compile(r"^\| (.+) \| (\S+) to (\S+?)( %)? \| (\S+?)( %)? \|$", re.MULTILINE)
PARTS = ("**Guess.**", "**Look.**", "**Say**", "**Do.**", "| what you read |")


def claim_of(lesson):
    """Return the claim that a lesson runs."""
    (claim,) = set(re.findall(r"^ablations (?:run|info) (\w+)", lesson, re.MULTILINE))
    return claim


def test_there_are_twelve_lessons_of_different_claims_with_all_their_parts():
    assert len({claim_of(lesson) for lesson in LESSONS}) == len(LESSONS) == 12
    for number, lesson in enumerate(LESSONS, 1):
        assert lesson.startswith(f"{number}. ")
        assert lesson.partition("\n")[0].endswith("?")
        assert [part for part in PARTS if part not in lesson] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=claim_of)
def test_the_commands_of_a_lesson_are_understood(lesson):
    app = typer.main.get_command(command_line())
    lines = re.findall(r"^ablations .*", lesson, re.MULTILINE)
    assert [line.split()[1] for line in lines] == ["run", "info"]
    for line in lines:
        _, name, *arguments = shlex.split(line)
        context = app.commands[name].make_context(name, list(arguments))
        assert context.params["store"] == Path("lessons.sqlite")


@pytest.mark.parametrize("lesson", LESSONS, ids=claim_of)
def test_the_verdict_of_a_lesson_is_the_published_one(lesson):
    (word,) = re.findall(r"^\*\*Say\*\* \((.+?)\)\.", lesson, re.MULTILINE)
    assert word == published_verdicts()[claim_of(lesson)].verdict


@pytest.mark.parametrize("lesson", LESSONS, ids=claim_of)
def test_the_range_of_a_lesson_holds_the_published_number(lesson):
    outcomes = published_verdicts()[claim_of(lesson)].outcomes
    known = {outcome.label: outcome.estimate for outcome in outcomes}
    rows = ROW.findall(lesson)
    assert len(rows) == lesson.count("\n| ") - 1
    for label, low, high, unit, told, same_unit in rows:
        estimate = known[label] * (100 if unit else 1)
        assert unit == same_unit
        assert float(low) <= estimate <= float(high)
        decimals = len(told.partition(".")[2])
        assert float(told) == pytest.approx(estimate, abs=0.501 / 10**decimals)


def test_every_state_of_an_explorer_that_a_lesson_shows_exists():
    shown = re.findall(r"index\.html#([^)]+)\)", "\n".join(LESSONS))
    assert len(shown) >= len(LESSONS)
    assert [state for state in shown if state not in set(addresses())] == []
