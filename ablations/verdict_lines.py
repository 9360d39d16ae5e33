"""Write verdicts in lines: a block each, their numbers by chapter, and one in full."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from ablations.judging.verdict import WHERE
from ablations.judging.wording import numbers_of
from ablations.terminal import count, printable, say, say_table, wrap

if TYPE_CHECKING:
    from ablations.judging.outcome import Outcome
    from ablations.judging.standing import Standing

COLORS = {
    "supported": "green",
    "conditional": "yellow",
    "refuted": "red",
    "inconclusive": "magenta",
    "not tested": "bright_black",
    "incomplete": "bright_black",
}
"""Verdicts in the order in which they are counted, and their colors."""

COLUMN = 2 + max(map(len, COLORS))
"""Where the text of a block begins, beside the word."""

MOST_LISTED = 6
"""Conditions of a list; the rule has all of them."""


def say_standings(standings: Sequence[Standing]) -> None:
    """Print a block per claim, and lines that count the verdicts."""
    for standing in standings:
        say_block(standing)
        say()
    say(describe_counts(standings))


def say_block(standing: Standing) -> None:
    """Print the word of a verdict, and beside it statement, answer and id."""
    verdict = standing.verdict
    own = "our own statement" if verdict.implied else ", ".join(verdict.rows)
    first, *more = (
        line
        for text in (verdict.statement, _told(standing), f"{verdict.id} ({own})")
        for line in wrap(printable(text), indent=COLUMN, more=0)
    )
    word = verdict.verdict
    typer.echo(colored(f"{word:<{COLUMN}}{first.lstrip()}", word))
    say_as_lines(more)


def say_chapters(standings: Sequence[Standing]) -> None:
    """Print how many statements of the notes got which verdict, and how to narrow."""
    noted = [s.verdict for s in standings if not s.verdict.implied]
    words = [word for word in COLORS if any(v.verdict == word for v in noted)]
    chapters = list(dict.fromkeys(verdict.chapter for verdict in noted))
    rows = []
    for chapter in (*chapters, "all"):
        mine = [v.verdict for v in noted if chapter in (v.chapter, "all")]
        counts = (len(mine), *(mine.count(word) for word in words))
        rows.append([chapter, *(f"{number:,}" for number in counts)])
    say_table(("chapter", "all", *words), rows)
    if len(noted) < len(standings):
        own = count(len(standings) - len(noted), "statement")
        say(f"Not counted: {own} of our own.")
    if any(standing.reproduction for standing in standings):
        for line in describe_agreement(standings):
            say(line)
    say()
    for command, what in (
        (f"verdicts {chapters[0]}", "the answers of a chapter"),
        ("verdicts CLAIM", "the answers of claims, by id or row"),
        ('ask "does ReLU help?"', "what fits a question"),
        ("info CLAIM", "one claim in full"),
    ):
        say(f"  ablations {command:<23}  {what}")


def _told(standing: Standing) -> str:
    """Say the answer and what was seen here of it, or how to get an answer."""
    verdict, seen = standing.verdict, standing.reproduction
    if not verdict.is_judged and verdict.command:
        return f"{verdict.answer} `{verdict.command}` runs it."
    return f"{verdict.answer}{f' ({seen.describe()})' if seen else ''}"


def describe_counts(standings: Sequence[Standing]) -> str:
    """Count verdicts: those published, and those judged here."""
    groups = {
        "Published": [s for s in standings if s.verdict is s.published],
        "Judged here": [
            s for s in standings if s.verdict is s.here and s.here is not None
        ],
    }
    lines = []
    for name, members in groups.items():
        if members:
            words = [standing.verdict.verdict for standing in members]
            counts = [f"{words.count(word)} {word}" for word in COLORS if word in words]
            lines.append(f"{name}: {', '.join(counts)}.")
    told = [id(s) for members in groups.values() for s in members]
    rest = [s for s in standings if id(s) not in told]
    unanswerable = sum(bool(s.registered.claim.untestable) for s in rest)
    if unanswerable:
        lines.append(f"{unanswerable} cannot be tested here.")
    if len(rest) > unanswerable:
        lines.append(f"{len(rest) - unanswerable:,} not run.")
    return f"{count(len(standings), 'claim')}. {' '.join(lines)}"


def describe_agreement(standings: Sequence[Standing]) -> list[str]:
    """Say in lines how conditions that were run here agree with what is published."""
    seen = [s.reproduction for s in standings if s.reproduction is not None]
    same, undecided, contradicting, timed = (
        sum(len(getattr(each, name)) for each in seen)
        for name in ("same", "undecided", "contradicting", "timed")
    )
    lines = [
        f"Re-run here, {count(len(seen), 'published claim')}:"
        f" {count(same, 'condition')} the same, {undecided:,} undecided,"
        f" {contradicting:,} contradicting."
    ]
    return [*lines, describe_timed(timed)] if timed else lines


def describe_timed(number: int) -> str:
    """Say of how many conditions another machine, or hour, gave another outcome."""
    them = "it contradicts" if number == 1 else "they contradict"
    return (
        f"Timed: {count(number, 'condition')} came out otherwise; times differ between"
        f" machines, so that {them} nothing."
    )


def say_standing(standing: Standing) -> None:
    """Print verdict and answer, how we know, where it holds, and what was seen here."""
    verdict, seen = standing.verdict, standing.reproduction
    source = "published" if verdict is standing.published else "judged here"
    if not verdict.is_judged and verdict is not standing.published:
        source = "not run"
    word = f"{verdict.verdict[0].upper()}{verdict.verdict[1:]}"
    first, *more = wrap(f"{word} ({source}): {printable(verdict.statement)}")
    typer.echo(colored(first, word))
    say_as_lines(more)
    say(printable(verdict.answer), more=0)
    if verdict.how:
        say(f"\nHow we know: {printable(verdict.how)}")
    if verdict.is_judged:
        say(f"Judged: {verdict.coverage.describe()}, preset {verdict.preset}.")
    for kind, labels in verdict.where.items():
        say(f"\n{WHERE[kind]}:")
        for label in labels[:MOST_LISTED]:
            say(f"- {printable(label)}", indent=2)
        if len(labels) > MOST_LISTED:
            say(f"- and {len(labels) - MOST_LISTED:,} more", indent=2)
    if seen is not None:
        say(f"\n{seen.describe().capitalize()}.")
        for label, numbers in lines_of_rerun(standing):
            say(f"- {label}", indent=2)
            say(numbers, indent=4)
    say()


def say_known(standing: Standing) -> None:
    """Print what was published on a claim, what we found, and whether they agree."""
    if not standing.known:
        return
    say("What others found, and whether it agrees:")
    for result in standing.known:
        say(printable(f"- {result.source}: {result.result} ({result.conditions})."))
        for line in (f"Here: {result.ours}", result.stands, result.read):
            say(f"{printable(line[0].upper() + line[1:])}.", indent=2)
    say()


def lines_of_rerun(standing: Standing) -> list[tuple[str, str]]:
    """Return what conditions are called, and your numbers beside those published."""
    published, here = standing.published, standing.here
    if published is None or here is None:
        return []
    known = {outcome.key: outcome for outcome in published.outcomes}
    return [
        (
            printable(mine.label),
            f"{_numbers(mine)} here, {_numbers(known[mine.key])} published",
        )
        for mine in here.outcomes
        if mine.key in known and mine.estimate is not None
    ]


def _numbers(outcome: Outcome) -> str:
    """Write what was found of a condition, with its interval."""
    return numbers_of(outcome.estimate, outcome.low, outcome.high, outcome.unit)


def colored(line: str, word: str) -> str:
    """Return a line with the verdict at its start in its color, on a terminal."""
    color = COLORS.get(word.lower())
    if color is None or not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return line
    return typer.style(word, fg=color) + line.removeprefix(word)


def say_as_lines(lines: Sequence[str]) -> None:
    """Print lines that fit already."""
    for line in lines:
        typer.echo(line)
