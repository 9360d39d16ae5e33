"""Draw tables of shares as colored cells, each with its number."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports.drawing.palette import GRID, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH

FAINTEST, STRONGEST = 0.05, 0.55
"""Opacity of a share of 0 and of 1; the ink upon both can be read in both schemes."""

MARGIN = 2.0
NOT_RUN = "not run"


@dataclass(frozen=True)
class Box:
    """Place of a cell, in pixels from the upper left corner of the figure."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return self.left + self.width / 2, self.top + self.height / 2


def add_canvas(figure: Figure, height: float) -> Axes:
    """Return axes over a whole figure whose units are pixels, downwards."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    return axes


def whole_percent(share: float) -> str:
    """Write a share without decimals; only all is 100 % and only none is 0 %."""
    if 0.0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1.0:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def draw_cell(
    axes: Axes,
    box: Box,
    share: float | None,
    color: str,
    *,
    below: str = "",
    empty: str = NOT_RUN,
    outlined: bool = False,
) -> None:
    """Draw a cell as strong as its share is large, or an empty one for no runs.

    Args:
        axes: A canvas.
        box: Where.
        share: From 0 to 1, None where nothing was run.
        color: The color of a share of 1.
        below: A smaller line under the share.
        empty: What stands in a cell without runs.
        outlined: Whether a strong line goes around it.
    """
    place = (box.left + MARGIN, box.top + MARGIN)
    size = (box.width - 2 * MARGIN, box.height - 2 * MARGIN)
    x, y = box.middle
    if share is None:
        axes.add_patch(
            Rectangle(
                place,
                *size,
                facecolor="none",
                edgecolor=MUTED if empty else GRID,
                linewidth=0.9,
                linestyle=(0, (3, 3)),
            )
        )
        words = empty if box.width > 44 else "\N{EN DASH}"
        axes.text(x, y, words, ha="center", va="center", fontsize=SMALL, color=MUTED)
        return
    axes.add_patch(
        Rectangle(
            place,
            *size,
            facecolor=color,
            alpha=FAINTEST + (STRONGEST - FAINTEST) * share,
            linewidth=0,
        )
    )
    axes.add_patch(
        Rectangle(
            place,
            *size,
            facecolor="none",
            edgecolor=INK if outlined else GRID,
            linewidth=1.6 if outlined else 0.8,
        )
    )
    axes.text(
        x,
        y - (8 if below else 0),
        whole_percent(share) if box.width > 54 else f"{100 * share:.0f}",
        ha="center",
        va="center",
        fontsize=SMALL,
        fontweight="bold",
    )
    if below:
        axes.text(x, y + 10, below, ha="center", va="center", fontsize=SMALL)
