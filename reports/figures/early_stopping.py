"""Draw where early stopping ends runs that went on, and what stopping costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from ablations.experiments.stopped_training import StoppedTrainingConfig
from ablations.training.stopping_rule import lowest
from reports.drawing.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, VERMILLION
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import ArmRuns, Source

NAME = "early_stopping"
MOST_ARMS = 2
MOST_LINES = 20
MOST_MARKS = 40
"""Runs that are drawn as curves, and as ticks in rows."""

MOST_POINTS = 36
"""Points of a line, evenly spread over the logarithmic axis."""

LEFT, RIGHT = 92.0, 14.0
TITLE, CURVES, ROW, AXIS, GAP = 30.0, 170.0, 22.0, 40.0, 10.0
HIGHEST = 1.15
"""Top of the axis of losses, in shares of the highest median or final loss."""

STOP_LOOKS = (("^", ORANGE), ("s", PURPLE))
"""Marker and color of the first patience and of the second."""

MINIMUM = ("o", GREEN)
ALL_ROWS = ("D", BLUE)
TO_THE_END = ("X", MUTED)
SEED_ALPHA = 0.5
THIN_ALPHA = 0.35
TICK = 0.09
"""Half the height of a run's tick, in rows."""


@dataclass(frozen=True)
class Row:
    """One number per run, in a row of ticks.

    Attributes:
        name: What the row is called.
        values: One per run `[S]`.
        look: Marker and color.
        heights: Validation loss there, of the runs that are drawn as curves; empty
            for what is no epoch.
    """

    name: str
    values: np.ndarray
    look: tuple[str, str]
    heights: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """The mean over the runs."""
        return float(self.values.mean())

    @property
    def median(self) -> float:
        """The median over the runs."""
        return float(np.median(self.values))


@dataclass(frozen=True)
class Losses:
    """A loss at the epochs that lines go through.

    Attributes:
        runs: Of the runs that are drawn as curves `[L, P]`.
        median: Of all runs `[P]`.
    """

    runs: np.ndarray
    median: np.ndarray

    @classmethod
    def of(cls, curves: np.ndarray, epochs: np.ndarray) -> Losses:
        """Pick these epochs of curves `[S, E + 1]`."""
        picked = curves[:, epochs]
        return cls(picked[:MOST_LINES], np.median(picked, axis=0))


@dataclass(frozen=True)
class Watched:
    """The runs of one arm, watched at every epoch.

    Attributes:
        arm: The arm's name.
        num_runs: Runs that did not fail, S.
        epochs: Epochs that lines go through `[P]`.
        loss: Training loss.
        val_loss: Validation loss.
        smallest: Median over the runs of their smallest validation loss.
        stops: When runs are at their minimum, and where they stop.
        accuracies: Test accuracy of what is kept, and of training on all rows.
    """

    arm: str
    num_runs: int
    epochs: np.ndarray
    loss: Losses
    val_loss: Losses
    smallest: float
    stops: tuple[Row, ...]
    accuracies: tuple[Row, ...]

    @property
    def num_epochs(self) -> int:
        """The number of epochs."""
        return int(self.epochs[-1])


def read(source: Source) -> list[Watched] | None:
    """Return the runs of the first arms that were watched at every epoch."""
    found = []
    for runs in source.all_runs():
        if isinstance(runs.config, StoppedTrainingConfig):
            watched = collect(runs, runs.config)
            if watched is not None:
                found.append(watched)
    return found[:MOST_ARMS] or None


