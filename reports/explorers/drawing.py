"""Draw all states of an explorer as one small chart, in which the chosen one is marked.

Every state is a group with its address in `data-at`. The chosen one has the class
`here`, and those of panels that are not shown `away`; the page's script moves both.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from reports.drawing.cells import whole_percent
from reports.drawing.labels import spread
from reports.explorers.declared import ExplorerConfig, Options, address_of
from reports.explorers.marks import (
    LEFT,
    LINE,
    PLOT,
    TOP,
    WIDTH,
    Place,
    dots,
    level,
    path,
    rect,
    svg,
    text,
)
from reports.explorers.states import State, States
from reports.explorers.words import EXPLODED, VANISHED, short
from reports.figures.profiles import decade_ticks
from reports.numbers import decade

CLOSE = 44.0
"""Pixels between the words at an axis below which every second stands lower."""

NARROW = 50.0
"""Pixels of a cell below which numbers stand without decimals and sign."""

COUNTED = 60.0
"""Pixels of a cell below which runs that succeed stand without the number of all."""

LABELS = 112.0
LONGEST_NAME = 15
WIDEST_NAME = 118.0
CHARACTER = 7.0
ROW = 40.0
NOTHING = 1e-6
"""Gradient at the first layer from which a cell is empty."""

LOWEST_CELL, HIGHEST_CELL = 0.04, 0.54
"""Opacity of a share of 0 and of 1."""


@dataclass(frozen=True)
class Chart:
    """What is drawn: an explorer, its states, and the one that is shown first."""

    config: ExplorerConfig
    states: States
    first: Options

    def all(self) -> Iterator[tuple[Options, State | None]]:
        """Yield every declared state with what became of it."""
        for options in self.config.states():
            yield options, self.states.get(address_of(options))

    def panel(self, options: Options) -> str:
        """Return the address of the panel that a state stands in."""
        return "/".join(options[place].address for place in self.config.panel)

    def group(self, options: Options, inside: Iterable[str], kind: str = "mark") -> str:
        """Return what is drawn of one state, or of its panel."""
        address, panel = address_of(options), self.panel(options)
        looks = [kind]
        looks += (
            ["here"] if kind == "mark" and address == address_of(self.first) else []
        )
        looks += ["away"] if panel != self.panel(self.first) else []
        at = f' data-at="{address}"' if kind == "mark" else ""
        looked = " ".join(looks)
        return f'<g class="{looked}"{at} data-panel="{panel}">{"".join(inside)}</g>'

    def draw(self) -> str:
        """Draw all states, nothing where icons say it all."""
        drawers = {"bars": bars, "columns": columns, "grid": grid, "lines": lines}
        drawer = drawers.get(self.config.chart)
        return drawer(self) if drawer and self.states else ""


def bars(chart: Chart) -> str:
    """Draw a bar per state by its mean, the tallest first."""
    there = [(options, state) for options, state in chart.all() if state is not None]
    there.sort(key=lambda each: -(each[1].mean or 0.0))
    step, bottom = (WIDTH - LEFT) / len(there), TOP + PLOT - 40
    drawn = [text(0, 13, f"{chart.config.axis}, all {len(there)} combinations")]
    for tick in (0.0, 0.5, 1.0):
        y = bottom - (bottom - TOP) * tick
        drawn.append(level("grid", y))
        drawn.append(text(LEFT - 6, y + 4, whole_percent(tick), "end", "note"))
    for n, (options, state) in enumerate(there):
        x, width = LEFT + n * step, 0.78 * step
        height = max((bottom - TOP) * (state.mean or 0.0), 1.0)
        bar = rect("bar", x, bottom - height, width, height)
        if state.lost == state.total:
            bar = path("lost", f"M{x:.4g} {bottom - 8:g}l7 7m0-7l-7 7")
        tip = path("pointer", f"M{x + width / 2:.4g} {bottom + 4:g}l5 9h-10z")
        drawn.append(chart.group(options, (bar, tip)))
    return svg(bottom + 14, drawn, "chart")


def columns(chart: Chart) -> str:
    """Draw the number of every seed in a column per option of the last control."""
    config, last = chart.config, chart.config.controls[-1]
    values = [value for state in chart.states.values() for value in state.values]
    ticks = share_ticks(min(values), max(values))
    step = (WIDTH - LEFT) / len(last.options)

    def place(value: float) -> float:
        return TOP + PLOT * (ticks[-1] - value) / (ticks[-1] - ticks[0])

    drawn = [text(0, 13, config.axis)]
    for tick in ticks:
        drawn.append(level("grid", place(tick)))
        drawn.append(
            text(LEFT - 6, place(tick) + 4, whole_percent(tick), "end", "note")
        )
    for options, state in chart.all():
        if state is not None and state.mean is not None:
            is_base = config.base_of(options) == options
            base = [level("base", place(state.mean))] if is_base else []
            drawn += [chart.group(options, base, "panel")] if base else []
    for options, state in chart.all():
        column = last.options.index(options[-1])
        x = LEFT + (column + 0.5) * step
        inside = [rect("hit", x - step / 2, TOP - 8, step, PLOT + 16)]
        inside += _column(state, x, step, place) if state is not None else []
        drawn.append(chart.group(options, inside))
    bottom = TOP + PLOT + 24
    lower = LINE if step < CLOSE else 0.0
    for column, option in enumerate(last.options):
        x = LEFT + (column + 0.5) * step
        drawn.append(text(x, bottom + lower * (column % 2), option.tick, "middle"))
    drawn.append(text((LEFT + WIDTH) / 2, bottom + lower + 20, last.title, "middle"))
    return svg(bottom + lower + 26, drawn, "chart")


def _column(state: State, x: float, step: float, place: Place) -> list[str]:
    """Return the dots of a column and the bar at their mean."""
    if state.mean is None:
        return []
    half = 0.36 * step
    steps = f"M{x - half:.4g} {place(state.mean):.4g}h{2 * half:.3g}"
    return [*dots(state, x, 0.62 * step, place), path("mean", steps)]


def share_ticks(low: float, high: float) -> list[float]:
    """Return at most five round shares, from below the lowest to above the highest."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5):
        first = np.floor(low / step)
        last = max(np.ceil(high / step), first + 1)
        if last - first <= 4:
            break
    return [float(step * n) for n in range(int(first), int(last) + 1)]


