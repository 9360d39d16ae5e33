"""Write to the terminal: lines as wide as it is, 80 columns where there is none."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import typer

WIDTH_OF_A_FILE = 80
"""Columns of what is not written to a terminal."""

NARROWEST = 40
"""Columns that lines need; a narrower terminal wraps them itself."""

NUMBER_AND_UNIT = "\N{NO-BREAK SPACE}%"
"""What stands for a unit while lines are wrapped, so that none begins with it."""

CONTINUED = 2
"""Blanks by which a line that goes on is set in."""


def say(text: str = "", *, indent: int = 0, more: int = CONTINUED) -> None:
    """Print a text; its lines are wrapped between words, and no word is ever cut.

    Args:
        text: One or several lines.
        indent: Blanks before each line.
        more: Blanks more before what a wrapped line goes on with.
    """
    for line in text.split("\n"):
        typer.echo("\n".join(wrap(line, indent=indent, more=more)))


def say_as_it_is(text: str) -> None:
    """Print what other programs read, or what is copied: JSON, the path of a file."""
    typer.echo(text)


def say_json(record: Any) -> None:
    """Print plain data as JSON."""
    say_as_it_is(json.dumps(record, indent=2, ensure_ascii=False))


def say_lines(lines: Iterable[str]) -> None:
    """Print lines that may hold names from the user's data."""
    for line in lines:
        say(printable(line))


def say_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns under their heads, whole numbers to the right.

    The last column may be text of any length; it goes on below itself.
    """
    columns = list(zip(heads, *rows, strict=True))
    *short, last = (
        [cell.rjust(width) if is_number else cell.ljust(width) for cell in column]
        for column in columns
        for width in [max(map(len, column))]
        for is_number in [all(c.replace(",", "").isdigit() for c in column[1:])]
    )
    start = min(sum(len(column[0]) + 2 for column in short), WIDTH_OF_A_FILE // 2)
    for *cells, text in zip(*short, last, strict=True):
        say("  ".join((*cells, text)).rstrip(), more=start)


def wrap(text: str, *, indent: int = 0, more: int = CONTINUED) -> list[str]:
    """Return a line as lines that fit; blanks at its start are kept for all of them."""
    inner = text.lstrip(" ")
    first = " " * (indent + len(text) - len(inner))
    lines = textwrap.wrap(
        inner.replace(" %", NUMBER_AND_UNIT),
        max(terminal_width(), NARROWEST),
        initial_indent=first,
        subsequent_indent=first + " " * more,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(NUMBER_AND_UNIT, " %") for line in lines] or [""]


def terminal_width() -> int:
    """Return the columns of the terminal, or of a file where there is none."""
    if not sys.stdout.isatty():
        return WIDTH_OF_A_FILE
    return shutil.get_terminal_size((WIDTH_OF_A_FILE, 24)).columns


def printable(text: str) -> str:
    """Return text without control characters, which could command a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def count(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
