"""Write to the terminal: lines, and the table of verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ablations.judging.standing import Standing

COLORS = {
    "supported": "green",
    "conditional": "yellow",
    "refuted": "red",
    "inconclusive": "magenta",
    "not tested": "bright_black",
    "incomplete": "bright_black",
}
"""Verdicts in the order of the summary line, and their colors."""

WIDTH_OF_A_FILE = 160
"""Columns of a table that is not written to a terminal."""


def say(text: str = "") -> None:
    """Print a line on standard output."""
    typer.echo(text)


def printable(text: str) -> str:
    """Return text without control characters, which could command a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def say_lines(lines: Iterable[str]) -> None:
    """Print lines that may hold names from the user's data."""
    for line in lines:
        say(printable(line))


def print_standings(standings: Sequence[Standing]) -> None:
    """Print one row per claim and lines that count the verdicts."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False, show_lines=True)
    table.add_column("rows", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("claim", ratio=2)
    table.add_column("answer", ratio=3)
    for standing in standings:
        verdict = standing.verdict
        table.add_row(
            Text(printable(", ".join(verdict.rows))),
            Text(verdict.verdict, style=COLORS.get(verdict.verdict, "")),
            Text(printable(verdict.statement)),
            Text(printable(_told(standing))),
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_A_FILE)
    console.print(table)
    say(describe_counts(standings))


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


def describe_agreement(standings: Sequence[Standing]) -> str:
    """Say how the conditions that were run here agree with what is published."""
    seen = [s.reproduction for s in standings if s.reproduction is not None]
    same, undecided, contradicting = (
        sum(len(getattr(each, name)) for each in seen)
        for name in ("same", "undecided", "contradicting")
    )
    return (
        f"Re-run here, {count(len(seen), 'published claim')}:"
        f" {count(same, 'condition')} the same, {undecided:,} undecided,"
        f" {contradicting:,} contradicting."
    )


def say_standing(standing: Standing) -> None:
    """Say which verdict stands, its answer, and how we know."""
    verdict, seen = standing.verdict, standing.reproduction
    source = "published" if verdict is standing.published else "judged here"
    if not verdict.is_judged and verdict is not standing.published:
        source = "not run"
    say(f"{verdict.verdict[0].upper()}{verdict.verdict[1:]} ({source})")
    say(printable(verdict.answer))
    if verdict.how:
        say(printable(verdict.how))
    if verdict.is_judged:
        say(f"Judged: {verdict.coverage.describe()}, preset {verdict.preset}.")
    if seen is not None:
        say(f"{seen.describe().capitalize()}.")
    say()


def say_known(standing: Standing) -> None:
    """Say what was published on a claim, what we found, and whether they agree."""
    known = standing.known
    if known:
        say("What others found, and whether it agrees:")
    for result in known:
        say(printable(f"  {result.source}: {result.result} ({result.conditions})."))
        say(printable(f"    Here: {result.ours}."))
        say(printable(f"    {result.stands[0].upper()}{result.stands[1:]}."))
        say(printable(f"    {result.read[0].upper()}{result.read[1:]}."))
    if known:
        say()


def count(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
