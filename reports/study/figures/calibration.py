"""Draw how often a net is right when it is so sure: calibration of its classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ablations.stats.proportions import wilson_limits
from reports.drawing.palette import BLUE, GRID, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.numbers import percent
from reports.study.figures.looks import place
from reports.study.readings.net import shown_net

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "calibration"
NUM_BINS = 10
LEFT = 68.0
PANEL = 220.0
COUNTS = 46.0
BELOW = 44.0


@dataclass(frozen=True)
class Calibration:
    """The test rows of a net by how sure it was.

    Attributes:
        arm: The net.
        sure: Mean probability that it gave to the class it chose, by bin `[B]`.
        right: Share of rows on which that class was right `[B]`.
        low: Lower end of the 95 % interval of that share `[B]`.
        high: Upper end `[B]`.
        counts: Number of rows `[B]`; bins without rows are left out.
        error: Mean distance between both, weighted by rows.
    """

    arm: str
    sure: np.ndarray
    right: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counts: np.ndarray
    error: float


def read(result: StudyResult) -> Calibration | None:
    """Return the rows in bins of equal width, None for regression or no rows."""
    if result.dataset.task != "classification" or not len(result.predictions):
        return None
    frame = result.predictions
    names = [f"p_{k}" for k in range(len(result.dataset.classes))]
    probabilities = frame[names].to_numpy(np.float64)
    target = frame["target"].to_numpy()
    known = np.isfinite(probabilities).all(axis=1)
    if not known.any():
        return None
    return collect(shown_net(result), probabilities[known], target[known])


def collect(arm: str, probabilities: np.ndarray, target: np.ndarray) -> Calibration:
    """Put rows into bins by the probability of the class that was chosen."""
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == target
    bins = np.clip((sure * NUM_BINS).astype(int), 0, NUM_BINS - 1)
    counts = np.bincount(bins, minlength=NUM_BINS)
    there = counts > 0
    wins = np.bincount(bins, right, NUM_BINS)[there]
    mean = np.bincount(bins, sure, NUM_BINS)[there] / counts[there]
    low, high = wilson_limits(wins, counts[there], 0.95)
    share = wins / counts[there]
    weights = counts[there] / counts.sum()
    return Calibration(
        arm,
        mean,
        share,
        low,
        high,
        counts[there],
        float(weights @ np.abs(share - mean)),
    )


def draw(calibration: Calibration) -> Picture:
    """Draw the share of right rows over how sure the net was, and how many rows."""
    alternative = describe(calibration)
    total = PANEL + COUNTS + BELOW + 20
    first = max(0.0, np.floor(10 * calibration.sure.min()) / 10 - 0.02)
    with style():
        figure = new_figure(total)
        width = WIDTH - LEFT - 20
        axes = place(figure, total, LEFT, 12, width, PANEL)
        axes.set(xlim=(first, 1.02), ylim=(min(first, calibration.low.min()), 1.02))
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.grid(visible=True)
        axes.plot(
            calibration.sure, calibration.right, color=BLUE, marker="o", markersize=7
        )
        for at, low, high in zip(
            calibration.sure, calibration.low, calibration.high, strict=True
        ):
            axes.plot([at, at], [low, high], color=BLUE, linewidth=1.6)
        axes.set_ylabel("share of rows that are right", fontsize=SMALL)
        axes.tick_params(labelbottom=False)
        below = place(figure, total, LEFT, 18 + PANEL, width, COUNTS)
        below.bar(
            calibration.sure,
            calibration.counts,
            width=0.04,
            color=BLUE,
            alpha=0.6,
            linewidth=0,
        )
        below.set(xlim=(first, 1.02), yticks=[int(calibration.counts.max())])
        below.set_ylabel("rows", fontsize=SMALL)
        below.set_xlabel("probability given to the class it chose", fontsize=SMALL)
        for panel in (axes, below):
            panel.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axes.grid(color=GRID)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(
        NAME, svg, caption(calibration), alternative, title=message(calibration)
    )


def message(calibration: Calibration) -> str:
    """Say how sure the net is on average, and how often it is right."""
    weights = calibration.counts / calibration.counts.sum()
    sure, right = (100 * weights @ v for v in (calibration.sure, calibration.right))
    return f"It is {sure:.0f} % sure on average, and right on {right:.0f} % of rows"


def caption(calibration: Calibration) -> str:
    """Say how to read the line."""
    return (
        f"Calibration of {calibration.arm} on test rows: on the dashed line it is right"
        " as often as it says, below it is too sure. 95 % intervals; on average the"
        f" two differ by {100 * calibration.error:.1f} points."
    )


def describe(calibration: Calibration) -> str:
    """Say every bin in words."""
    parts = [
        f"{percent(sure)} sure, {percent(right)} right in {count:,} rows"
        for sure, right, count in zip(
            calibration.sure.tolist(),
            calibration.right.tolist(),
            calibration.counts.tolist(),
            strict=True,
        )
    ]
    return f"Calibration of {calibration.arm}. {'; '.join(parts)}."
