"""Draw estimates as marks upon their intervals, and choose round ticks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reports.drawing.picture import tip

Ends = tuple[float, float]
STEPS = (1, 2, 2.5, 5, 10)
"""Distances between ticks, so that round numbers and no effect have one."""


def ratio_ticks(ends: Ends) -> list[float]:
    """Return round factors between the ends, at most six."""
    low, high = ends
    if high / low < 4:
        found = MaxNLocator(5, steps=STEPS).tick_values(low, high)
    else:
        exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found = [d * 10.0**e for e in exponents for d in (1, 2, 5)]
        if high / low > 100:
            found = [10.0**e for e in exponents]
    inside = [float(value) for value in found if low <= value <= high and value > 0]
    return inside[:: -(-len(inside) // 6) or 1]


def draw_interval(
    axes: Axes,
    look: tuple[str, str, str],
    numbers: tuple[float, float, float],
    at: float,
    ends: Ends,
    *,
    words: str = "",
) -> None:
    """Draw a level interval and a mark upon it.

    Args:
        axes: Where.
        look: Marker, color and filling.
        numbers: Lower end, estimate and upper end.
        at: Its height.
        ends: Ends of the axis; what lies beyond is drawn at the end.
        words: What the mark says when it is pointed at.
    """
    marker, color, face = look
    low, middle, high = np.clip(numbers, *ends)

    def plot(values: list[float], **style: Any) -> None:
        axes.plot(values, [at] * len(values), color=color, **style)

    plot([low, high], linewidth=2.6, solid_capstyle="butt")
    plot(
        [middle],
        marker=marker,
        markerfacecolor=face,
        markersize=10,
        markeredgewidth=1.8 if face == "none" else 0,
        clip_on=False,
        linestyle="none",
        gid=tip(words) if words else None,
    )
