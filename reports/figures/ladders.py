"""Draw measurements of every seed along an ordered factor, in panels above each other.

A line is one kind of arms, a place on it a level of the factor; all panels share the
places and the names of the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.drawing.labels import (
    EndLabel,
    accent_look,
    distinct,
    room_for,
    write_ends,
)
from reports.drawing.palette import INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.profiles import Profile, draw_profile
from reports.numbers import decade, plain

LEFT = 56.0
LABELS = 124.0
TITLE = 26.0
PLOT = 118.0
GAP = 30.0
AXIS = 46.0
TOP = 6.0
FAR = 0.1
"""Share of seeds at either end that an axis does not follow."""

ROOM = 0.06
"""Room above and below all numbers, and beside all places, as a share of their span."""


@dataclass(frozen=True)
class Ladder:
    """What the seeds of one line measured at its places.

    Attributes:
        name: What the line is called.
        places: Where its levels stand on the axis `[P]`, increasing.
        values: NaN where a run has none `[S, P]`.
    """

    name: str
    places: np.ndarray
    values: np.ndarray

    @property
    def median(self) -> np.ndarray:
        """The median over seeds `[P]`."""
        return Profile(self.name, len(self.places), self.values).median


@dataclass(frozen=True)
class Panel:
    """The lines of one measurement.

    Attributes:
        title: What is measured.
        ladders: The lines.
        ideal: Places and numbers of what a rule says, None for no rule.
        ideal_name: What it is called.
    """

    title: str
    ladders: tuple[Ladder, ...]
    ideal: tuple[np.ndarray, np.ndarray] | None = None
    ideal_name: str = ""


@dataclass(frozen=True)
class Ladders:
    """Panels over the same axis.

    Attributes:
        figure: Name of the figure.
        axis: What the axis is called.
        ticks: Words at places, by place.
        panels: From top to bottom.
        caption: What the reader sees below, without the number of seeds.
        title: What the panels say.
        is_log: Whether numbers are powers of ten.
    """

    figure: str
    axis: str
    ticks: dict[float, str]
    panels: tuple[Panel, ...]
    caption: str
    title: str = ""
    is_log: bool = False

    @property
    def num_seeds(self) -> list[int]:
        """Smallest and largest number of seeds of a line, once where they agree."""
        counts = sorted(len(one.values) for p in self.panels for one in p.ladders)
        return list(dict.fromkeys((counts[0], counts[-1])))


def draw(ladders: Ladders) -> Picture:
    """Draw the panels."""
    alternative = describe(ladders)
    names = distinct([[one.name for one in p.ladders] for p in ladders.panels])
    looks = {name: accent_look(index) for name, index in names.items()}
    spans = [_span(panel) for panel in ladders.panels]
    labels = [
        [
            EndLabel(
                one.name,
                "",
                float((one.median[-1] - low) / (high - low)),
                looks[one.name]["color"],
            )
            for one in panel.ladders
        ]
        + _ideal_label(panel, low, high)
        for panel, (low, high) in zip(ladders.panels, spans, strict=True)
    ]
    heights = [max(PLOT, room_for(each)) for each in labels]
    total = TOP + sum(heights) + len(heights) * TITLE + (len(heights) - 1) * GAP + AXIS
    places = sorted(ladders.ticks)
    beside = ROOM * (places[-1] - places[0])
    with style():
        figure = new_figure(total)
        top = total - TOP
        for panel, height, names_at, span in zip(
            ladders.panels, heights, labels, spans, strict=True
        ):
            bottom = top - TITLE - height
            axes = figure.add_axes(
                (
                    LEFT / WIDTH,
                    bottom / total,
                    (WIDTH - LEFT - LABELS) / WIDTH,
                    height / total,
                )
            )
            figure.text(
                8 / WIDTH,
                (top - TITLE / 2) / total,
                panel.title,
                fontsize=SMALL,
                fontweight="bold",
                va="center",
            )
            for one in panel.ladders:
                look = looks[one.name]
                draw_profile(axes, one.places, one.values, one.median, look)
                axes.plot(
                    one.places,
                    one.median,
                    marker="o",
                    markersize=5,
                    linestyle="none",
                    color=look["color"],
                )
            if panel.ideal is not None:
                axes.plot(*panel.ideal, color=INK, lw=1.6, linestyle=(0, (2, 2)))
            axes.set_xlim(places[0] - beside, places[-1] + beside)
            axes.set_ylim(*span)
            is_last = panel is ladders.panels[-1]
            axes.set_xticks(places, [ladders.ticks[at] for at in places])
            axes.tick_params(labelsize=SMALL, labelbottom=is_last)
            axes.grid(visible=True, axis="y")
            axes.locator_params(axis="y", nbins=5, integer=ladders.is_log)
            if ladders.is_log:
                axes.yaxis.set_major_formatter(lambda value, _: decade(10.0**value))
            if is_last:
                axes.set_xlabel(ladders.axis, fontsize=SMALL)
            write_ends(axes, names_at)
            top = bottom - GAP
        svg = to_svg(figure, name=ladders.figure, alternative=alternative)
    told = caption(ladders)
    return Picture(ladders.figure, svg, told, alternative, title=ladders.title)


def _ideal_label(panel: Panel, low: float, high: float) -> list[EndLabel]:
    if panel.ideal is None:
        return []
    height = float((panel.ideal[1][-1] - low) / (high - low))
    return [EndLabel(panel.ideal_name, "", height, MUTED)]


def _span(panel: Panel) -> tuple[float, float]:
    """Return the ends of an axis that holds all lines but for seeds far off."""
    drawn = [
        Profile(one.name, len(one.places), one.values).quantile(share)
        for one in panel.ladders
        for share in (FAR, 0.5, 1.0 - FAR)
    ]
    drawn += [panel.ideal[1]] if panel.ideal is not None else []
    values = np.concatenate(drawn)
    values = values[np.isfinite(values)]
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    room = ROOM * (high - low) or 0.5
    return low - room, high + room


def _leaves(panel: Panel) -> bool:
    """Return whether a seed's line leaves its panel."""
    low, high = _span(panel)
    return any(
        bool((one.values < low).any() or (one.values > high).any())
        for one in panel.ladders
    )


def caption(ladders: Ladders) -> str:
    """Say what is drawn, and of how many seeds."""
    seeds = " to ".join(f"{count:,}" for count in ladders.num_seeds)
    text = (
        f"{ladders.caption} Strong lines are medians of {seeds} seeds, faint lines or"
        " bands all of them."
    )
    if any(_leaves(panel) for panel in ladders.panels):
        text += " Some of these leave their panel."
    return text


def describe(ladders: Ladders) -> str:
    """Say every median in words."""
    parts = []
    for panel in ladders.panels:
        lines = "; ".join(
            f"{one.name}: {_medians(one, ladders.ticks)}" for one in panel.ladders
        )
        parts.append(f"{panel.title}. {lines}.")
    return f"Medians over seeds by {ladders.axis}. {' '.join(parts)}"


def _medians(one: Ladder, ticks: dict[float, str]) -> str:
    pairs: Sequence[tuple[float, float]] = list(
        zip(one.places.tolist(), one.median.tolist(), strict=True)
    )
    return ", ".join(f"{ticks[at]} {plain(value)}" for at, value in pairs)
