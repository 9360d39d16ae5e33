"""Draw where a validation loss is lowest, and where two patiences stop the training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from ablations.experiments.stopped_training import StoppedTrainingConfig
from ablations.training.stopping_rule import lowest
from reports.drawing.palette import BLUE, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import ArmRuns, Source

NAME = "early_stopping"
MOST_LINES = 20
MOST_POINTS = 36
"""Points of a line, evenly spread over the logarithmic axis."""

HEIGHT = 320.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 12.0, 130.0
HIGHEST = 1.15
"""Top of the axis, in shares of the highest median."""

MARKERS = ("o", "^", "s")
LINE = 20.0


@dataclass(frozen=True)
class Mark:
    """An epoch at which training may end, and what the network then gets right."""

    name: str
    epoch: float
    loss: float
    test_accuracy: float


@dataclass(frozen=True)
class Watched:
    """The runs of one arm, watched at every epoch; numbers are medians over them.

    Attributes:
        arm: The arm's name.
        num_runs: Runs that did not fail.
        epochs: Epochs that lines go through `[P]`.
        loss: Training loss `[P]`.
        val_loss: Validation loss `[P]`.
        runs: Validation loss of the first runs `[L, P]`.
        marks: The minimum, then every patience.
        end_accuracy: Test accuracy after the last epoch.
    """

    arm: str
    num_runs: int
    epochs: np.ndarray
    loss: np.ndarray
    val_loss: np.ndarray
    runs: np.ndarray
    marks: tuple[Mark, ...]
    end_accuracy: float

    @property
    def rise(self) -> float:
        """The last validation loss over the lowest."""
        return float(self.val_loss[-1] / self.val_loss.min())


def read(source: Source) -> Watched | None:
    """Return the runs of the first arm that was watched at every epoch."""
    for runs in source.all_runs():
        if isinstance(runs.config, StoppedTrainingConfig):
            watched = collect(runs, runs.config)
            if watched is not None:
                return watched
    return None


def collect(runs: ArmRuns, config: StoppedTrainingConfig) -> Watched | None:
    """Return an arm's runs that did not fail, None where there are none.

    A run that a patience would not have stopped ends at its last epoch.
    """
    table = runs.table.select(runs.table.status == "ok")
    if not len(table):
        return None
    arrays = table.arrays
    loss, val_loss = (
        arrays[f"history.{n}"].astype(float) for n in ("loss", "val_loss")
    )
    median = np.median(val_loss, axis=0)

    def final(name: str) -> np.ndarray:
        return arrays[f"curve.{name}"][:, -1].astype(np.float64)

    def mark(name: str, epochs: np.ndarray, accuracy: str) -> Mark:
        epoch = float(np.median(epochs))
        right = float(final(f"test_accuracy_{accuracy}").mean())
        return Mark(name, epoch, float(median[round(epoch)]), right)

    epochs = drawn_epochs(val_loss.shape[1] - 1)
    return Watched(
        runs.name,
        len(table),
        epochs,
        np.median(loss, axis=0)[epochs],
        median[epochs],
        val_loss[:MOST_LINES, epochs],
        (
            mark("lowest", lowest(val_loss[:, 1:]), "lowest"),
            *(
                mark(f"patience {p}", final(f"stopped_after_{p}"), f"kept_{p}")
                for p in config.patiences[: len(MARKERS) - 1]
            ),
        ),
        float(final("test_accuracy_all_rows_end").mean()),
    )


def drawn_epochs(num_epochs: int) -> np.ndarray:
    """Return the epochs that lines go through, the first and the last among them."""
    places = np.geomspace(1, num_epochs, MOST_POINTS)
    return np.unique(np.round(places).astype(np.intp))


def draw(watched: Watched) -> Picture:
    """Draw the curve with its marks, and below it what each mark keeps."""
    alternative = describe(watched)
    with style():
        figure = new_figure(HEIGHT)
        size = ((WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - TOP - BOTTOM) / HEIGHT)
        axes = figure.add_axes((LEFT / WIDTH, BOTTOM / HEIGHT, *size))
        _draw_curves(axes, watched)
        _set_epochs(axes, int(watched.epochs[-1]))
        rows = figure.add_axes((0, 0, 1, (BOTTOM - 44) / HEIGHT))
        rows.set_axis_off()
        rows.set_xlim(0, WIDTH)
        rows.set_ylim(0, BOTTOM - 44)
        for row, (mark, marker) in enumerate(zip(watched.marks, MARKERS, strict=False)):
            y = BOTTOM - 62 - LINE * row
            rows.plot([16], [y + 5], marker=marker, color=BLUE, markersize=9)
            epoch = f"{mark.name}, epoch {mark.epoch:g}"
            rows.text(30, y, epoch, fontsize=SMALL)
            right = f"{100 * mark.test_accuracy:.1f} % right"
            rows.text(WIDTH - RIGHT, y, right, fontsize=SMALL, ha="right")
        y = BOTTOM - 62 - LINE * len(watched.marks)
        end = f"all rows, to epoch {int(watched.epochs[-1])}"
        rows.text(30, y, end, fontsize=SMALL)
        right = f"{100 * watched.end_accuracy:.1f} % right"
        rows.text(WIDTH - RIGHT, y, right, fontsize=SMALL, ha="right")
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        f"Validation loss of {watched.num_runs:,} runs of {watched.arm}: median, and"
        f" the first {len(watched.runs)} faint. Marks stand at median epochs; beside"
        " them, the share of test rows that the kept networks get right."
    )
    return Picture(NAME, svg, caption, alternative, title=title(watched))


def _draw_curves(axes: Axes, watched: Watched) -> None:
    gaps = np.full((len(watched.runs), 1), np.nan)
    # One path for all runs is a third of the size of one for each.
    runs = np.concatenate([watched.runs, gaps], axis=1).ravel()
    across = np.tile([*watched.epochs, np.nan], len(watched.runs))
    axes.plot(across, runs, color=BLUE, linewidth=0.6, alpha=0.3)
    axes.plot(watched.epochs, watched.loss, color=MUTED, linewidth=2.0, dashes=(5, 2))
    axes.plot(watched.epochs, watched.val_loss, color=BLUE, linewidth=2.8)
    for mark, marker in zip(watched.marks, MARKERS, strict=False):
        axes.plot(
            [mark.epoch],
            [mark.loss],
            marker=marker,
            markersize=11,
            color=BLUE,
            markeredgecolor=INK,
            markeredgewidth=1.2,
            linestyle="none",
            zorder=5,
        )
    top = HIGHEST * max(watched.val_loss.max(), watched.loss.max())
    axes.set_ylim(0.0, top)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    quarter = len(watched.epochs) // 4
    for words, at, values, color, side in (
        ("validation loss", -1, watched.val_loss, BLUE, ("right", "bottom")),
        ("training loss", quarter, watched.loss, MUTED, ("right", "top")),
    ):
        axes.annotate(
            words,
            (watched.epochs[at], values[at]),
            xytext=(-4, 8 if at == -1 else -8),
            textcoords="offset points",
            color=color,
            fontsize=SMALL,
            fontweight="bold",
            ha=side[0],
            va=side[1],
        )


def _set_epochs(axes: Axes, num_epochs: int) -> None:
    """Give epochs a logarithmic axis, on which early ones have room."""
    axes.set_xscale("log")
    axes.set_xlim(0.9, num_epochs * 1.1)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500) if t <= num_epochs]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels(map(str, ticks))
    axes.set_xlabel("epochs", labelpad=1, fontsize=SMALL)


def title(watched: Watched) -> str:
    """Say when the validation loss is lowest, and how far it rises again."""
    least = f"Validation loss is lowest after {watched.marks[0].epoch:g} epochs"
    if watched.rise < 1.1:
        return f"{least} and hardly rises again"
    return f"{least}, then rises to {watched.rise:.2g} times that"


def describe(watched: Watched) -> str:
    """Say in words where runs are lowest, where they stop and what they keep."""
    marks = ", ".join(
        f"{mark.name} {mark.epoch:g} with {100 * mark.test_accuracy:.1f} % of test rows"
        " right"
        for mark in watched.marks
    )
    first, last = watched.val_loss[[0, -1]]
    return (
        f"{watched.arm}, {watched.num_runs:,} runs: median validation loss {first:.2f}"
        f" after one epoch, {watched.val_loss.min():.2f} at its lowest, {last:.2f}"
        f" after {int(watched.epochs[-1])}; median epochs: {marks}; all rows to the end"
        f" {100 * watched.end_accuracy:.1f} %."
    )
