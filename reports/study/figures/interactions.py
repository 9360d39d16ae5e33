"""Draw mean scores by the levels of two factors: lines that are not parallel interact.

Only factorial designs have them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ablations.study.findings.result import VERDICTS
from ablations.study.settings.score import Score
from ablations.terminal import count
from reports.drawing.dots import Ends
from reports.drawing.labels import LEADER, ROOM, EndLabel, line_look, write_ends
from reports.drawing.palette import GRID
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.study.figures.looks import (
    LINE,
    LOOKS,
    axis_lines,
    lines_of,
    place,
    room,
    score_axis,
    set_numbers,
    write_lines,
)
from reports.study.readings.numbers import difference_text, range_text, score_text

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "interactions"
MOST_PANELS = 4
LEFT = 62.0
RIGHT = LEADER + ROOM
PANEL = 150.0
BELOW = 46.0
GAP = 12.0
ORDER = ("better", "worse", "undecided", "same", "not tested")
BESIDE = 0.06
"""Share of the distance between levels that lines stand beside each other."""


@dataclass(frozen=True)
class Panel:
    """The cells of two factors.

    Attributes:
        factors: Names of the factor along the axis and of that of the lines.
        levels: Names of the levels of both.
        means: Mean scores `[A, B]`.
        lows: Lower ends of their intervals `[A, B]`.
        highs: Upper ends `[A, B]`.
        verdict: What the test of the interaction says.
        words: The interaction with its interval.
    """

    factors: tuple[str, str]
    levels: tuple[tuple[str, ...], tuple[str, ...]]
    means: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    verdict: str
    words: str


@dataclass(frozen=True)
class Interactions:
    """The pairs of factors that are drawn, the surest first."""

    score: Score
    panels: tuple[Panel, ...]
    num_pairs: int


def read(result: StudyResult) -> Interactions | None:
    """Return the cells of the surest interactions, None where there are none."""
    if not len(result.interactions) or not len(result.cells):
        return None
    rows = sorted(
        result.interactions.to_dict("records"),
        key=lambda row: (ORDER.index(row["verdict"]), -_size(row["difference"])),
    )
    panels = [_panel(result, row) for row in rows[:MOST_PANELS]]
    there = tuple(panel for panel in panels if panel is not None)
    return Interactions(result.score, there, len(rows)) if there else None


def _size(value: float) -> float:
    return abs(value) if math.isfinite(value) else 0.0


def _panel(result: StudyResult, row: dict[str, Any]) -> Panel | None:
    one, other = str(row["factor_a"]), str(row["factor_b"])
    cells = result.cells
    mine = cells[(cells["factor_a"] == one) & (cells["factor_b"] == other)]
    if not len(mine):
        return None
    along = [str(level) for level in dict.fromkeys(mine["level_a"])]
    lines = [str(level) for level in dict.fromkeys(mine["level_b"])]
    arrays = [np.full((len(along), len(lines)), np.nan) for _ in range(3)]
    for cell in mine.to_dict("records"):
        at = along.index(str(cell["level_a"])), lines.index(str(cell["level_b"]))
        for array, name in zip(arrays, ("mean", "low", "high"), strict=True):
            array[at] = cell[name]
    score = result.score
    interval = range_text(score, row["low"], row["high"], signed=True)
    words = f"{difference_text(score, row['difference'])} ({interval})"
    return Panel(
        (one, other),
        (tuple(along), tuple(lines)),
        arrays[0],
        arrays[1],
        arrays[2],
        str(row["verdict"]),
        words,
    )


def draw(interactions: Interactions) -> Picture:
    """Draw one panel per pair, one line per level of its second factor."""
    alternative = describe(interactions)
    titles = [lines_of(_title(panel), most=2) for panel in interactions.panels]
    found = [
        axis_lines(f"{panel.words}: {VERDICTS[panel.verdict]}")
        for panel in interactions.panels
    ]
    heights = [
        (len(lines) + len(words)) * LINE + PANEL + BELOW + GAP
        for lines, words in zip(titles, found, strict=True)
    ]
    total = sum(heights)
    with style():
        figure = new_figure(total)
        top = 0.0
        for panel, lines, words, height in zip(
            interactions.panels, titles, found, heights, strict=True
        ):
            write_lines(figure, total, 8, top, lines)
            above = top + LINE * len(lines)
            for number, line in enumerate(words):
                figure.text(
                    8 / WIDTH,
                    1 - (above + LINE * (number + 1) - 4) / total,
                    line,
                    fontsize=SMALL,
                    color=LOOKS[panel.verdict][1],
                    fontweight="bold",
                )
            above += LINE * len(words)
            _draw_panel(figure, total, above + 6, panel, interactions.score)
            top += height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(
        NAME, svg, caption(interactions), alternative, title=message(interactions)
    )


def _title(panel: Panel) -> str:
    return f"{panel.factors[0]} and {panel.factors[1]}"


def _draw_panel(
    figure: Figure, total: float, top: float, panel: Panel, score: Score
) -> None:
    axes = place(figure, total, LEFT, top, WIDTH - LEFT - RIGHT, PANEL - 6)
    ends = ends_of(panel)
    along, lines = panel.levels
    set_numbers(axes, "y", score, ends, 4)
    axes.set_xlim(-0.3, len(along) - 0.7)
    axes.set_xticks(range(len(along)), [_short(level) for level in along])
    axes.set_xlabel(panel.factors[0][:40], fontsize=SMALL)
    axes.grid(visible=True, axis="y", color=GRID)
    labels = []
    for index, level in enumerate(lines):
        look = line_look(index)
        _draw_line(axes, panel, index, look)
        height = (panel.means[-1, index] - ends[0]) / (ends[1] - ends[0])
        name = f"{panel.factors[1]} {level}"[:60]
        labels.append(EndLabel(name, "", height, look["color"]))
    write_ends(axes, [label for label in labels if math.isfinite(label.height)])


def _draw_line(axes: Axes, panel: Panel, index: int, look: dict[str, Any]) -> None:
    """Draw the means of one level of the second factor, with their intervals."""
    places = np.arange(len(panel.means)) + BESIDE * (
        index - (panel.means.shape[1] - 1) / 2
    )
    axes.plot(places, panel.means[:, index], marker="o", markersize=6, **look)
    for at, low, high in zip(
        places, panel.lows[:, index], panel.highs[:, index], strict=True
    ):
        axes.plot([at, at], [low, high], color=look["color"], linewidth=1.2)


def ends_of(panel: Panel) -> Ends:
    """Return the ends of a panel's axis of scores."""
    numbers = np.concatenate(
        [array.ravel() for array in (panel.means, panel.lows, panel.highs)]
    )
    return room([float(n) for n in numbers[np.isfinite(numbers)]] or [0.0])


