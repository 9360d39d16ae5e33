"""Write what a sweep found: a page, tables as CSV, and one figure per metric."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.running.sweep import SweepResult
from reports.drawing.palette import INK, SERIES
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.files import slug, write_files
from reports.sweep_page import (
    HIGHER,
    LOWER,
    main_metric,
    make_page,
    metrics_of,
    short_name,
    words_of,
)
from reports.tables import csv_cell

if TYPE_CHECKING:
    import pandas as pd

HEIGHT = 300.0
ROW = 18.0
LEFT, RIGHT, BOTTOM = 58.0, 12.0, 52.0
LONGEST_LABEL = 40
MOST_TICKS = 6
WIDE_RANGE = 30.0
"""Ratio of the largest to the smallest value from which an axis is logarithmic."""


@dataclass(frozen=True)
class Panel:
    """Hold one figure: a metric over the first setting, a line per level of a second.

    Attributes:
        metric: What is shown.
        along: Dotted path of the setting along the axis.
        levels: Its values in order; where they are places and not numbers, as text.
        x: Where they stand `[L]`.
        is_logarithmic: Whether numbers stand on a logarithmic axis.
        across: Path of the second setting, empty for none.
        lines: Values of every run by level of the second setting: for each place along
            the axis those of all runs.
    """

    metric: str
    along: str
    levels: tuple[Any, ...]
    x: np.ndarray
    is_logarithmic: bool
    across: str
    lines: dict[str, list[np.ndarray]]


def write_sweep(found: SweepResult, out: Path) -> list[Path]:
    """Write the page, the tables and the figures into a folder; return the files.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    files: dict[str, str | bytes] = {
        "runs.csv": frame_csv(found.runs),
        "curves.csv": frame_csv(found.curves),
    }
    pictures = [draw(panel) for panel in read_panels(found)]
    for picture in pictures:
        files[f"figures/{slug(picture.name)}.svg"] = picture.file_text()
    files = {"index.html": make_page(found, pictures), **files}
    write_files(out, files)
    return [out / name for name in files]


