"""Draw every condition of a claim as an estimate, its interval and the bound."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import blended_transform_factory

from reports.figures.palette import GREEN, GRID, INK, MUTED, PURPLE, VERMILLION
from reports.figures.picture import (
    SMALL,
    WIDTH,
    Picture,
    new_figure,
    style,
    to_svg,
)
from reports.figures.source import Source
from reports.numbers import DIFFERENCE, SHARE, in_unit, interval

NAME = "conditions"

SIDE = 28
"""Room beside a panel: half of its widest tick label, such as 100.0 %."""

LONGEST_LINE = 40
ROW = 29.0
LINE = 17.0
AXIS = 46.0
TITLE = 24.0
MARKS = {
    "holds": ("o", GREEN, GREEN),
    "fails": ("X", VERMILLION, VERMILLION),
    "undecided": ("s", PURPLE, "none"),
    "shown": ("o", MUTED, "none"),
}
"""Marker, color and filling of every outcome; `shown` is not judged."""


@dataclass(frozen=True)
class Dot:
    """Hold one row: label, numbers, bound and outcome."""

    label: str
    outcome: str
    estimate: float
    low: float
    high: float
    bound: float | None
    upwards: bool


@dataclass(frozen=True)
class Panel:
    """Hold the rows that share a unit, and the ends of their axis."""

    unit: str
    dots: tuple[Dot, ...]
    ends: tuple[float, float] = field(default=(0.0, 1.0))


def read(source: Source) -> tuple[Panel, ...] | None:
    """Return the claim's conditions that have an interval, one panel per unit."""
    record = source.record
    rows = [(c, c["outcome"]) for c in record["conditions"]]
    rows += [(c, "shown") for c in record.get("shown", [])]
    by_unit: dict[str, list[Dot]] = {}
    for condition, outcome in rows:
        estimate = condition.get("estimate")
        if condition["kind"] == "exact" or estimate is None:
            continue
        low, high = condition.get("low"), condition.get("high")
        dot = Dot(
            condition["label"],
            outcome if outcome in MARKS else "undecided",
            estimate,
            -math.inf if low is None else low,
            math.inf if high is None else high,
            None if outcome == "shown" else condition.get("bound"),
            condition.get("direction") != "at_most",
        )
        by_unit.setdefault(condition["unit"], []).append(dot)
    panels = tuple(
        Panel(unit, tuple(dots), axis_ends(unit, dots))
        for unit, dots in by_unit.items()
    )
    return panels or None


def axis_ends(unit: str, dots: list[Dot]) -> tuple[float, float]:
    """Return the ends of an axis that holds every finite number of the rows.

    Shares run from 0 to 1 unless all are small or all large; differences include 0.
    """
    numbers = [0.0]
    for dot in dots:
        numbers += [dot.estimate, dot.low, dot.high]
        numbers += [] if dot.bound is None else [dot.bound]
    finite = [value for value in numbers if math.isfinite(value)]
    low, high = min(finite), max(finite)
    if unit == SHARE:
        shown = [value for value in finite if value]
        if min(shown, default=0.0) > 0.8:
            return 1.0 - 1.25 * (1.0 - min(shown)), 1.0
        return (0.0, 1.0) if high > 0.3 else (0.0, max(1.25 * high, 0.001))
    room = 0.08 * ((high - low) or 1.0)
    return low - room, high + room


def draw(panels: tuple[Panel, ...]) -> Picture:
    """Draw one panel per unit, one row per condition."""
    alternative = describe(panels)
    wrapped = [[_wrap(dot.label) for dot in panel.dots] for panel in panels]
    heights = [
        AXIS + TITLE + sum(ROW + LINE * len(lines) for lines in labels)
        for labels in wrapped
    ]
    with style():
        figure = new_figure(sum(heights))
        top = sum(heights)
        for panel, labels, height in zip(panels, wrapped, heights, strict=True):
            inner = height - AXIS - TITLE
            bottom = top - TITLE - inner
            axes = figure.add_axes(
                (
                    SIDE / WIDTH,
                    bottom / sum(heights),
                    (WIDTH - 2 * SIDE) / WIDTH,
                    inner / sum(heights),
                )
            )
            _draw_panel(axes, panel, labels, inner)
            top -= height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(panels), alternative)


