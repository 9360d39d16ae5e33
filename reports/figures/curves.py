"""Draw the loss of many runs over the updates, solved and stuck side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from reports.drawing.cells import whole_percent
from reports.drawing.palette import BLUE, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.plateaus import is_solved
from reports.figures.source import ArmRuns, Source
from reports.numbers import decade

NAME = "curves"
HEIGHT = 300.0
LEFT = 52.0
GAP = 14.0
MOST_LINES = 60
SMALLEST_LOSS = 1e-8
"""Losses below are drawn here: single precision says nothing about them."""


@dataclass(frozen=True)
class Curves:
    """The losses of the first seeds of an arm.

    Attributes:
        arm: The arm's name.
        steps: Numbers of updates `[T]`.
        loss: `[S, T]`.
        solved: Whether each run ended with all rows right `[S]`.
        num_runs: Runs of the arm in all.
        num_solved: How many of all of them are solved.
    """

    arm: str
    steps: np.ndarray
    loss: np.ndarray
    solved: np.ndarray
    num_runs: int
    num_solved: int


def read(source: Source) -> Curves | None:
    """Return the curves of the first arm that recorded some."""
    for runs in source.all_runs():
        if runs.has("curve.loss", "curve.solved", "steps"):
            curves = collect(runs)
            if len(curves.steps) > 2:
                return curves
    return None


def collect(runs: ArmRuns) -> Curves:
    """Return the losses of an arm's first seeds; lost runs end where they are lost."""
    loss = runs.table.arrays["curve.loss"].astype(np.float64)
    solved = is_solved(runs)
    return Curves(
        runs.name,
        runs.table.arrays["steps"][0],
        np.maximum(loss[:MOST_LINES], SMALLEST_LOSS),
        solved[:MOST_LINES],
        len(solved),
        int(solved.sum()),
    )


def positions(steps: np.ndarray) -> np.ndarray:
    """Return where numbers of updates stand on a log axis `[T]`.

    No update at all has no place on it; it stands half a decade before the first.
    """
    first = steps[steps > 0].min(initial=10)
    return np.where(steps > 0, steps, first / 10**0.5)


def draw(curves: Curves) -> Picture:
    """Draw one thin line per run, in a panel for solved and one for stuck runs."""
    alternative = describe(curves)
    panels = [
        ("solved", curves.solved, BLUE),
        ("stuck", ~curves.solved, MUTED),
    ]
    width = (WIDTH - LEFT - GAP - 10) / 2
    finite = curves.loss[np.isfinite(curves.loss)]
    with style():
        figure = new_figure(HEIGHT)
        for column, (name, mask, color) in enumerate(panels):
            axes = figure.add_axes(
                (
                    (LEFT + column * (width + GAP)) / WIDTH,
                    50 / HEIGHT,
                    width / WIDTH,
                    (HEIGHT - 78) / HEIGHT,
                )
            )
            _draw_panel(axes, curves, mask, color)
            axes.set_ylim(finite.min() / 2, finite.max() * 2)
            axes.set_title(
                f"{int(mask.sum())} {name}",
                fontsize=SMALL,
                color=color,
                fontweight="bold",
            )
            if column:
                axes.tick_params(labelleft=False)
            else:
                figure.text(8 / WIDTH, 1 - 18 / HEIGHT, "loss", fontsize=SMALL)
        figure.text(0.55, 8 / HEIGHT, "updates", ha="center", fontsize=SMALL, color=INK)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        f"Loss of the first {len(curves.loss):,} seeds of {curves.arm}, one line each,"
        " both axes logarithmic; solved means that after the last of"
        f" {int(curves.steps[-1]):,} updates every rounded output is right. Of all"
        f" {curves.num_runs:,} runs, {curves.num_solved:,} are solved."
    )
    share = whole_percent(curves.num_solved / curves.num_runs)
    title = f"{share} of runs get every row right; the others stop at a loss and stay"
    return Picture(NAME, svg, caption, alternative, title=title)


def _draw_panel(axes: Axes, curves: Curves, mask: np.ndarray, color: str) -> None:
    x = positions(curves.steps)
    for loss in curves.loss[mask]:
        axes.plot(x, loss, color=color, linewidth=0.7, alpha=0.45)
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = {x[0]: "0"} if curves.steps[0] == 0 else {}
    decades = 10.0 ** np.arange(0, 8)
    last = float(curves.steps[-1])
    ticks |= {d: f"{d:,.0f}" for d in decades if x[0] * 2 < d <= last}
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: decade(value))
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True)


def _median(loss: np.ndarray) -> str:
    """Write the median of the losses that are numbers."""
    finite = loss[np.isfinite(loss)]
    return f"{np.median(finite):.2g}" if len(finite) else "no number"


def describe(curves: Curves) -> str:
    """Say in words how the curves run."""
    parts = []
    for name, mask in (("solved", curves.solved), ("not solved", ~curves.solved)):
        if not mask.any():
            parts.append(f"none are {name}")
            continue
        first, last = (_median(curves.loss[mask][:, column]) for column in (0, -1))
        parts.append(f"{int(mask.sum())} {name}, median loss from {first} to {last}")
    return (
        f"Loss curves of {len(curves.loss)} runs of {curves.arm} over"
        f" {int(curves.steps[-1]):,} updates: {'; '.join(parts)}."
    )
