"""Write to the terminal: lines, and the table of verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import typer

COLORS = {
    "supported": "green",
    "conditional": "yellow",
    "refuted": "red",
    "inconclusive": "magenta",
    "not tested": "bright_black",
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


def print_verdicts(records: Sequence[dict[str, Any]]) -> None:
    """Print one row per verdict and a line that counts them."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False, show_lines=True)
    table.add_column("rows", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("claim", ratio=2)
    table.add_column("finding", ratio=3)
    for record in records:
        verdict = record["verdict"]
        table.add_row(
            Text(printable(", ".join(record["rows"]))),
            Text(verdict, style=COLORS[verdict]),
            Text(printable(record["statement"])),
            Text(printable(record["finding"])),
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_A_FILE)
    console.print(table)
    counts = [f"{sum(r['verdict'] == v for r in records)} {v}" for v in COLORS]
    say(f"{count(len(records), 'claim')}: {', '.join(counts)}.")


def count(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
