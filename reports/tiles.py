"""Draw the picture of the README: one tile per statement, by chapter and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ablations.judging.verdict import VERDICTS, Verdict
from reports.cards import MARKS
from reports.counts import chapter_title, count_verdicts

WIDTH, MARGIN = 360, 8
TILE, GAP = 15, 2
PER_ROW = (WIDTH - 2 * MARGIN) // (TILE + GAP)
LINE = 20
TEXT = 13
"""Pixels of a letter where the picture is as wide as a phone."""

COLORS = {
    "supported": ("#00694e", "#d8eee6", "#43cda2", "#123c31"),
    "conditional": ("#7d4e00", "#f6e7c8", "#e8a93a", "#453313"),
    "refuted": ("#a33a00", "#f9ddcd", "#ff9158", "#4c2714"),
    "inconclusive": ("#8c3468", "#f0dbe8", "#e79ac7", "#442438"),
    "not tested": ("#5c6670", "#e6e9ec", "#a5afb8", "#30363d"),
}
"""Mark and ground of a verdict on light paper, and on dark."""

STYLE = """\
text {{ font: {text}px system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; \
fill: #1c2126; }}
.paper {{ fill: #fdfdfb; }}
.title {{ font-size: 15px; font-weight: 700; }}
.mark {{ font-size: 12px; font-weight: 700; text-anchor: middle; }}
{light}
@media (prefers-color-scheme: dark) {{
text {{ fill: #e9ebee; }}
.paper {{ fill: #14171a; }}
{dark}
}}"""


def draw_tiles(verdicts: Sequence[Verdict]) -> str:
    """Return the picture as an SVG file; statements of our own are left out."""
    noted = [verdict for verdict in verdicts if not verdict.implied]
    counts = count_verdicts(noted)
    lines = [_text(MARGIN, 22, title_of(noted), "title")]
    for place, word in enumerate(VERDICTS):
        x, y = MARGIN + (place % 2) * WIDTH // 2, 36 + (place // 2) * LINE
        lines += [_tile(x, y, word), _text(x + 21, y + 12, f"{counts[word]} {word}")]
    y = 36 + LINE * ((len(VERDICTS) + 1) // 2)
    for chapter in dict.fromkeys(verdict.chapter for verdict in noted):
        mine = [v.verdict for v in noted if v.chapter == chapter]
        y += LINE + 2
        lines.append(_text(MARGIN, y, f"{chapter_title(chapter)}: {len(mine)}"))
        y += 6
        for place, word in enumerate(sorted(mine, key=VERDICTS.index)):
            row, column = divmod(place, PER_ROW)
            at = MARGIN + column * (TILE + GAP)
            lines.append(_tile(at, y + row * (TILE + GAP), word))
        y += (1 + (len(mine) - 1) // PER_ROW) * (TILE + GAP)
    height = y + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH * 4 // 3}" height="{height * 4 // 3}" role="img">'
        f"<title>{escape(alternative(noted))}</title><style>{_style()}</style>"
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>'
        f"{''.join(lines)}</svg>\n"
    )


def title_of(verdicts: Sequence[Verdict]) -> str:
    """Return the message of the picture, in which every number is a count."""
    counts = count_verdicts(verdicts)
    return (
        f"Of {len(verdicts)} statements {counts['supported']} hold,"
        f" {counts['refuted']} fail"
    )


def alternative(verdicts: Sequence[Verdict]) -> str:
    """Return what the picture shows, for those who do not see it."""
    counts = count_verdicts(verdicts)
    told = ", ".join(f"{counts[word]} {word}" for word in VERDICTS)
    return f"{len(verdicts)} statements, a tile each: {told}"


def _style() -> str:
    """Return the colors of both schemes."""
    light: list[str] = []
    dark: list[str] = []
    for word, (ink, ground, dark_ink, dark_ground) in COLORS.items():
        for rules, fill, mark in ((light, ground, ink), (dark, dark_ground, dark_ink)):
            rules.append(f".{_name(word)} {{ fill: {fill}; }}")
            rules.append(f".mark.{_name(word)} {{ fill: {mark}; }}")
    return STYLE.format(text=TEXT, light="\n".join(light), dark="\n".join(dark))


def _name(word: str) -> str:
    """Return the class of a verdict."""
    return word.replace(" ", "-")


def _tile(x: int, y: int, word: str) -> str:
    """Return the tile of a statement, whose mark says what its color says."""
    middle = x + TILE / 2
    return (
        f'<rect class="{_name(word)}" x="{x}" y="{y}" width="{TILE}" height="{TILE}"'
        f' rx="3"/>{_text(middle, y + 12, MARKS[word], f"mark {_name(word)}")}'
    )


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    """Return a line of text."""
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:g}" y="{y:g}">{escape(text)}</text>'
