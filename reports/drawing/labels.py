"""Write names at the ends of lines, each beside its own and none over another."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from scipy.optimize import isotonic_regression

from reports.drawing.palette import BLUE, MUTED, SERIES
from reports.drawing.picture import SMALL

LINE = 15.0
GAP = 5.0
LONGEST = 15
MOST_LINES = 4
BESIDE = 6.0
"""Pixels between a name and the value after it."""

LEADER = 12.0
"""Pixels between a line's end and its name, which a thin line crosses."""

ROOM = 118.0
"""Pixels that figures leave beside their axes for a name and its value, at least."""

DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)))


@dataclass(frozen=True)
class EndLabel:
    """What is written at the end of a line.

    Attributes:
        name: The line's name.
        value: A number to go after or below it, or nothing.
        height: Where the line ends, as a share of the axes' height.
        color: The line's color.
    """

    name: str
    value: str
    height: float
    color: str

    @property
    def lines(self) -> list[str]:
        """The name on a few short lines."""
        return wrap(self.name)

    @property
    def is_value_beside(self) -> bool:
        """Whether the value fits on the last line of the name."""
        name = text_width(self.lines[-1], is_bold=True)
        value = text_width(self.value)
        return bool(self.value) and name + BESIDE + value <= ROOM

    @property
    def size(self) -> float:
        """Height in pixels, with a gap to the next."""
        is_below = bool(self.value) and not self.is_value_beside
        return LINE * (len(self.lines) + is_below) + GAP


@functools.lru_cache(maxsize=1024)
def text_width(text: str, *, is_bold: bool = False) -> float:
    """Return the pixels that small letters take in the widest font of figures."""
    weight = "bold" if is_bold else "normal"
    font = FontProperties(family="DejaVu Sans", weight=weight, size=SMALL)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]


def wrap(name: str, longest: int = LONGEST, most: int = MOST_LINES) -> list[str]:
    """Break a name into lines; what does not fit is replaced by three dots."""
    return textwrap.wrap(name, longest, max_lines=most, placeholder="…") or [" "]


def line_look(index: int) -> dict[str, Any]:
    """Return color and dashes of the line at a place in the order of lines."""
    dashes = DASHES[index // len(SERIES) % len(DASHES)]
    return {"color": SERIES[index % len(SERIES)], "linestyle": dashes}


def accent_look(index: int) -> dict[str, Any]:
    """Return the look of a line: the first stands out, the others are gray."""
    if index == 0:
        return {"color": BLUE, "linestyle": "solid", "linewidth": 3.2}
    return {"color": MUTED, "linestyle": DASHES[(index - 1) % len(DASHES)]}


def distinct(groups: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return a place in the order of colors for every name.

    Names that stand in one group never share a place. Others do only where there are
    more names than colors.
    """
    places: dict[str, int] = {}
    for name in dict.fromkeys(name for group in groups for name in group):
        beside = {other for group in groups if name in group for other in group}
        taken = {places[other] for other in beside if other in places}
        free = [n for n in range(len(SERIES)) if n not in taken]
        new = [n for n in free if n not in places.values()]
        beyond = max(taken, default=-1) + 1
        places[name] = (new or free or [max(beyond, len(SERIES))])[0]
    return places


def spread(
    places: Iterable[float], sizes: Iterable[float], ends: tuple[float, float]
) -> np.ndarray:
    """Move labels as little as possible until none covers another `[N]`.

    Minimizes the sum of squared moves under a fixed order.

    Args:
        places: Where the middle of each label should be `[N]`.
        sizes: Their heights `[N]`.
        ends: Between what all of them stay; where they do not fit, the upper ones
            stand out.
    """
    wanted = np.asarray(list(places), np.float64)
    if not len(wanted):
        return wanted
    order = np.argsort(wanted, kind="stable")
    size = np.asarray(list(sizes), np.float64)[order]
    offsets = np.concatenate([[0.0], np.cumsum((size[:-1] + size[1:]) / 2)])
    free = isotonic_regression(wanted[order] - offsets).x
    low = ends[0] + size[0] / 2
    high = ends[1] - size[-1] / 2 - offsets[-1]
    moved = np.empty_like(wanted)
    moved[order] = np.clip(free, low, max(low, high)) + offsets
    return moved


def room_for(labels: Sequence[EndLabel]) -> float:
    """Return how many pixels labels need above each other."""
    return sum(label.size for label in labels)


def write_ends(axes: Axes, labels: Sequence[EndLabel]) -> None:
    """Write labels to the right of axes, each joined to its line."""
    width, height = axes.bbox.size
    places = spread(
        [label.height * height for label in labels],
        [label.size for label in labels],
        (-GAP, height + GAP),
    )
    for label, place in zip(labels, places, strict=True):
        axes.plot(
            [1.0 + 3 / width, 1.0 + (LEADER - 2) / width],
            [label.height, place / height],
            transform=axes.transAxes,
            color=label.color,
            linewidth=0.9,
            clip_on=False,
        )
        texts = [(line, "bold") for line in label.lines]
        if label.value and not label.is_value_beside:
            texts.append((label.value, "normal"))
        top = place + LINE * (len(texts) - 1) / 2
        for index, (text, weight) in enumerate(texts):
            last = axes.text(
                1.0 + LEADER / width,
                (top - LINE * index) / height,
                text,
                transform=axes.transAxes,
                color=label.color,
                fontsize=SMALL,
                fontweight=weight,
                va="center_baseline",
            )
        if label.is_value_beside:
            axes.annotate(
                label.value,
                xy=(1.0, 0.0),
                xycoords=last,
                xytext=(BESIDE, 0.0),
                textcoords="offset pixels",
                color=label.color,
                fontsize=SMALL,
                va="bottom",
            )
