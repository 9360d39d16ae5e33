"""Draw the four points of XOR in the hidden space, before and after the activation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from ablations.tasks import CORNERS
from models.numpy_mlp import Networks
from reports.drawing.contours import add_contours
from reports.drawing.palette import BLUE, GRID, INK, MUTED, PAPER
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.networks import HAND_MADE, networks_of
from reports.figures.plateaus import solution_kinds
from reports.figures.source import Source

NAME = "hidden_space"
PANEL_WIDTH = 134.0
PANEL_HEIGHT = 130.0
LEFT = 36.0
HEADING = 24.0
FOOT = 22.0
CLOSE = 0.03
"""Points closer than this share of the axis are drawn and labeled as one."""

SIDES = ((0.0, 14.0), (0.0, -14.0), (-9.0, 0.0), (9.0, 0.0))
"""Where a label can go, seen from its point, in pixels."""

NAMES = ("00", "01", "10", "11")
OUTLINE = (0, 1, 3, 2, 0)
"""The corners in the order in which one walks around the square."""


@dataclass(frozen=True)
class Row:
    """A network and what it is called."""

    name: str
    network: Networks


def read(source: Source) -> tuple[Row, ...]:
    """Return the hand-made solution and the first trained solution of each kind."""
    rows = [Row("set by hand, ReLU", HAND_MADE)]
    for runs in source.all_runs():
        if not runs.has("weights", "curve.solved") or runs.task != "xor":
            continue
        networks = networks_of(runs.config, runs.table.arrays["weights"])
        if networks is None or networks.config.hidden_units != (2,):
            continue
        for kind, members in solution_kinds(runs).items():
            if len(members):
                seed = runs.table.seeds[members[0]]
                network = networks.select(members[0])
                rows.append(Row(f"{runs.name}, seed {seed}, {kind}", network))
        if len(rows) > 1:
            break
    return tuple(rows)


def square(network: Networks, *, after: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return where corners `[4, 2]` and outline `[N, 2]` of the square go."""
    corners = CORNERS[list(OUTLINE)].astype(np.float64)
    shares = np.linspace(0.0, 1.0, 41)[:, None]
    edges = [start + shares * (end - start) for start, end in pairwise(corners)]
    both = (network.layers(x)[0] for x in (CORNERS, np.concatenate(edges)))
    points, outline = (layer.outputs if after else layer.sums for layer in both)
    return points[0], outline[0]


def merge_labels(points: np.ndarray, size: float) -> list[tuple[np.ndarray, str]]:
    """Return distinct points `[2]` with the names of all corners that lie there."""
    merged: list[tuple[np.ndarray, str]] = []
    for point, name in zip(points, NAMES, strict=True):
        for index, (other, names) in enumerate(merged):
            if np.linalg.norm(point - other) < CLOSE * size:
                merged[index] = (other, f"{names}, {name}")
                break
        else:
            merged.append((point, name))
    return merged


def place_labels(points: np.ndarray) -> list[tuple[float, float]]:
    """Return where the label of each point `[N, 2]` goes, relative to it, in pixels.

    Each takes the side on which the nearest other point or label is farthest.
    """
    taken = [*points]
    chosen = []
    for index, point in enumerate(points):
        others = np.array(
            [*points[:index], *points[index + 1 :], *taken[len(points) :]]
        )

        def room(offset: tuple[float, float]) -> float:
            # Labels beside a point start next to it and are wide.
            place = point + np.multiply(offset, (2.2, 1.0))  # noqa: B023
            gaps = (others - place) / (1.6, 1.0)  # noqa: B023
            return float(np.hypot(*gaps.T).min(initial=1e3))

        best = max(SIDES, key=room)
        taken.append(point + best)
        chosen.append(best)
    return chosen


