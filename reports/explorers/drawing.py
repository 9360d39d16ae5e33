"""Draw all states of an explorer as one small chart, in which the chosen one is marked.

Every state is a group with its address in `data-at`. The page's script, or without one
the first drawing, gives the chosen one the class `here`, and `away` to those of panels
that are not shown. All looks stand in the stylesheet.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from reports.drawing.cells import whole_percent
from reports.drawing.labels import spread
from reports.explorers.declared import ExplorerConfig, Options, address_of
from reports.explorers.states import State, States
from reports.explorers.words import EXPLODED, VANISHED, base_of, short
from reports.figures.profiles import decade_ticks
from reports.numbers import decade

WIDTH = 320.0
"""Width of every chart; about that of a phone, so that its text is as large there."""

LINE = 15.0
LEFT = 46.0
TOP = 24.0
PLOT = 150.0
CLOSE = 44.0
"""Pixels between the words at an axis below which every second stands lower."""

MOST_ICONS = 100
PER_ROW = 20
GOLDEN = 0.618034


def text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    """Return words at a point, which is where their line begins, ends or is halved."""
    attributes = f' text-anchor="{anchor}"' if anchor != "start" else ""
    attributes += f' class="{kind}"' if kind else ""
    return f'<text x="{x:.4g}" y="{y:.4g}"{attributes}>{escape(words)}</text>'


def panel_of(config: ExplorerConfig, options: Options) -> str:
    """Return the address of the panel that a state stands in."""
    return "/".join(options[place].address for place in config.panel)


def group(
    config: ExplorerConfig, options: Options, first: Options, inside: Iterable[str]
) -> str:
    """Return what is drawn of one state."""
    address, panel = address_of(options), panel_of(config, options)
    looks = ["mark"]
    looks += ["here"] if address == address_of(first) else []
    looks += ["away"] if panel != panel_of(config, first) else []
    return (
        f'<g class="{" ".join(looks)}" data-at="{address}" data-panel="{panel}">'
        f"{''.join(inside)}</g>"
    )


def svg(height: float, inside: Iterable[str], kind: str) -> str:
    """Return a drawing that is hidden from those to whom the sentence speaks."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {WIDTH:g} {height:g}" aria-hidden="true">'
        f"{''.join(inside)}</svg>"
    )


