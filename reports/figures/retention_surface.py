"""Draw how test scores depend on the shares of inputs and of hidden units kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ablations.experiments.readouts.dropout import (
    Cell,
    RetentionSurfaceConfig,
    cell_metric,
)
from reports.drawing.cells import FAINTEST, MARGIN, STRONGEST, Box, add_canvas
from reports.drawing.palette import BLUE, GRID, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words
from reports.figures.source import ArmRuns, Source

NAME = "retention_surface"
LEFT = 66.0
RIGHT = 8.0
ROW = 42.0
TITLE = 30.0
HEADER = 24.0
AXIS = 46.0
TIE = 0.01
"""Gain that is too little to tell."""

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Surface:
    """The mean scores of one task.

    Attributes:
        name: The arm's name.
        is_loss: Whether scores are losses, of which less is better.
        hidden: Shares of hidden units kept, decreasing.
        inputs: Shares of inputs kept, decreasing.
        scores: Mean over seeds by cell, NaN where no run has one.
        chosen: The cell that validation rows chose most often.
        num_seeds: Number of runs.
    """

    name: str
    is_loss: bool
    hidden: tuple[float, ...]
    inputs: tuple[float, ...]
    scores: dict[Cell, float]
    chosen: Cell
    num_seeds: int

    def gain(self, cell: Cell) -> float:
        """Return by how much a cell is better than the one that keeps the most."""
        change = self.scores[cell] - self.scores[self.hidden[0], self.inputs[0]]
        return -change if self.is_loss else change

    @property
    def largest(self) -> float:
        """The largest size of a gain."""
        return float(np.nanmax([abs(self.gain(cell)) for cell in self.scores]))

    def say(self, cell: Cell) -> str:
        """Write the score of a cell."""
        score = self.scores[cell]
        return f"{score:.2f}" if self.is_loss else f"{100 * score:.1f} %"

    def say_change(self, cell: Cell) -> str:
        """Write the difference to the cell that keeps the most, nothing for itself."""
        if cell == (self.hidden[0], self.inputs[0]):
            return ""
        change = self.gain(cell) * (-1.0 if self.is_loss else 100.0)
        text = f"{change:+.2f}" if self.is_loss else f"{change:+.1f}"
        return text.replace("-", MINUS)


def read(source: Source) -> tuple[Surface, ...] | None:
    """Return the surface of every arm that has one."""
    found = tuple(
        collect(runs, runs.config)
        for runs in source.all_runs()
        if isinstance(runs.config, RetentionSurfaceConfig)
    )
    return found or None


def collect(runs: ArmRuns, config: RetentionSurfaceConfig) -> Surface:
    """Return the mean scores of an arm; runs that diverged are left out."""
    scores = {}
    for cell in config.cells:
        values = runs.final(cell_metric(config.metric, cell))
        known = values[np.isfinite(values)]
        scores[cell] = float(known.mean()) if len(known) else float("nan")
    counts = np.bincount(runs.table.arrays["best_cell"], minlength=len(config.cells))
    return Surface(
        runs.name,
        config.task.is_regression,
        tuple(sorted(config.hidden, reverse=True)),
        tuple(sorted(config.inputs, reverse=True)),
        scores,
        config.cells[int(counts.argmax())],
        len(runs.table),
    )


def draw(surfaces: tuple[Surface, ...]) -> Picture:
    """Draw a table per task, hidden units downwards and inputs to the right."""
    alternative = describe(surfaces)
    heights = [TITLE + HEADER + ROW * len(each.hidden) + AXIS for each in surfaces]
    total = sum(heights)
    with style():
        figure = new_figure(total)
        axes = add_canvas(figure, total)
        top = 0.0
        for each, height in zip(surfaces, heights, strict=True):
            _draw_surface(axes, each, top)
            top += height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(surfaces), alternative, title=title(surfaces))


def _draw_surface(axes: Axes, each: Surface, top: float) -> None:
    width = (WIDTH - LEFT - RIGHT) / len(each.inputs)
    axes.text(8, top + 20, each.name, fontweight="bold")
    what = "test error" if each.is_loss else "test accuracy"
    axes.text(WIDTH - RIGHT, top + 20, what, ha="right", fontsize=SMALL)
    top += TITLE
    axes.text(8, top + 14, "hidden units kept", fontsize=SMALL)
    top += HEADER
    for row, hidden in enumerate(each.hidden):
        middle = top + (row + 0.5) * ROW
        words = f"{100 * hidden:g} %"
        axes.text(LEFT - 8, middle, words, ha="right", va="center", fontsize=SMALL)
        for column, inputs in enumerate(each.inputs):
            box = Box(LEFT + column * width, top + row * ROW, width, ROW)
            _draw_cell(axes, each, (hidden, inputs), box)
    bottom = top + ROW * len(each.hidden)
    for column, inputs in enumerate(each.inputs):
        x = LEFT + (column + 0.5) * width
        axes.text(x, bottom + 14, f"{100 * inputs:g} %", ha="center", fontsize=SMALL)
    middle = LEFT + width * len(each.inputs) / 2
    axes.text(middle, bottom + 33, "inputs kept", ha="center", fontsize=SMALL)


def _draw_cell(axes: Axes, each: Surface, cell: Cell, box: Box) -> None:
    place = (box.left + MARGIN, box.top + MARGIN)
    size = (box.width - 2 * MARGIN, box.height - 2 * MARGIN)
    gain, largest = each.gain(cell), each.largest
    share = abs(gain) / largest if largest > 0.0 and np.isfinite(gain) else 0.0
    axes.add_patch(
        Rectangle(
            place,
            *size,
            facecolor=BLUE if gain >= 0.0 else MUTED,
            alpha=FAINTEST + (STRONGEST - FAINTEST) * share,
            linewidth=0,
        )
    )
    is_chosen = cell == each.chosen
    axes.add_patch(
        Rectangle(
            place,
            *size,
            facecolor="none",
            edgecolor=INK if is_chosen else GRID,
            linewidth=1.6 if is_chosen else 0.8,
        )
    )
    x, y = box.middle
    change = each.say_change(cell)
    axes.text(
        x,
        y - (8 if change else 0),
        each.say(cell),
        ha="center",
        va="center",
        fontsize=SMALL,
        fontweight="bold",
    )
    axes.text(x, y + 10, change, ha="center", va="center", fontsize=SMALL)


def title(surfaces: tuple[Surface, ...]) -> str:
    """Say on how many tasks dropping helps, and what the best of it adds."""
    helped = [s for s in surfaces if max(map(s.gain, s.scores)) > TIE]
    count = f"{len(helped)} of {len(surfaces)} tasks"
    shares = [surface for surface in helped if not surface.is_loss]
    if not shares:
        return f"Dropping units or inputs helps on {count}"
    best = max(shares, key=lambda surface: surface.largest)
    most = 100 * max(map(best.gain, best.scores))
    return f"Dropping helps on {count}, by up to {most:.1f} points on {best.name}"


def caption(surfaces: tuple[Surface, ...]) -> str:
    """Say what a cell holds."""
    seeds = count_words(each.num_seeds for each in surfaces)
    return (
        f"Mean test score of {seeds} seeds by the shares of units kept, and below it"
        " the difference to keeping everything, in points of accuracy or in error. Blue"
        " cells are better than that, the others worse; the outlined cell is the one"
        " that validation rows choose most often."
    )


def describe(surfaces: tuple[Surface, ...]) -> str:
    """Say every mean score in words."""
    parts = []
    for each in surfaces:
        rows = [
            f"{100 * hidden:g} % of hidden units kept: "
            + ", ".join(
                f"{100 * inputs:g} % of inputs {each.say((hidden, inputs))}"
                for inputs in each.inputs
            )
            for hidden in each.hidden
        ]
        what = "test error" if each.is_loss else "test accuracy"
        parts.append(f"{each.name}, {what}: {'; '.join(rows)}")
    return f"Mean scores by the shares of units kept. {'. '.join(parts)}."