def _short(level: str) -> str:
    return level if len(level) <= 14 else f"{level[:13]}…"


def message(interactions: Interactions) -> str:
    """Say how many of the pairs that are shown surely change each other's effect."""
    panels = interactions.panels
    real = sum(panel.verdict in ("better", "worse") for panel in panels)
    pairs = count(len(panels), "pair")
    return f"In {real} of {pairs} each surely changes the other's effect"


def caption(interactions: Interactions) -> str:
    """Say how to read the lines."""
    shown = ""
    if interactions.num_pairs > len(interactions.panels):
        shown = (
            f" Shown are the surest {len(interactions.panels)} of"
            f" {interactions.num_pairs} pairs of factors."
        )
    return (
        f"Mean scores ({score_axis(interactions.score)}) by the levels of two factors,"
        " with 95 % intervals. Parallel lines mean that each factor does the same"
        f" whatever the other is.{shown}"
    )


def describe(interactions: Interactions) -> str:
    """Say every cell in words."""
    parts = []
    for panel in interactions.panels:
        cells = [
            f"{along} with {line} {score_text(interactions.score, mean)}"
            for along, means in zip(panel.levels[0], panel.means.tolist(), strict=True)
            for line, mean in zip(panel.levels[1], means, strict=True)
        ]
        parts.append(
            f"{_title(panel)}, interaction {panel.words}, {VERDICTS[panel.verdict]}:"
            f" {', '.join(cells)}"
        )
    return f"Mean scores by two factors. {'. '.join(parts)}."
