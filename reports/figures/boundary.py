"""Draw conditions along the factor that orders them, with the boundary named."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ablations.judging.boundary import boundary
from ablations.judging.outcome import Outcome
from reports.drawing.dots import (
    Dot,
    Ends,
    axis_ends,
    axis_label,
    cut,
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

NAME = "boundary"
LINE = 17.0
PLOT = 190.0
AXIS = 50.0
GAP = 16.0
LEFT = 58.0
RIGHT = 24.0
INNER = WIDTH - LEFT - RIGHT
LONGEST_LINE = 48
LONGEST_NAME = 16
LONGEST_UNIT = 66
CHARACTER = 6.5
CLOSEST = 30.0
"""Smallest distance between two values on the axis in pixels."""

APART = 0.7
"""Share of the way to the next value that a group of conditions may fill."""

ASIDE = 12.0
"""Distance between conditions that share a value in pixels."""


@dataclass(frozen=True)
class Place:
    """A condition at its value.

    Attributes:
        value: The factor's value.
        dot: Its numbers, None where it was not tested.
        outcome: Its outcome as it stands.
    """

    value: float | str
    dot: Dot | None
    outcome: str


@dataclass(frozen=True)
class Panel:
    """The conditions of one factor and unit.

    Attributes:
        factor: Name of the factor.
        unit: Unit of the estimates.
        sentence: Where it holds and where it fails.
        places: The conditions by rising value, words in the order of the claim.
    """

    factor: str
    unit: str
    sentence: str
    places: tuple[Place, ...]

    @property
    def dots(self) -> list[Dot]:
        """The conditions that have an estimate."""
        return [place.dot for place in self.places if place.dot is not None]

    @property
    def is_mixed(self) -> bool:
        """Whether not all conditions came out alike."""
        return len({place.outcome for place in self.places}) > 1

    @property
    def values(self) -> list[float | str]:
        """The values in order, each once."""
        return list(dict.fromkeys(place.value for place in self.places))


def read(source: Source) -> tuple[Panel, ...] | None:
    """Return one panel for each factor with two values or more, and each unit."""
    by_factor: dict[str, list[Outcome]] = {}
    for outcome in source.verdict.core:
        if outcome.factor and outcome.value is not None:
            by_factor.setdefault(outcome.factor, []).append(outcome)
    panels = []
    for factor, outcomes in by_factor.items():
        sentence = boundary(outcomes)
        units = dict.fromkeys(o.unit for o in outcomes if read_dot(o))
        for unit in units if sentence else ():
            # What was not tested has no unit; it belongs to all of them.
            places = [
                Place(o.value, read_dot(o), o.outcome)
                for o in outcomes
                if o.value is not None and (read_dot(o) is None or o.unit == unit)
            ]
            panels.append(Panel(factor, unit, sentence, _ordered(places)))
    return tuple(panels) or None


def _ordered(places: list[Place]) -> tuple[Place, ...]:
    if any(isinstance(place.value, str) for place in places):
        return tuple(places)
    return tuple(sorted(places, key=lambda place: float(place.value)))


def spread(values: list[float | str]) -> tuple[np.ndarray, str]:
    """Return where values stand between 0 and 1, and by which scale.

    Linear or logarithmic, whichever keeps the closest neighbors further apart; evenly
    where both leave them too close.

    Args:
        values: Distinct values in their order; words stand evenly.
    """
    if len(values) < 2:
        return np.full(len(values), 0.5), "even"
    even = np.linspace(0.0, 1.0, len(values))
    if any(isinstance(value, str) for value in values):
        return even, "even"
    numbers = np.array(values, np.float64)
    scales = {"linear": numbers}
    if numbers.min() > 0:
        scales["logarithmic"] = np.log(numbers)
    places = {
        name: (scaled - scaled[0]) / (scaled[-1] - scaled[0])
        for name, scaled in scales.items()
    }
    # Of equally good scales the first, the linear one.
    best = max(places, key=lambda name: round(np.diff(places[name]).min(), 6))
    if np.diff(places[best]).min() * INNER < CLOSEST:
        return even, "even"
    return places[best], best


def turns(panel: Panel) -> list[tuple[float | str, float | str]]:
    """Return the neighboring values between which holding turns into failing."""
    words = {
        value: {place.outcome for place in panel.places if place.value == value}
        for value in panel.values
    }
    return [
        (before, after)
        for before, after in pairwise(panel.values)
        if {frozenset(words[before]), frozenset(words[after])}
        == {frozenset({"holds"}), frozenset({"fails"})}
        and not isinstance(before, str)
    ]


def tilt(panel: Panel) -> float:
    """Return how many pixels more values need below the axis, 0 where they fit."""
    places, _ = spread(panel.values)
    longest = max(len(_text(value)) for value in panel.values)
    closest = np.diff(places).min(initial=1.0) * INNER
    return 0.0 if longest * CHARACTER < closest else longest * CHARACTER * 0.85


def draw(panels: tuple[Panel, ...]) -> Picture:
    """Draw one panel per factor and unit."""
    alternative = describe(panels)
    heads = [
        textwrap.wrap(f"It {panel.sentence}.", LONGEST_LINE)[:5] for panel in panels
    ]
    heights = [
        LINE * (len(lines) + 1) + PLOT + AXIS + GAP + tilt(panel)
        for panel, lines in zip(panels, heads, strict=True)
    ]
    total = sum(heights)
    with style():
        figure = new_figure(total)
        top = total
        for panel, lines, height in zip(panels, heads, heights, strict=True):
            _draw_panel(figure, panel, lines, top, total)
            top -= height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(panels), alternative)


def _draw_panel(
    figure: Figure, panel: Panel, lines: list[str], top: float, total: float
) -> None:
    y = top - GAP / 2 - LINE + 5
    for line in lines:
        figure.text(12 / WIDTH, y / total, line, fontweight="bold", fontsize=12)
        y -= LINE
    unit = cut(axis_label(panel.unit), LONGEST_UNIT)
    figure.text(12 / WIDTH, y / total, unit, fontsize=SMALL)
    bottom = y - 8 - PLOT
    axes = figure.add_axes((LEFT / WIDTH, bottom / total, INNER / WIDTH, PLOT / total))
    ends = axis_ends(panel.unit, numbers_of(panel.dots))
    set_axis(axes, "y", panel.unit, ends)
    room = 0.06 + (most_at_a_value(panel) - 1) / 2 * aside(panel) / INNER
    if not tilt(panel):
        # Half of a name may stand beyond its value.
        half = max(len(_text(value)) for value in panel.values) * CHARACTER / 2
        room = max(room, (half - RIGHT) / (INNER - 2 * half) + 0.02)
    axes.set_xlim(-room, 1 + room)
    axes.grid(visible=True, axis="y")
    scaled, _ = spread(panel.values)
    at = dict(zip(panel.values, scaled, strict=True))
    _draw_marks(axes, panel, at, ends)
    for before, after in turns(panel):
        axes.axvline(
            (at[before] + at[after]) / 2,
            color=INK,
            linewidth=1.2,
            linestyle=(0, (2, 2)),
        )
    is_tilted = tilt(panel) > 0
    axes.set_xticks(
        list(at.values()),
        [_text(value) for value in at],
        rotation=60 if is_tilted else 0,
        ha="right" if is_tilted else "center",
        rotation_mode="anchor" if is_tilted else "default",
    )
    axes.set_xlabel(panel.factor.replace("_", " "), fontsize=12)


def _draw_marks(
    axes: Axes, panel: Panel, at: dict[float | str, float], ends: Ends
) -> None:
    zero = zero_of(panel.unit)
    if ends[0] < zero < ends[1]:
        axes.axhline(zero, color=MUTED, linewidth=1)
    step = aside(panel)
    half = (11.0 if most_at_a_value(panel) == 1 else step / 2) / INNER
    for value in panel.values:
        mine = [place for place in panel.places if place.value == value]
        for index, place in enumerate(mine):
            x = at[value] + (index - (len(mine) - 1) / 2) * step / INNER
            dot = place.dot
            if dot is None:
                axes.text(
                    x,
                    ends[0],
                    "untested",
                    rotation=90,
                    ha="center",
                    va="bottom",
                    fontsize=SMALL,
                    color=MUTED,
                )
                continue
            span = dot.holding_span(ends)
            if span is not None:
                axes.fill_between(
                    [x - half, x + half], *span, color=GRID, alpha=0.6, linewidth=0
                )
            for bound in dot.bounds:
                axes.plot([x - half, x + half], [bound] * 2, color=INK, linewidth=1.6)
            draw_mark(axes, dot, x, ends, "y")


def most_at_a_value(panel: Panel) -> int:
    """Return the largest number of conditions that share a value."""
    return max(Counter(place.value for place in panel.places).values())


def aside(panel: Panel) -> float:
    """Return the pixels between conditions that share a value.

    So few that the groups of neighboring values stay apart.
    """
    places, _ = spread(panel.values)
    closest = np.diff(places).min(initial=1.0) * INNER
    return min(ASIDE, APART * closest / most_at_a_value(panel))


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return cut(value, LONGEST_NAME)
    return f"{value:g}" if math.isfinite(value) else "∞"


def caption(panels: tuple[Panel, ...]) -> str:
    """Say how to read the marks, the bounds and the boundary."""
    dots = [dot for panel in panels for dot in panel.dots]
    factors = list(dict.fromkeys(p.factor.replace("_", " ") for p in panels))
    sentences = [
        intervals_sentence(dots, f"Estimates by {' and by '.join(factors)}"),
        marks_sentence(dots),
    ]
    if any(dot.bound is not None for dot in dots):
        sentences.append(
            "The level mark is the bound, the gray band the side on which the"
            " prediction holds."
        )
    if any(turns(panel) for panel in panels):
        sentences.append("The dotted line stands where holding turns into failing.")
    scales = {spread(panel.values)[1] for panel in panels}
    if "logarithmic" in scales:
        sentences.append("The factor is on a log axis.")
    is_uneven = any(
        spread(p.values)[1] == "even" and not isinstance(p.values[0], str)
        for p in panels
    )
    if is_uneven:
        sentences.append("Values stand evenly, whatever lies between them.")
    return " ".join(sentences)


def describe(panels: tuple[Panel, ...]) -> str:
    """Say every value in words, and the boundary."""
    parts = []
    for panel in panels:
        name = panel.factor.replace("_", " ")
        rows = "; ".join(
            f"{name} {_text(place.value)}, "
            + (place.dot.describe() if place.dot else "untested")
            for place in panel.places
        )
        parts.append(f"It {panel.sentence}: {rows}")
    return f"Conditions in their order. {'. '.join(parts)}."