def draw(rows: tuple[Row, ...]) -> Picture:
    """Draw two panels per network."""
    gap = WIDTH - LEFT - 2 * PANEL_WIDTH - 6
    row_height = HEADING + PANEL_HEIGHT + FOOT
    height = len(rows) * row_height + 20
    alternative = describe(rows)
    with style():
        figure = new_figure(height)
        for index, row in enumerate(rows):
            top = height - 20 - index * row_height
            bottom = top - HEADING - PANEL_HEIGHT
            figure.text(
                LEFT / WIDTH,
                (top - 12) / height,
                row.name,
                fontsize=SMALL,
                color=INK,
                fontweight="bold",
                va="center",
            )
            for column, after in enumerate((False, True)):
                left = LEFT + column * (PANEL_WIDTH + gap)
                axes = figure.add_axes(
                    (
                        left / WIDTH,
                        bottom / height,
                        PANEL_WIDTH / WIDTH,
                        PANEL_HEIGHT / height,
                    )
                )
                _draw_space(axes, row.network, after=after)
                if index == 0:
                    words = "after the activation" if after else "before the activation"
                    axes.text(
                        0.5,
                        1 + (HEADING + 10) / PANEL_HEIGHT,
                        words,
                        ha="center",
                        va="center",
                        transform=axes.transAxes,
                        color=MUTED,
                        fontsize=SMALL,
                    )
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        "Where the hidden layer puts the inputs 00, 01, 10 and 11 and the outline of"
        " their square; the axes are the two hidden units. Full points should give 1."
        " On the right, the line is where the output is ½, and the shaded side gives"
        " more."
    )
    title = (
        "The activation folds the square, so that one straight line parts the inputs"
    )
    return Picture(NAME, svg, caption, alternative, title=title)


def _draw_space(axes: Axes, network: Networks, *, after: bool) -> None:
    points, outline = square(network, after=after)
    low, high = points.min(axis=0), points.max(axis=0)
    size = float(max(high - low)) or 1.0
    room = 0.22 * size
    middle = (low + high) / 2
    half = np.maximum((high - low) / 2, 0.2 * size) + room
    left, bottom = middle - half
    right, top = middle + half
    axes.plot(outline[:, 0], outline[:, 1], color=MUTED, linewidth=1.2, alpha=0.7)
    if after:
        line = np.linspace(left, right, 3), np.linspace(bottom, top, 3)
        h1, h2 = np.meshgrid(*line)
        sums = network.logits_after(1, np.stack([h1.ravel(), h2.ravel()], axis=1))
        sums = sums[0, :, 0].reshape(h1.shape)
        if sums.min() < 0.5 < sums.max():
            add_contours(axes, (*line, sums), (0.5, 1e9), BLUE, alpha=0.16)
            add_contours(axes, (*line, sums), (0.5,), BLUE, linewidth=1.8)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    merged = merge_labels(points, size)
    pixels = axes.transData.transform([point for point, _ in merged])
    offsets = place_labels(pixels - pixels.mean(axis=0))
    for (point, names), offset in zip(merged, offsets, strict=True):
        is_one = "01" in names or "10" in names
        axes.plot(
            [point[0]],
            [point[1]],
            marker="o",
            markersize=8,
            markeredgecolor=INK,
            markerfacecolor=INK if is_one else PAPER,
            markeredgewidth=1.6,
        )
        axes.annotate(
            names,
            (point[0], point[1]),
            xytext=offset,
            textcoords="offset points",
            va="center",
            ha="left" if offset[0] > 0 else "right" if offset[0] < 0 else "center",
            fontsize=SMALL,
            color=INK,
        )
    axes.locator_params(nbins=4)
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True, color=GRID)


def describe(rows: tuple[Row, ...]) -> str:
    """Say in words where the points go."""
    parts = []
    for row in rows:
        places = []
        for after in (False, True):
            points, _ = square(row.network, after=after)
            places.append(
                ", ".join(
                    f"{name} at ({p[0] + 0.0:.2g}, {p[1] + 0.0:.2g})"
                    for name, p in zip(NAMES, points, strict=True)
                )
            )
        parts.append(f"{row.name}: before {places[0]}; after {places[1]}")
    return f"Points in the hidden space. {'. '.join(parts)}."
