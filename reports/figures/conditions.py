"""Draw every condition of a claim as an estimate, its interval and the bound."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field, replace

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from ablations.judging.outcome import Outcome
from reports.drawing.dots import (
    Dot,
    Ends,
    axis_ends,
    axis_label,
    draw_mark,
    intervals_sentence,
    marks_sentence,
    numbers_of,
    read_dot,
    set_axis,
    zero_of,
)
from reports.drawing.palette import GRID, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source
from reports.numbers import RANK

NAME = "conditions"

SIDE = 28
"""Room beside a panel: half of its widest tick label, such as 100.0 %."""

LONGEST_LINE = 40
ROW = 29.0
LINE = 17.0
AXIS = 46.0
TITLE = 24.0


@dataclass(frozen=True)
class Panel:
    """The rows that share a unit, and the ends of their axis."""

    unit: str
    dots: tuple[Dot, ...]
    ends: Ends = field(default=(0.0, 1.0))


def read(source: Source) -> tuple[Panel, ...] | None:
    """Return the claim's conditions that have an estimate, one panel per unit."""
    by_unit: dict[str, list[Dot]] = {}
    for outcome in (*source.judged, *source.verdict.shown):
        dot = read_dot(outcome)
        if dot is not None:
            by_unit.setdefault(dot.unit, []).extend(_spread(dot, outcome))
    panels = tuple(
        Panel(unit, tuple(dots), _ends(unit, dots)) for unit, dots in by_unit.items()
    )
    return panels or None


def _spread(dot: Dot, outcome: Outcome) -> list[Dot]:
    """Return one dot per arm of a ranking, in order, and else the dot alone."""
    if dot.unit != RANK:
        return [dot]
    details = outcome.details
    ranks = dict(zip(details["arms"], details["mean_ranks"], strict=True))
    return [
        replace(
            dot,
            label=f"{dot.label}: {arm}",
            estimate=ranks[arm],
            low=ranks[arm],
            high=ranks[arm],
            confidence=None,
        )
        for arm in details["order"]
    ]


def _ends(unit: str, dots: list[Dot]) -> Ends:
    """Return the ends of a panel's axis; ranks run from the first to the last."""
    if unit == RANK:
        return 0.8, max(dot.estimate for dot in dots) + 0.2
    return axis_ends(unit, numbers_of(dots))


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
    set_axis(axes, "x", panel.unit, panel.ends)
    axes.set_ylim(height, 0)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    label = axis_label(panel.unit)
    if panel.unit == RANK:
        label = "mean rank over seeds, 1 is the best"
    axes.set_xlabel(label, fontsize=SMALL)
    page = blended_transform_factory(axes.transAxes, axes.transData)
    y = 0.0
    for dot, lines in zip(panel.dots, labels, strict=True):
        for line in lines:
            y += LINE
            axes.text(0, y - 3, line, transform=page, color=INK)
        axes.text(
            1,
            y - 3,
            dot.value,
            transform=page,
            ha="right",
            color=dot.color,
            fontweight="bold",
        )
        _draw_dot(axes, dot, y + ROW / 2 - 2, panel.ends)
        y += ROW


def _draw_dot(axes: Axes, dot: Dot, y: float, ends: Ends) -> None:
    axes.plot(ends, [y, y], color=GRID, linewidth=1)
    zero = zero_of(dot.unit)
    if ends[0] < zero < ends[1]:
        axes.plot([zero, zero], [y - 5, y + 5], color=MUTED, linewidth=1)
    span = dot.holding_span(ends)
    if span is not None:
        axes.plot(
            span,
            [y, y],
            color=MUTED,
            alpha=0.22,
            linewidth=13,
            solid_capstyle="butt",
        )
    for bound in dot.bounds:
        axes.plot([bound] * 2, [y - 9, y + 9], color=INK, linewidth=1.6)
    draw_mark(axes, dot, y, ends)


def caption(panels: tuple[Panel, ...]) -> str:
    """Say how to read the marks that are there."""
    dots = [dot for panel in panels for dot in panel.dots]
    estimates = [dot for dot in dots if dot.unit != RANK]
    sentences = [intervals_sentence(estimates)] if estimates else []
    if len(estimates) < len(dots):
        sentences.append("Mean ranks have no interval: ranks are tested in pairs.")
    sentences.append(marks_sentence(dots))
    if any(dot.bound is not None for dot in dots):
        both = any(dot.direction == "within" for dot in dots)
        sentences.append(
            "The upright mark is the bound, the gray band the side on which the"
            " prediction holds"
            + (", between two marks where arms are predicted alike." if both else ".")
        )
    return " ".join(sentences)


def describe(panels: tuple[Panel, ...]) -> str:
    """Say every row in words."""
    rows = [dot.describe() for panel in panels for dot in panel.dots]
    return f"Dots with intervals. {'; '.join(rows)}."