def grid(chart: Chart) -> str:
    """Draw a cell per pair of options of the last two controls."""
    down, across = chart.config.controls[-2:]
    names = [textwrap.wrap(option.tick, LONGEST_NAME) for option in down.options]
    longest = max(len(line) for lines in names for line in lines)
    left = min(max(CHARACTER * longest + 20, ROW), WIDEST_NAME)
    row = max(ROW, 6 + LINE * max(map(len, names)))
    step = (WIDTH - left) / len(across.options)
    drawn = [text(0, 13, chart.config.axis + (", %" if step < NARROW else ""))]
    for n, lines in enumerate(names):
        y = TOP + (n + 0.5) * row + 4 - LINE / 2 * (len(lines) - 1)
        named = (
            text(left - 8, y + LINE * i, line, "end") for i, line in enumerate(lines)
        )
        drawn += named
    for options, state in chart.all():
        x = left + across.options.index(options[-1]) * step + 2
        y = TOP + down.options.index(options[-2]) * row + 2
        cell = rect("cell", x, y, step - 4, row - 4)
        cell = cell.replace(
            "/>", f' rx="3" fill-opacity="{strength(chart, state):.2g}"/>'
        )
        words = short(chart.config, state)
        if step < NARROW and state is not None and state.mean is not None:
            words = f"{100 * state.mean:.0f}"
        if step < COUNTED and state is not None and state.won is not None:
            words = f"{state.won:,}"
        word = text(x + step / 2 - 2, y + row / 2 + 2, words, "middle")
        drawn.append(chart.group(options, (cell, word)))
    bottom = TOP + len(names) * row + 16
    drawn += [
        text(left + (m + 0.5) * step, bottom, option.tick, "middle")
        for m, option in enumerate(across.options)
    ]
    title = f"{down.title} (down) and {across.title.lower()} (across)"
    drawn.append(text(WIDTH, bottom + 20, title, "end", "note"))
    return svg(bottom + 26, drawn, "chart")


def strength(chart: Chart, state: State | None) -> float:
    """Return how strongly a cell is filled: by its share, or its place among means.

    A gradient at the first layer fills it the more, the nearer to one it is.
    """
    if state is None:
        return 0.0
    share = (state.won or 0) / state.total
    if chart.config.layers:
        exponent = abs(np.log10(max(state.values[0], NOTHING)))
        share = max(1.0 - exponent / -np.log10(NOTHING), 0.0)
    elif state.won is None:
        means = [s.mean for s in chart.states.values() if s.mean is not None]
        span = max(means) - min(means)
        share = ((state.mean or 0.0) - min(means)) / span if span else 1.0
    return LOWEST_CELL + (HIGHEST_CELL - LOWEST_CELL) * share


def lines(chart: Chart) -> str:
    """Draw the gradient of every layer, from the last on the left to the first."""
    right = WIDTH - LABELS
    values = [v for state in chart.states.values() for v in state.values if v > 0]
    low = float(np.log10(min(*values, VANISHED))) - 0.5
    high = float(np.log10(max(*values, EXPLODED)))

    def place(value: float) -> float:
        exponent = np.log10(max(value, 10.0**low))
        return float(TOP + PLOT * (high - exponent) / (high - low))

    top, bottom = place(EXPLODED), place(VANISHED)
    drawn = [
        text(0, 13, chart.config.axis),
        rect("band", LEFT, top, right - LEFT, bottom - top),
    ]
    for exponent in decade_ticks(low, high):
        y = place(10.0**exponent)
        drawn.append(level("grid", y, LEFT, right))
        drawn.append(text(LEFT - 6, y + 4, decade(10.0**exponent), "end", "note"))
    panels: dict[str, list[tuple[Options, State]]] = {}
    for options, state in chart.all():
        if state is not None:
            panels.setdefault(chart.panel(options), []).append((options, state))
    for members in panels.values():
        ends = [place(state.values[0]) for _, state in members]
        sizes = [2 * LINE + 3] * len(ends)
        heights = spread(ends, sizes, (TOP - 10, TOP + PLOT + 14))
        for (options, state), y in zip(members, heights, strict=True):
            drawn.append(chart.group(options, _line(options, state, y, place)))
    foot = TOP + PLOT + 18
    drawn.append(text(LEFT, foot, "last layer", "start", "note"))
    drawn.append(text(right, foot, "first layer", "end", "note"))
    return svg(foot + 12, drawn, "chart")


def _line(options: Options, state: State, y: float, place: Place) -> Iterator[str]:
    """Yield a line, its end, and what it is called there."""
    right = WIDTH - LABELS
    x = np.linspace(LEFT, right, len(state.values))
    points = zip(x, state.values[::-1], strict=True)
    yield path("line", "M" + " ".join(f"{a:.4g} {place(b):.4g}" for a, b in points))
    yield f'<circle cx="{right:g}" cy="{place(state.values[0]):.4g}" r="4"/>'
    for n, option in enumerate(options[:-1]):
        yield text(right + 10, y + LINE * n, option.tick)
