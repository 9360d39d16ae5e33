"""Write text and tables in Markdown, so that text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])")
# No backslash helps against these in every renderer, so they become entities.
ENTITIES = {ord(character): f"&#{ord(character)};" for character in "|~$@"}
ENTITIES |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data):|\b(www)\.")
COMMAND = re.compile(r"`(ablations [\w ./=-]+)`")
BLOCK = re.compile(r"^(?:[#+-]|\d+[.)](?=\s|$))")


def escape(text: str) -> str:
    """Return text on one line that every renderer shows as it is.

    Characters that begin markup get a backslash, those of HTML become entities, and
    what looks like an address does not become a link.
    """
    line = " ".join(str(text).split())
    line = SPECIAL.sub(lambda found: f"\\{found[0]}", line.translate(ENTITIES))
    line = ADDRESS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", line)
    # At the start of a line these would begin a heading or a list.
    return BLOCK.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", line)


def code(text: str) -> str:
    """Return text as a code span, with a fence longer than any inside it."""
    line = " ".join(str(text).split())
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    room = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{room}{line}{room}{fence}"


def split_commands(text: str) -> list[tuple[str, bool]]:
    """Split text at the commands between backticks; True marks a command."""
    parts = COMMAND.split(str(text))
    return [(part, index % 2 == 1) for index, part in enumerate(parts) if part]


def prose(text: str) -> str:
    """Escape text, but show the commands that it names as code."""
    return "".join(
        code(part) if is_command else escape_inline(part)
        for part, is_command in split_commands(text)
    )


def escape_inline(text: str) -> str:
    """Escape a part of a line, keeping the blanks at its ends."""
    inner = escape(text)
    before = " " if text[:1].isspace() and inner else ""
    after = " " if text[-1:].isspace() and inner else ""
    return f"{before}{inner}{after}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells are Markdown already."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
