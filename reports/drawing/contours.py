"""Draw the contours of a field with as few points as straight lines need."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

TOLERANCE = 0.004
"""Distance from a straight line, as a share of the axis, that cannot be seen."""


def straightened(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Drop the points `[N, 2]` that a straight line through the rest explains.

    References:
        Douglas and Peucker (1973), Algorithms for the reduction of the number of
        points required to represent a digitized line or its caricature.
    """
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        inner = points[first + 1 : last]
        if not len(inner):
            continue
        chord = points[last] - points[first]
        away = inner - points[first]
        length = np.hypot(*chord)
        gaps = (
            np.abs(chord[0] * away[:, 1] - chord[1] * away[:, 0]) / length
            if length
            else np.hypot(*away.T)
        )
        worst = int(np.argmax(gaps))
        if gaps[worst] > tolerance:
            middle = first + 1 + worst
            kept[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[kept]


Field = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Coordinates `[X]` and `[Y]` and values `[Y, X]`."""


def level_lines(
    field: Field, level: float, tolerance: float = TOLERANCE
) -> list[np.ndarray]:
    """Return the lines `[N, 2]` on which a field has one value, with few points."""
    contours = Figure().subplots().contour(*field, levels=[level])
    return _lines(contours, field, tolerance)


def _lines(contours: Any, field: Field, tolerance: float) -> list[np.ndarray]:
    """Return the lines of contours with few points."""
    unseen = tolerance * float(np.ptp(field[0]))
    return [
        straightened(np.asarray(points), unseen)
        for path in contours.get_paths()
        for points in _pieces(path)
    ]


def add_contours(
    axes: Axes,
    field: Field,
    levels: tuple[float, ...],
    color: str,
    *,
    alpha: float = 1.0,
    linewidth: float = 0.0,
) -> None:
    """Draw the line at one level, or fill the region between two.

    Args:
        axes: Where to draw.
        field: Coordinates and values.
        levels: One level for a line, two for a region.
        color: Color of the line or region.
        alpha: Opacity.
        linewidth: Width of the line.
    """
    is_region = len(levels) == 2
    contours: Any = (axes.contourf if is_region else axes.contour)(
        *field, levels=list(levels)
    )
    contours.remove()
    pieces = [
        Path(points, closed=False) for points in _lines(contours, field, TOLERANCE)
    ]
    if not pieces:
        return
    whole = Path.make_compound_path(*pieces)
    axes.add_patch(
        PathPatch(
            whole,
            facecolor=color if is_region else "none",
            edgecolor="none" if is_region else color,
            linewidth=linewidth,
            alpha=alpha,
        )
    )


def _pieces(path: Path) -> list[np.ndarray]:
    """Return the parts of a path, each from where the pen is put down."""
    if path.codes is None:
        return []
    vertices, codes = np.asarray(path.vertices), np.asarray(path.codes)
    starts = np.flatnonzero(codes == Path.MOVETO)
    pieces = []
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        points = vertices[start:end]
        if codes[end - 1] == Path.CLOSEPOLY:
            points = np.concatenate([points[:-1], points[:1]])
        pieces.append(points)
    return [points for points in pieces if len(points) > 1]