def _wrap(label: str) -> list[str]:
    return textwrap.wrap(label, LONGEST_LINE)[:3] or [" "]


def _draw_panel(
    axes: Axes, panel: Panel, labels: list[list[str]], height: float
) -> None:
    left, right = panel.ends
    axes.set_xlim(left, right)
    axes.set_ylim(height, 0)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    if panel.unit == SHARE:
        decimals = 0 if right - left > 0.1 else 1 if right - left > 0.01 else 3
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{100 * value:.{decimals}f} %")
        )
    elif panel.unit == DIFFERENCE:
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{100 * value:+.3g}" if value else "0")
        )
    axes.set_xlabel(axis_label(panel.unit), fontsize=SMALL)
    page = blended_transform_factory(axes.transAxes, axes.transData)
    y = 0.0
    for dot, lines in zip(panel.dots, labels, strict=True):
        for line in lines:
            y += LINE
            axes.text(0, y - 3, line, transform=page, color=INK)
        value = in_unit(dot.estimate, panel.unit)
        _, color, _ = MARKS[dot.outcome]
        axes.text(
            1,
            y - 3,
            value,
            transform=page,
            ha="right",
            color=color,
            fontweight="bold",
        )
        _draw_dot(axes, dot, y + ROW / 2 - 2, panel.ends)
        y += ROW


def _draw_dot(axes: Axes, dot: Dot, y: float, ends: tuple[float, float]) -> None:
    marker, color, face = MARKS[dot.outcome]
    low, high = (float(np.clip(value, *ends)) for value in (dot.low, dot.high))
    axes.plot(ends, [y, y], color=GRID, linewidth=1)
    if ends[0] < 0 < ends[1]:
        axes.plot([0, 0], [y - 5, y + 5], color=MUTED, linewidth=1)
    if dot.bound is not None:
        end = ends[1] if dot.upwards else ends[0]
        axes.plot(
            [dot.bound, end],
            [y, y],
            color=MUTED,
            alpha=0.22,
            linewidth=13,
            solid_capstyle="butt",
        )
        axes.plot([dot.bound] * 2, [y - 9, y + 9], color=INK, linewidth=1.6)
    axes.plot([low, high], [y, y], color=color, linewidth=2.6, solid_capstyle="butt")
    axes.plot(
        [dot.estimate],
        [y],
        marker=marker,
        color=color,
        markerfacecolor=face,
        markersize=10,
        markeredgewidth=1.8 if face == "none" else 0,
        clip_on=False,
        linestyle="none",
    )


def axis_label(unit: str) -> str:
    """Name the axis of a unit."""
    if unit == DIFFERENCE:
        return "difference in share of runs, percentage points"
    return unit


def caption(panels: tuple[Panel, ...]) -> str:
    """Say how to read the marks that are there."""
    outcomes = {dot.outcome for panel in panels for dot in panel.dots}
    words = {
        "holds": "a disc holds",
        "fails": "a cross fails",
        "undecided": "a hollow square is undecided",
        "shown": "a hollow circle is shown and not judged",
    }
    marks = ", ".join(text for word, text in words.items() if word in outcomes)
    bound = (
        " The upright mark is the bound, the gray band the side on which the"
        " prediction holds."
        if any(dot.bound is not None for panel in panels for dot in panel.dots)
        else ""
    )
    sentence = marks[:1].upper() + marks[1:]
    return f"Estimates with 95 % intervals. {sentence}.{bound}"


def describe(panels: tuple[Panel, ...]) -> str:
    """Say every row in words."""
    rows = []
    for panel in panels:
        for dot in panel.dots:
            low, high = (
                end if math.isfinite(end) else None for end in (dot.low, dot.high)
            )
            bound = (
                f", bound {in_unit(dot.bound, panel.unit)}"
                if dot.bound is not None
                else ""
            )
            rows.append(
                f"{dot.label}: {in_unit(dot.estimate, panel.unit)}"
                f" ({interval(low, high, panel.unit)}){bound}, {dot.outcome}"
            )
    return f"Dots with intervals. {'; '.join(rows)}."
