"""Draw what a net predicts beside what was true, for regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from ablations.study.settings.digits import exact, rounded
from reports.drawing.palette import BLUE, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.study.figures.looks import place, room
from reports.study.readings.net import shown_net

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "residuals"
MOST_DOTS = 800
LEFT = 66.0
PANEL = 240.0
BELOW = 46.0


@dataclass(frozen=True)
class Residuals:
    """The test rows of a net.

    Attributes:
        arm: The net.
        predicted: What it says `[N]`.
        residual: What was true minus what it says `[N]`.
    """

    arm: str
    predicted: np.ndarray
    residual: np.ndarray


def read(result: StudyResult) -> Residuals | None:
    """Return the rows, None for classification or where there are none."""
    if result.dataset.task != "regression" or not len(result.predictions):
        return None
    predicted = result.predictions["predicted"].to_numpy(np.float64)
    target = result.predictions["target"].to_numpy(np.float64)
    known = np.isfinite(predicted) & np.isfinite(target)
    if not known.any():
        return None
    return Residuals(
        shown_net(result), predicted[known], target[known] - predicted[known]
    )


def shown(residuals: Residuals) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that are drawn, evenly taken where there are too many."""
    count = len(residuals.predicted)
    picked = np.unique(np.linspace(0, count - 1, min(count, MOST_DOTS)).astype(int))
    return residuals.predicted[picked], residuals.residual[picked]


def draw(residuals: Residuals) -> Picture:
    """Draw one dot per row: prediction along, what it misses upwards."""
    alternative = describe(residuals)
    total = PANEL + BELOW + 16
    x, y = shown(residuals)
    # Dots are lines without length, which simplified paths would lose.
    with style(), mpl.rc_context({"path.simplify": False}):
        figure = new_figure(total)
        axes = place(figure, total, LEFT, 10, WIDTH - LEFT - 20, PANEL)
        axes.set(xlim=room(x.tolist()), ylim=room([*y.tolist(), 0.0]))
        axes.axhline(0.0, color=MUTED, linewidth=1)
        axes.plot(
            np.repeat(x, 3),
            np.stack([y, y, np.full(len(y), np.nan)], axis=1).ravel(),
            color=BLUE,
            alpha=0.5,
            linewidth=5 if len(x) < 300 else 3.5,
            solid_capstyle="round",
        )
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: exact(value))
        axes.locator_params(nbins=5)
        axes.grid(visible=True)
        axes.set_xlabel("predicted", fontsize=SMALL)
        axes.set_ylabel("true minus predicted", fontsize=SMALL)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(residuals), alternative, title=message(residuals))


def message(residuals: Residuals) -> str:
    """Say by how much half of the answers miss at most."""
    middle = rounded(float(np.median(np.abs(residuals.residual))))
    return f"Half of its answers miss by at most {middle}"


def caption(residuals: Residuals) -> str:
    """Say how to read the dots."""
    count = len(residuals.predicted)
    some = f", {MOST_DOTS:,} of {count:,}" if count > MOST_DOTS else ""
    return (
        f"Residuals of {residuals.arm} on test rows, one dot per row{some}. A slope or"
        " a fan would show what it misses; above zero it says too little."
    )


def describe(residuals: Residuals) -> str:
    """Say where the residuals lie."""
    low, middle, high = (
        rounded(float(q)) for q in np.quantile(residuals.residual, (0.1, 0.5, 0.9))
    )
    return (
        f"Residuals of {residuals.arm} on {len(residuals.residual):,} test rows: tenth,"
        f" median and ninth decile {low}, {middle} and {high}."
    )
