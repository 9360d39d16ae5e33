"""Draw every exact check of a claim: what was measured beside what is implied."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes

from reports.drawing.dots import MARKS, Ends, draw_interval
from reports.drawing.palette import GRID, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source
from reports.numbers import plain

NAME = "checks"
SIDE = 14
LONGEST_LINE = 44
LINE = 17.0
ROW = 42.0
PAD = 0.08
"""Room at both ends of a row's scale, as a share of it."""


@dataclass(frozen=True)
class Check:
    """Hold one exact check.

    Attributes:
        label: What it is called.
        outcome: `holds` or `fails`.
        measured: The number that was measured.
        implied: The number that the statement implies.
        direction: `equal`, `at_least` or `at_most`.
    """

    label: str
    outcome: str
    measured: float
    implied: float
    direction: str

    @property
    def ends(self) -> Ends:
        """Ends of its scale, which shows zero and both numbers."""
        low = min(0.0, self.measured, self.implied)
        high = max(0.0, self.measured, self.implied)
        room = PAD * ((high - low) or 1.0)
        return (low - room, high + room)

    def holding_span(self) -> Ends | None:
        """Return from where to where the check holds, None for equality."""
        if self.direction == "at_least":
            return (self.implied, self.ends[1])
        if self.direction == "at_most":
            return (self.ends[0], self.implied)
        return None

    def describe(self) -> str:
        """Say the numbers in words."""
        numbers = f"{write(self.measured)}, implied {self.side}{write(self.implied)}"
        return f"{self.label}: {numbers}, {self.outcome}"

    @property
    def side(self) -> str:
        """The sign before the implied number, none for equality."""
        return {"at_least": "≥ ", "at_most": "≤ "}.get(self.direction, "")


def write(value: float) -> str:
    """Write a number, whole ones in full."""
    return f"{value:,.0f}" if value == round(value) else plain(value)


def read(source: Source) -> tuple[Check, ...] | None:
    """Return the claim's exact checks that were made, None without any."""
    return (
        tuple(
            Check(
                condition["label"],
                condition["outcome"],
                condition["estimate"],
                condition["bound"],
                condition["direction"],
            )
            for condition in source.record["conditions"]
            if condition["kind"] == "exact"
            and condition["estimate"] is not None
            and condition["bound"] is not None
            and condition["outcome"] in MARKS
        )
        or None
    )


def draw(checks: tuple[Check, ...]) -> Picture:
    """Draw one row per check, each on a scale of its own."""
    rows = "; ".join(check.describe() for check in checks)
    alternative = f"Numbers beside what is implied. {rows}."
    wrapped = [textwrap.wrap(c.label, LONGEST_LINE)[:3] or [" "] for c in checks]
    heights = [ROW + LINE * len(lines) for lines in wrapped]
    with style():
        figure = new_figure(sum(heights))
        top = sum(heights)
        for check, lines, height in zip(checks, wrapped, heights, strict=True):
            box = (SIDE, top - height, WIDTH - 2 * SIDE, height)
            shares = (WIDTH, sum(heights), WIDTH, sum(heights))
            left, bottom, width, tall = (
                a / b for a, b in zip(box, shares, strict=True)
            )
            axes = figure.add_axes((left, bottom, width, tall))
            _draw_row(axes, check, lines, height)
            top -= height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(checks), alternative)


def _draw_row(axes: Axes, check: Check, lines: list[str], height: float) -> None:
    axes.axis("off")
    axes.set_xlim(*check.ends)
    axes.set_ylim(height, 0)
    page = axes.get_yaxis_transform()
    for number, line in enumerate(lines, start=1):
        axes.text(0, LINE * number - 3, line, transform=page, color=INK)
    marker, color, face = MARKS[check.outcome]
    last = LINE * len(lines) - 3
    axes.text(
        1,
        last,
        write(check.measured),
        transform=page,
        ha="right",
        color=color,
        fontweight="bold",
    )
    y = LINE * len(lines) + 12
    axes.plot(check.ends, [y, y], color=GRID, linewidth=1)
    span = check.holding_span()
    if span is not None:
        axes.plot(
            span, [y, y], color=MUTED, alpha=0.22, linewidth=13, solid_capstyle="butt"
        )
    axes.plot([0, 0], [y - 5, y + 5], color=MUTED, linewidth=1)
    axes.plot([check.implied] * 2, [y - 9, y + 9], color=INK, linewidth=1.6)
    low, high = check.ends
    share = (check.implied - low) / (high - low)
    axes.text(
        check.implied,
        y + 21,
        f"implied {check.side}{write(check.implied)}",
        color=MUTED,
        fontsize=SMALL,
        ha="left" if share < 0.25 else "right" if share > 0.75 else "center",
    )
    numbers = (check.measured, check.measured, check.measured)
    look = (marker, color, face)
    draw_interval(axes, look, numbers, y, check.ends, words=check.describe())


def caption(checks: tuple[Check, ...]) -> str:
    """Say how to read the marks."""
    outcomes = {check.outcome for check in checks}
    marks = [
        words
        for outcome, words in (
            ("holds", "a disc agrees with what the statement implies"),
            ("fails", "a cross does not"),
        )
        if outcome in outcomes
    ]
    sentence = " and ".join(marks)
    beyond = (
        " A gray band is the side on which it agrees."
        if any(check.holding_span() for check in checks)
        else ""
    )
    return (
        f"Measured without chance: {sentence}. The upright mark is the implied number;"
        f" every row has a scale of its own, with zero on it.{beyond}"
    )
