"""Turn a drawing into a small SVG that is the same every time.

matplotlib writes its styles into `style` attributes, which a strict content policy
forbids and a stylesheet cannot change. Here they become plain SVG attributes, so one
drawing serves the page, a file beside it, and both color schemes.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from html import escape

import matplotlib as mpl
from cycler import cycler
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from reports.drawing.palette import DARK, GRID, INK, MUTED, PAPER, dark_rules

WIDTH = 340
"""Width of every figure in CSS pixels; narrow, so that it still reads on a phone."""

PIXELS_PER_INCH = 72
FONT_SIZE = 14.0
SMALL = 13.0
"""Size of the smallest text, which is 12 px where a figure is 320 px wide."""

TITLE_LINE = 19.0
LONGEST_TITLE = 36
FONTS = "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "reports",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": FONT_SIZE,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": FONT_SIZE,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": SMALL,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=[INK]),
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "lines.solid_capstyle": "round",
}
"""Settings under which every figure is drawn, whatever the reader's matplotlibrc."""

# What matplotlib calls them in `style`, and SVG in attributes.
KEPT = {
    "clip-rule",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-size",
    "font-style",
    "font-weight",
    "opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
}
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
TAG = re.compile(r"<[^>]+>")
REFERENCE = re.compile(r'(href="#|url\(#)([\w-]+)')
PATH = re.compile(r'(?<=\sd=")[^"]*')
COMMAND = re.compile(r"[A-DF-Za-df-z]")
TIP = "tip:"
"""What the `gid` of a drawn thing starts with that has words of its own."""
DEFINED_COLOR = re.compile(r'(<defs><path\b[^>]*?) (?:stroke|fill)="#[^"]*"')
NOTHING = re.compile(r'<path d="M [-\d. ]+"[^>]*/>|<g></g>|<defs></defs>')

ALONE = re.compile(r"<g>(<(?:path|use)\b[^>]*/>|<text\b[^>]*>[^<]*</text>)</g>")
"""A group of one thing, which says nothing of it."""


@dataclass(frozen=True)
class Picture:
    """A figure with the words that go with it.

    Attributes:
        name: What it shows, as claims name it.
        svg: The `<svg>` element, without any style of its own.
        caption: What the reader sees below it.
        alternative: What it shows, for those who do not see it.
        numbers: What was drawn, as CSV; empty if nobody wrote it down.
        title: What it says, in one sentence; empty if it only shows.
    """

    name: str
    svg: str
    caption: str
    alternative: str
    numbers: str = ""
    title: str = ""

    def renamed(self, prefix: str) -> Picture:
        """Return the picture with other internal references, for a page with many."""
        references = re.compile(rf'(id="|href="#|url\(#){self.name}-')
        svg = TAG.sub(lambda tag: references.sub(rf"\g<1>{prefix}-", tag[0]), self.svg)
        return replace(self, svg=svg)

    def file_text(self) -> str:
        """Return the picture as a file that stands alone, on paper of its own."""
        opening, rest = self.svg.split(">", 1)
        *_, width, height = re.findall(r"[\d.]+", opening.split("viewBox=", 1)[1])[:4]
        lines = textwrap.wrap(self.title, LONGEST_TITLE)
        room = TITLE_LINE * len(lines) + 8 if lines else 0.0
        title = "".join(
            f'<text x="8" y="{TITLE_LINE * n + 21:g}" fill="{INK}" font-size="15"'
            f' font-weight="600">{escape(line)}</text>'
            for n, line in enumerate(lines)
        )
        height = f"{float(height) + room:g}"
        paper = f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{title}'
        colors = {k: dark for k, dark in DARK.items() if f'"{k}"' in f"{paper}{rest}"}
        style = (
            "<style>@media (prefers-color-scheme: dark) {\n"
            f"{dark_rules(colors)}\n}}</style>"
        )
        opening = re.sub(r'viewBox="[^"]*"', f'viewBox="0 0 {width} {height}"', opening)
        body, end = rest.rsplit("</svg>", 1)
        rest = f'<g transform="translate(0 {room:g})">{body}</g></svg>{end}'
        opening = opening.replace(
            "<svg ",
            '<svg xmlns="http://www.w3.org/2000/svg"'
            ' xmlns:xlink="http://www.w3.org/1999/xlink"'
            f' width="{width}" height="{height}" ',
            1,
        )
        return f"{opening}>{style}{paper}{rest}\n"


def tip(words: str) -> str:
    """Return the `gid` of a drawn thing that says these words when pointed at."""
    return f"{TIP}{words}"


def style() -> AbstractContextManager[None]:
    """Return the context in which figures are made and drawn."""
    return mpl.rc_context(STYLE)