def frame_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no text is a formula."""
    safe = frame.rename(columns=csv_cell)
    for name in safe.columns:
        if safe[name].dtype.kind not in "biuf":
            safe[name] = [csv_cell(value) for value in safe[name]]
    return str(safe.to_csv(index=False, lineterminator="\n"))


def read_panels(found: SweepResult) -> list[Panel]:
    """Return what the figures show, one for every metric; none if nothing varied."""
    if not found.varied:
        return []
    along, across = order_of(found)
    metrics = metrics_of(found)
    ordered = sorted(metrics, key=lambda name: name != main_metric(metrics))
    return [_panel(found.runs, name, along, across) for name in ordered]


def order_of(found: SweepResult) -> tuple[str, str]:
    """Return the setting along the axis, the one with most numbers, and the next."""

    def richness(path: str) -> tuple[bool, int]:
        values = found.runs[path].dropna()
        return values.dtype.kind in "iuf", values.nunique()

    ordered = sorted(found.varied, key=richness, reverse=True)
    return ordered[0], ordered[1] if len(ordered) > 1 else ""


def _panel(runs: pd.DataFrame, metric: str, along: str, across: str) -> Panel:
    levels = list(dict.fromkeys(runs[along].tolist()))
    numeric = all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
        for v in levels
    )
    logarithmic = False
    if numeric:
        levels.sort()
        logarithmic = levels[0] > 0 and levels[-1] / levels[0] >= WIDE_RANGE
        x = np.array(levels, float)
    else:
        x = np.arange(len(levels), dtype=float)
    groups = {"": runs}
    if across:
        groups = {
            str(level): runs[runs[across].map(str) == str(level)]
            for level in dict.fromkeys(runs[across].tolist())
        }
    lines = {
        name: [
            group.loc[group[along] == level, metric].to_numpy(float) for level in levels
        ]
        for name, group in groups.items()
    }
    return Panel(metric, along, tuple(levels), x, logarithmic, across, lines)


def describe(panel: Panel) -> str:
    """Say in words what a figure shows."""
    parts = []
    for name, line in panel.lines.items():
        means = [_mean(values) for values in line]
        known = [
            f"{level}: {mean:.4g}"
            for level, mean in zip(panel.levels, means, strict=True)
            if math.isfinite(mean)
        ]
        parts.append((f"{name}: " if name else "") + ", ".join(known))
    across = f", a line for each {panel.across}" if panel.across else ""
    return f"Mean {panel.metric} by {panel.along}{across}. {'; '.join(parts)}."


def _mean(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else math.nan


def draw(panel: Panel) -> Picture:
    """Draw every run as a dot, and a line through the means."""
    named = [name for name in panel.lines if name]
    along, across = (
        short_name(path, [panel.along, panel.across])
        for path in (panel.along, panel.across)
    )
    top = 26.0 + ROW * len(named)
    height = HEIGHT + ROW * len(named)
    alternative = describe(panel)
    with style():
        figure = new_figure(height)
        axes = figure.add_axes(
            (
                LEFT / WIDTH,
                BOTTOM / height,
                (WIDTH - LEFT - RIGHT) / WIDTH,
                (height - BOTTOM - top) / height,
            )
        )
        for number, (name, line) in enumerate(panel.lines.items()):
            color = SERIES[number % len(SERIES)]
            for place, values in zip(panel.x, line, strict=True):
                axes.plot(
                    np.full(len(values), place),
                    values,
                    linestyle="",
                    marker="o",
                    markersize=3.5,
                    markeredgewidth=0,
                    alpha=0.45,
                    color=color,
                )
            means = [_mean(values) for values in line]
            axes.plot(panel.x, means, color=color, linewidth=1.6)
            if name:
                # Words of the user's are never taken for formulas.
                figure.text(
                    LEFT / WIDTH,
                    1 - (38 + ROW * number) / height,
                    _short(f"{across} {name}"),
                    color=color,
                    fontsize=SMALL,
                )
        if panel.is_logarithmic:
            axes.set_xscale("log")
            axes.minorticks_off()
        if panel.is_logarithmic or not _is_numeric(panel):
            # Of many levels some are named.
            some = slice(None, None, -(-len(panel.levels) // MOST_TICKS))
            names = [_level(level) for level in panel.levels[some]]
            axes.set_xticks(panel.x[some], names)
        axes.set_xlabel(_short(along))
        axes.grid(visible=True, axis="y")
        words = words_of(panel.metric)
        figure.text(8 / WIDTH, 1 - 18 / height, words, fontsize=SMALL, color=INK)
        svg = to_svg(figure, name=slug(panel.metric), alternative=alternative)
    caption = "Every dot is a run; lines join the means of those that are not lost."
    return Picture(panel.metric, svg, caption, alternative, title=message(panel))


def message(panel: Panel) -> str:
    """Say where the mean is best, or only what is shown."""
    sign = -1 if panel.metric.endswith(LOWER) else 1
    name = words_of(panel.metric)
    name = f"{name[:1].upper()}{name[1:]}"
    places = [
        (sign * _mean(values), across, level)
        for across, line in panel.lines.items()
        for level, values in zip(panel.levels, line, strict=True)
        if math.isfinite(_mean(values))
    ]
    if not places or not panel.metric.endswith((*HIGHER, *LOWER)):
        return f"{name} by {_short(panel.along)}"
    _, across, level = max(places, key=lambda place: place[0])
    word = "smallest" if sign < 0 else "largest"
    where = " with ".join(filter(None, (_level(level), _short(across))))
    return f"{name} is {word} at {where}"


def _is_numeric(panel: Panel) -> bool:
    return all(isinstance(v, int | float) for v in panel.levels)


def _level(level: Any) -> str:
    """Return a level as it stands at an axis."""
    return f"{level:g}" if isinstance(level, float) else _short(str(level))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 3]}..."