def collect(runs: ArmRuns, config: StoppedTrainingConfig) -> Watched | None:
    """Return an arm's runs that did not fail, None where there are none.

    A run that a patience would not have stopped is drawn at its last epoch.
    """
    table = runs.table.select(runs.table.status == "ok")
    if not len(table):
        return None
    arrays = table.arrays

    def final(name: str) -> np.ndarray:
        return arrays[f"curve.{name}"][:, -1].astype(np.float64)

    def stop(name: str, at: np.ndarray, look: tuple[str, str]) -> Row:
        drawn = at[:MOST_LINES].astype(np.intp)
        heights = val_loss[np.arange(len(drawn)), drawn]
        return Row(name, at, look, tuple(map(float, heights)))

    val_loss = arrays["history.val_loss"].astype(np.float64)
    epochs = drawn_epochs(val_loss.shape[1] - 1)
    patiences = list(zip(config.patiences, STOP_LOOKS, strict=False))
    longest = patiences[-1][0]
    return Watched(
        runs.name,
        len(table),
        epochs,
        Losses.of(arrays["history.loss"].astype(np.float64), epochs),
        Losses.of(val_loss, epochs),
        float(np.median(np.nanmin(val_loss[:, 1:], axis=1))),
        (
            stop("lowest", lowest(val_loss[:, 1:]), MINIMUM),
            *(
                stop(f"patience {p}", final(f"stopped_after_{p}"), look)
                for p, look in patiences
            ),
        ),
        (
            Row("lowest", final("test_accuracy_lowest"), MINIMUM),
            *(
                Row(f"patience {p}", final(f"test_accuracy_kept_{p}"), look)
                for p, look in patiences
            ),
            Row("all rows", final(f"test_accuracy_all_rows_{longest}"), ALL_ROWS),
            Row("to the end", final("test_accuracy_all_rows_end"), TO_THE_END),
        ),
    )


def block_height(watched: Watched) -> float:
    """Return the height of the drawing of one arm in pixels."""
    rows = len(watched.stops) + len(watched.accuracies)
    return TITLE + CURVES + ROW * rows + 2 * AXIS + 2 * GAP


def draw(arms: list[Watched]) -> Picture:
    """Draw the curves of each arm, its stops below them and its accuracies below."""
    alternative = " ".join(map(describe, arms))
    height = sum(map(block_height, arms))
    with style():
        figure = new_figure(height)
        top = height
        for watched in arms:
            _draw_block(figure, watched, top, height)
            top -= block_height(watched)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        "Above, training loss (blue) and validation loss (orange-red) of single runs,"
        " thin, and their median, bold, with a mark on every validation curve where it"
        " is lowest and where each patience would have stopped it; below, a tick per"
        " run at these epochs, and the mark at their median. Under them, test accuracy"
        " of the epoch that is kept, of all labeled rows for as many epochs as the"
        " longer patience keeps, and of all rows to the end, with the mark at the mean."
    )
    return Picture(NAME, svg, caption, alternative)


def _draw_block(figure: Figure, watched: Watched, top: float, height: float) -> None:
    """Draw one arm below `top`, all in pixels."""

    def axes_below(size: float) -> Axes:
        nonlocal top
        top -= size
        width = (WIDTH - LEFT - RIGHT) / WIDTH
        return figure.add_axes((LEFT / WIDTH, top / height, width, size / height))

    top -= TITLE
    figure.text(8 / WIDTH, (top + 10) / height, watched.arm, fontsize=12, weight="bold")
    curves = axes_below(CURVES)
    _draw_curves(curves, watched)
    top -= GAP
    stops = axes_below(ROW * len(watched.stops))
    _draw_rows(stops, watched.stops, [row.median for row in watched.stops])
    _epoch_axis(curves, watched.num_epochs, labeled=False)
    _epoch_axis(stops, watched.num_epochs, labeled=True)
    stops.set_xlabel("epochs", labelpad=1)
    top -= AXIS + GAP
    accuracies = axes_below(ROW * len(watched.accuracies))
    means = [row.mean for row in watched.accuracies]
    _draw_rows(accuracies, watched.accuracies, means)
    _accuracy_axis(accuracies, watched.accuracies)
    top -= AXIS