def icons(state: State) -> str:
    """Draw a run each, or of many one in a hundred: disc, ring, or cross if lost."""
    count = min(state.total, MOST_ICONS)
    per_row = PER_ROW if count > PER_ROW else PER_ROW // 2
    step = WIDTH / per_row
    radius = min(0.36 * step, 9.0)
    won, lost = icon_counts(state)
    drawn = []
    for place in range(count):
        kind = "won" if place < won else "lost" if place >= count - lost else ""
        x = (place % per_row + 0.5) * step
        y = (place // per_row + 0.5) * (2.6 * radius)
        r = 0.7 * radius
        cross = f"M{x - r:.4g} {y - r:.4g}l{2 * r:.3g} {2 * r:.3g}m0-{2 * r:.3g}l-"
        drawn.append(
            f'<g class="icon {kind}"><circle cx="{x:.4g}" cy="{y:.4g}"'
            f' r="{radius:.3g}"/><path d="{cross}{2 * r:.3g} {2 * r:.3g}"/></g>'
        )
    rows = -(-count // per_row)
    return svg(rows * 2.6 * radius, drawn, "icons")


def icon_counts(state: State) -> tuple[int, int]:
    """Return how many icons are a success and how many are lost."""
    scale = min(state.total, MOST_ICONS) / state.total
    return round(scale * (state.won or 0)), round(scale * state.lost)


def chart(config: ExplorerConfig, states: States, first: Options) -> str:
    """Draw all states, nothing where the icons say it all."""
    draw = {"bars": _bars, "columns": _columns, "grid": _grid, "lines": _lines}
    made = draw.get(config.chart)
    return made(config, states, first) if made else ""


def _bars(config: ExplorerConfig, states: States, first: Options) -> str:
    """Draw a bar per state by its mean, the tallest first."""
    there = [(o, states[address_of(o)]) for o in config.states() if _is(o, states)]
    there.sort(key=lambda each: -(each[1].mean or 0.0))
    step, bottom = WIDTH / max(len(there), 1), TOP + PLOT - 40
    drawn = [text(0, 13, f"{config.axis}, all {len(there)} states")]
    for place, (options, state) in enumerate(there):
        x, width = place * step, 0.78 * step
        height = (bottom - TOP) * (state.mean or 0.0)
        bar = (
            f'<rect class="bar" x="{x:.4g}" y="{bottom - height:.4g}"'
            f' width="{width:.3g}" height="{max(height, 1):.4g}"/>'
        )
        if state.lost == state.total:
            bar = f'<path class="lost" d="M{x:.4g} {bottom - 8:g}l7 7m0-7l-7 7"/>'
        tip = (
            f'<path class="pointer" d="M{x + width / 2:.4g} {bottom + 4:g}l5 9h-10z"/>'
        )
        drawn.append(group(config, options, first, (bar, tip)))
    return svg(bottom + 14, drawn, "chart")


def _is(options: Options, states: States) -> bool:
    return address_of(options) in states


def _columns(config: ExplorerConfig, states: States, first: Options) -> str:
    """Draw the number of every seed in a column per option of the last control."""
    last = config.controls[-1]
    values = [v for state in states.values() for v in state.values]
    low, high = min(values), max(values)
    ticks = _ticks(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    step = (WIDTH - LEFT) / len(last.options)

    def place(value: float) -> float:
        return TOP + PLOT * (high - value) / (high - low)

    drawn = [text(0, 13, config.axis)]
    for tick in ticks:
        y = place(tick)
        drawn.append(f'<path class="grid" d="M{LEFT:g} {y:.4g}H{WIDTH:g}"/>')
        drawn.append(text(LEFT - 6, y + 4, whole_percent(tick), "end", "note"))
    drawn += _base_lines(config, states, first, place)
    for options in config.states():
        state = states.get(address_of(options))
        column = last.options.index(options[-1])
        x = LEFT + (column + 0.5) * step
        inside = [_target(LEFT + column * step, TOP - 8, step, PLOT + 16)]
        if state is not None and state.mean is not None:
            inside += _dots(state, x, step, place)
            y = place(state.mean)
            half = 0.36 * step
            inside.append(
                f'<path class="mean" d="M{x - half:.4g} {y:.4g}h{2 * half:.3g}"/>'
            )
        drawn.append(group(config, options, first, inside))
    bottom = TOP + PLOT + 24
    lower = LINE if step < CLOSE else 0.0
    for column, option in enumerate(last.options):
        x = LEFT + (column + 0.5) * step
        drawn.append(text(x, bottom + lower * (column % 2), option.tick, "middle"))
    drawn.append(text((LEFT + WIDTH) / 2, bottom + lower + 20, last.title, "middle"))
    return svg(bottom + lower + 26, drawn, "chart")


def _dots(state: State, x: float, step: float, place) -> list[str]:  # type: ignore[no-untyped-def]
    reach = 0.62 * step
    return [
        f'<circle cx="{x + reach * ((n * GOLDEN) % 1 - 0.5):.4g}"'
        f' cy="{place(value):.4g}" r="3"/>'
        for n, value in enumerate(state.values)
    ]


def _base_lines(config, states, first, place):  # type: ignore[no-untyped-def]
    """Draw the mean that others are compared with, one per panel."""
    for options in config.states():
        base = base_of(config, options, states)
        if (
            base is not None
            and base.mean is not None
            and base.address == address_of(options)
        ):
            y = place(base.mean)
            line = f'<path class="base" d="M{LEFT:g} {y:.4g}H{WIDTH:g}"/>'
            away = (
                " away" if panel_of(config, options) != panel_of(config, first) else ""
            )
            yield f'<g class="panel{away}" data-panel="{panel_of(config, options)}">{line}</g>'


def _ticks(low: float, high: float) -> list[float]:
    """Return three to five round numbers from below the lowest to above the highest."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5):
        first, last = np.floor(low / step), np.ceil(high / step)
        if last - first <= 4:
            break
    return [float(step * n) for n in range(int(first), int(last) + 1)]


def _target(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="hit" x="{x:.4g}" y="{y:.4g}" width="{width:.4g}"'
        f' height="{height:.4g}"/>'
    )


def _grid(config: ExplorerConfig, states: States, first: Options) -> str:
    """Draw a cell per pair of options of the last two controls."""
    down, across = config.controls[-2:]
    names = [textwrap.wrap(option.tick, 15) for option in down.options]
    left = min(max(7.0 * max(map(len, sum(names, []))) + 8, 40.0), 118.0)
    row = max(40.0, 6 + LINE * max(map(len, names)))
    step = (WIDTH - left) / len(across.options)
    top = TOP
    means = [s.mean for s in states.values() if s.mean is not None]
    drawn = [text(0, 13, config.axis)]
    for n, lines in enumerate(names):
        y = top + (n + 0.5) * row + 4 - LINE / 2 * (len(lines) - 1)
        drawn += [
            text(left - 8, y + LINE * i, line, "end") for i, line in enumerate(lines)
        ]
    for options in config.states():
        state = states.get(address_of(options))
        n, m = down.options.index(options[-2]), across.options.index(options[-1])
        x, y = left + m * step + 2, top + n * row + 2
        share = _strength(state, means)
        words = short(config, state)
        inside = [
            f'<rect class="cell" x="{x:.4g}" y="{y:.4g}" width="{step - 4:.4g}"'
            f' height="{row - 4:.4g}" rx="3" fill-opacity="{share:.2g}"/>',
            text(x + step / 2 - 2, y + row / 2 + 2, words, "middle"),
        ]
        drawn.append(group(config, options, first, inside))
    bottom = top + len(names) * row + 16
    drawn += [
        text(left + (m + 0.5) * step, bottom, option.tick, "middle")
        for m, option in enumerate(across.options)
    ]
    title = f"{down.title} (down) and {across.title} (across)"
    drawn.append(text(WIDTH, bottom + 20, title, "end", "note"))
    return svg(bottom + 26, drawn, "chart")


def _strength(state: State | None, means: Sequence[float]) -> float:
    """Return how strongly a cell is filled: by its share, or its place among means."""
    if state is None:
        return 0.0
    share = (state.won or 0) / state.total
    if state.won is None:
        span = max(means) - min(means)
        share = ((state.mean or 0.0) - min(means)) / span if span else 1.0
    return 0.04 + 0.5 * share


def _lines(config: ExplorerConfig, states: States, first: Options) -> str:
    """Draw the gradient of every layer, from the last on the left to the first."""
    right = WIDTH - 112.0
    values = [v for state in states.values() for v in state.values if v > 0]
    low, high = np.log10(min(*values, VANISHED)) - 0.5, np.log10(max(*values, EXPLODED))

    def place(value: float) -> float:
        return TOP + PLOT * (high - np.log10(max(value, 10**low))) / (high - low)

    top, bottom = place(EXPLODED), place(VANISHED)
    drawn = [
        text(0, 13, config.axis),
        f'<rect class="band" x="{LEFT:g}" y="{top:.4g}" width="{right - LEFT:g}"'
        f' height="{bottom - top:.4g}"/>',
    ]
    for exponent in decade_ticks(low, high):
        y = place(10.0**exponent)
        drawn.append(f'<path class="grid" d="M{LEFT:g} {y:.4g}H{right:g}"/>')
        drawn.append(text(LEFT - 6, y + 4, decade(10.0**exponent), "end", "note"))
    panels: dict[str, list[Options]] = {}
    for options in config.states():
        if _is(options, states):
            panels.setdefault(panel_of(config, options), []).append(options)
    for members in panels.values():
        ends = [place(states[address_of(o)].values[0]) for o in members]
        heights = spread(ends, [2 * LINE + 3] * len(ends), (TOP - 10, TOP + PLOT + 14))
        for options, end, y in zip(members, ends, heights, strict=True):
            points = states[address_of(options)].values[::-1]
            x = np.linspace(LEFT, right, len(points))
            path = " ".join(
                f"{a:.4g} {place(b):.4g}" for a, b in zip(x, points, strict=True)
            )
            names = [option.tick for option in options[:-1]]
            inside = [
                f'<path class="line" d="M{path}"/>',
                f'<circle cx="{right:g}" cy="{end:.4g}" r="4"/>',
                *(text(right + 10, y + LINE * i, name) for i, name in enumerate(names)),
            ]
            drawn.append(group(config, options, first, inside))
    foot = TOP + PLOT + 18
    drawn += [
        text(LEFT, foot, "last layer", "start", "note"),
        text(right, foot, "first layer", "end", "note"),
    ]
    return svg(foot + 12, drawn, "chart")