def new_figure(height: float) -> Figure:
    """Return an empty figure of the common width; heights are CSS pixels."""
    return Figure(
        figsize=(WIDTH / PIXELS_PER_INCH, height / PIXELS_PER_INCH),
        dpi=PIXELS_PER_INCH,
    )


def to_svg(figure: Figure, *, name: str, alternative: str) -> str:
    """Return the figure as one `<svg>` element.

    Args:
        figure: What to draw.
        name: Distinguishes its internal references from those of other figures on
            the same page; letters, digits, `-` and `_`.
        alternative: What the figure shows, in words.
    """
    buffer = io.StringIO()
    # A label may hold characters that the font that measures text does not have.
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        FigureCanvasSVG(figure).print_svg(
            buffer, metadata={"Date": None, "Creator": None}
        )
    return _tidy(buffer.getvalue(), name, alternative)


def _tidy(text: str, name: str, alternative: str) -> str:
    body = text[text.index("<svg") :].strip()
    (view_box,) = re.findall(r'viewBox="([^"]*)"', body[: body.index(">")])
    body = body[body.index(">") + 1 : body.rindex("</svg>")]
    for element in ("metadata", "style"):
        body = re.sub(rf"<{element}\b.*?</{element}>", "", body, flags=re.DOTALL)
    body = re.sub(rf'<g id="{TIP}([^"]*)">', r"<g><title>\1</title>", body)
    used = dict.fromkeys(found[2] for found in REFERENCE.finditer(body))
    names = {identifier: f"{name}-{n}" for n, identifier in enumerate(used)}
    # Only tags are rewritten: what stands between them is text that a claim wrote.
    body = TAG.sub(lambda tag: _tidy_tag(tag[0], names), body)
    body = re.sub(r">\s+<", "><", body)
    # A marker's uses carry its colors; its own would stay light on a dark page, for
    # style rules do not reach the copies that `use` makes.
    while (smaller := DEFINED_COLOR.sub(r"\1", body)) != body:
        body = smaller
    while (smaller := ALONE.sub(r"\1", NOTHING.sub("", body))) != body:
        body = smaller
    body = TAG.sub(lambda tag: PATH.sub(lambda d: shortened(d[0]), tag[0]), body)
    return (
        f'<svg viewBox="{view_box}" role="img" aria-label="{escape(alternative)}"'
        f' font-family="{FONTS}" stroke-linejoin="round">{body}</svg>'
    )


def _tidy_tag(tag: str, names: Mapping[str, str]) -> str:
    tag = re.sub(r'(?<=\s)style="([^"]*)"', _attributes, tag)
    tag = re.sub(r'(?<=\s)(d|x|y|width|height|transform)="([^"]*)"', _rounded, tag)
    tag = re.sub(
        r'\sid="([^"]*)"',
        lambda found: f' id="{names[found[1]]}"' if found[1] in names else "",
        tag,
    )
    tag = re.sub(r'\stransform="rotate\(-?0 [^"]*"', "", tag)
    tag = REFERENCE.sub(lambda found: f"{found[1]}{names[found[2]]}", tag)
    return re.sub(r"\s+(?=/?>)", "", " ".join(tag.split()))


def shortened(path: str) -> str:
    """Leave out the command of a line where the one before it implies it.

    Examples:
        >>> shortened("M 0 0 L 1 0 L 2 1 z")
        'M 0 0 1 0 2 1 z'
    """
    before, *others = path.split(" L ")
    text = before
    for part in others:
        is_implied = COMMAND.findall(before)[-1] in "ML"
        text += f"{' ' if is_implied else ' L '}{part}"
        before = f"L {part}"
    return text


def _attributes(found: re.Match[str]) -> str:
    """Write a `style` attribute as the SVG attributes that mean the same."""
    attributes = {}
    for declaration in found[1].split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font":
            size = re.search(r"([\d.]+)px", value)
            attributes["font-size"] = f"{float(size[1]):g}" if size else "13"
            if "bold" in value or re.search(r"\b[67]00\b", value):
                attributes["font-weight"] = "600"
        elif key in KEPT:
            attributes[key] = value
    return " ".join(f'{key}="{value}"' for key, value in attributes.items())


def _rounded(found: re.Match[str]) -> str:
    """Round coordinates to a tenth of a pixel; smaller steps cannot be seen."""
    is_scaled = found[1] == "transform" and "scale" in found[2]
    digits = 4 if is_scaled else 1
    numbers = NUMBER.sub(lambda n: f"{round(float(n[0]), digits):g}", found[2])
    return f'{found[1]}="{" ".join(numbers.split())}"'