def _draw_curves(axes: Axes, watched: Watched) -> None:
    looks = ((watched.loss, BLUE), (watched.val_loss, VERMILLION))
    for losses, color in looks:
        lines = separated(np.broadcast_to(watched.epochs, losses.runs.shape))
        runs = separated(losses.runs)
        axes.plot(lines, runs, color=color, linewidth=0.6, alpha=THIN_ALPHA)
    for losses, color in looks:
        axes.plot(watched.epochs, losses.median, color=color, linewidth=2.6)
    for row in watched.stops:
        marker, color = row.look
        axes.axvline(row.median, color=color, linewidth=1.2, dashes=(3, 3))
        axes.plot(
            row.values[: len(row.heights)],
            row.heights,
            marker=marker,
            color=color,
            markersize=4,
            markeredgewidth=0,
            linestyle="none",
        )
    ends = np.quantile(watched.val_loss.runs[:, -1], 0.9)
    tops = (losses.median.max() for losses, _ in looks)
    axes.set_ylim(0.0, HIGHEST * max(ends, *tops))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_ylabel("loss")
    for (losses, color), name in zip(looks, ("training", "validation"), strict=True):
        axes.annotate(
            name,
            (watched.epochs[-1], losses.median[-1]),
            xytext=(0, 5),
            textcoords="offset points",
            color=color,
            fontweight="bold",
            horizontalalignment="right",
            verticalalignment="bottom",
        )


def drawn_epochs(num_epochs: int) -> np.ndarray:
    """Return the epochs that lines go through, the first and the last among them."""
    places = np.geomspace(1, num_epochs, MOST_POINTS)
    return np.unique(np.round(places).astype(np.intp))


def separated(lines: np.ndarray) -> np.ndarray:
    """Return lines `[L, P]` as one, with a gap after each `[L * (P + 1)]`.

    Drawn as one line they take a fraction of the letters that single ones take.
    """
    gaps = np.full((len(lines), 1), np.nan)
    return np.concatenate([lines, gaps], axis=1).ravel()


def _epoch_axis(axes: Axes, num_epochs: int, *, labeled: bool) -> None:
    """Give epochs a logarithmic axis, on which early ones have room."""
    axes.set_xscale("log")
    axes.set_xlim(0.9, num_epochs * 1.1)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500) if t <= num_epochs]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels(map(str, ticks) if labeled else [])


def _accuracy_axis(axes: Axes, rows: Sequence[Row]) -> None:
    values = np.concatenate([row.values for row in rows])
    room = 0.04 * (np.ptp(values) or 1.0)
    axes.set_xlim(values.min() - room, values.max() + room)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g} %")
    axes.set_xlabel("test accuracy", labelpad=1)


def _draw_rows(axes: Axes, rows: Sequence[Row], middles: Sequence[float]) -> None:
    """Draw a row of ticks, one per run, and a mark in their middle."""
    for place, (row, middle) in enumerate(zip(rows, middles, strict=True)):
        marker, color = row.look
        shown = row.values[:MOST_MARKS]
        spread = 0.3 * np.linspace(-1, 1, len(shown)) if len(shown) > 1 else [0.0]
        heights = place + np.asarray(spread)
        axes.plot(
            separated(np.stack([shown, shown], axis=1)),
            separated(np.stack([heights - TICK, heights + TICK], axis=1)),
            color=color,
            alpha=SEED_ALPHA,
            linewidth=2.0,
            solid_capstyle="butt",
        )
        axes.plot(
            [middle],
            [place],
            marker=marker,
            color=color,
            markeredgecolor=INK,
            markeredgewidth=0.8,
            markersize=9,
            clip_on=False,
        )
    axes.set_ylim(len(rows) - 0.5, -0.5)
    names = [row.name for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")


def describe(watched: Watched) -> str:
    """Say in words where runs are lowest, where they stop and what they keep."""
    epochs = ", ".join(f"{row.name} {row.median:g}" for row in watched.stops)
    rights = ", ".join(
        f"{row.name} {100 * row.mean:.1f} %" for row in watched.accuracies
    )
    first, last = watched.val_loss.median[[0, -1]]
    return (
        f"{watched.arm}, {watched.num_runs:,} runs: median validation loss {first:.2f}"
        f" after one epoch, {watched.smallest:.2f} at its minimum, {last:.2f} after"
        f" {watched.num_epochs}; median epochs: {epochs}; mean test accuracy: {rights}."
    )
