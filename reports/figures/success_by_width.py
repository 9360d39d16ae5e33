"""Draw the share of runs that succeed against the number of hidden units."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.ticker import FuncFormatter

from ablations.evidence.scores import score
from ablations.protocol.kinds import Trend
from ablations.stats.proportions import wilson
from reports.drawing.cells import whole_percent
from reports.drawing.labels import accent_look
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source, name_without, number_of
from reports.numbers import SHARE, interval, percent

NAME = "success_by_width"
WIDTH_LEVEL = "width"
"""The factor, as arms' levels name it."""

HEIGHT = 300.0
MARKERS = ("o", "s", "D", "^", "v", "P")
CLOSEST_LABELS = 0.075
"""Smallest distance between two labels at the end of lines, as a share."""


@dataclass(frozen=True)
class Point:
    """The share of an arm's runs that succeed."""

    width: int
    share: float
    low: float
    high: float
    num_runs: int


@dataclass(frozen=True)
class Series:
    """The shares of one activation, by increasing width."""

    name: str
    words: str
    points: tuple[Point, ...]


def read(source: Source) -> tuple[Series, ...] | None:
    """Return the shares of the arms that the claim's trends compare."""
    points: dict[str, dict[int, Point]] = {}
    words = ""
    for prediction in source.claim.judged:
        if not isinstance(prediction, Trend):
            continue
        for arm, config in prediction.reads():
            width, runs = number_of(arm, WIDTH_LEVEL), source.runs(arm)
            if width is None or runs is None or not config.is_success:
                continue
            successes = score(runs.table, config)
            rate = wilson(int(successes.sum()), len(successes))
            words = config.words
            line = points.setdefault(name_without(arm, WIDTH_LEVEL), {})
            point = Point(int(width), rate.estimate, rate.low, rate.high, rate.n)
            line[point.width] = point
    series = tuple(
        Series(name, words, tuple(by[width] for width in sorted(by)))
        for name, by in points.items()
        if len(by) > 1
    )
    return series or None


def spread_labels(heights: list[float], distance: float) -> list[float]:
    """Move labels apart until they do not overlap, keeping their order."""
    order = np.argsort(heights, kind="stable")
    moved = np.array(heights, np.float64)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + distance)
    return [float(value) for value in moved - max(moved.max(initial=0.0) - 1.03, 0.0)]


def draw(series: tuple[Series, ...]) -> Picture:
    """Draw one line per activation with its intervals."""
    alternative = describe(series)
    widths = sorted({point.width for line in series for point in line.points})
    with style():
        figure = new_figure(HEIGHT)
        axes = figure.add_axes(
            (48 / WIDTH, 52 / HEIGHT, (WIDTH - 142) / WIDTH, (HEIGHT - 84) / HEIGHT)
        )
        for index, line in enumerate(series):
            color = accent_look(index)["color"]
            shift = 2.0 ** (0.05 * (index - (len(series) - 1) / 2))
            x = np.array([point.width for point in line.points]) * shift
            share = np.array([point.share for point in line.points])
            low = np.array([point.low for point in line.points])
            high = np.array([point.high for point in line.points])
            axes.plot(x, share, color=color, linewidth=1.6)
            axes.vlines(x, low, high, color=color, linewidth=2.4)
            axes.plot(
                x,
                share,
                marker=MARKERS[index % len(MARKERS)],
                color=color,
                markersize=6,
                linestyle="none",
                clip_on=False,
            )
        ends = [line.points[-1].share for line in series]
        for index, (line, height) in enumerate(
            zip(series, spread_labels(ends, CLOSEST_LABELS), strict=True)
        ):
            axes.text(
                line.points[-1].width * 1.18,
                height,
                line.name,
                va="center",
                color=accent_look(index)["color"],
                fontweight="bold",
                fontsize=SMALL,
            )
        axes.set_xscale("log", base=2)
        axes.set_xlim(widths[0] / 1.15, widths[-1] * 1.12)
        axes.set_xticks(widths, [str(width) for width in widths])
        axes.minorticks_off()
        axes.set_ylim(0, 1.03)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f} %"))
        axes.tick_params(labelsize=SMALL)
        axes.grid(visible=True, axis="y")
        axes.set_xlabel("hidden units", fontsize=SMALL)
        figure.text(8 / WIDTH, 1 - 16 / HEIGHT, "share of runs", fontsize=SMALL)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    runs = sorted({point.num_runs for line in series for point in line.points})
    counts = " to ".join(f"{count:,}" for count in sorted({runs[0], runs[-1]}))
    caption = (
        f"Share of runs that {series[0].words}, with 95 % Wilson intervals; {counts}"
        " runs per point. Where no interval shows, it is smaller than the mark."
    )
    return Picture(NAME, svg, caption, alternative, title=title(series))


def title(series: tuple[Series, ...]) -> str:
    """Say how many networks of the first activation learn, at either end."""
    first, last = series[0].points[0], series[0].points[-1]
    units = "one hidden unit" if first.width == 1 else f"{first.width} hidden units"
    return (
        f"Of {series[0].name} networks with {units}, {_often(first.share)} learn XOR;"
        f" with {last.width}, {_often(last.share)} do"
    )


def _often(share: float) -> str:
    """Say a share, where it is next to nothing or to all in words."""
    if share in (0.0, 1.0):
        return "all" if share else "none"
    if not 0.01 < share < 0.99:
        return "nearly all" if share > 0.5 else "nearly none"
    return whole_percent(share)


def describe(series: tuple[Series, ...]) -> str:
    """Say every share in words."""
    parts = []
    for line in series:
        shares = ", ".join(
            f"{p.width}: {percent(p.share)} ({interval(p.low, p.high, SHARE)})"
            for p in line.points
        )
        parts.append(f"{line.name}: {shares}")
    return f"Share of runs that {series[0].words} by hidden units. {'; '.join(parts)}."
