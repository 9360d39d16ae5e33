"""Draw which optimizers are ahead, with one random rate and with the best of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ablations.experiments.rate_search import TRIALS, RateSearchConfig
from ablations.stats.league import league
from reports.drawing.cells import FAINTEST, MARGIN, STRONGEST, Box, add_canvas
from reports.drawing.palette import BLUE, GRID, INK
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import ArmRuns, Source

NAME = "optimizer_league"
SHOWN = (TRIALS[0], TRIALS[-1])
TOLD = {"optimizer", "task"}
"""Levels of the arms that are drawn; those with others stand elsewhere."""

LEFT = 88.0
HEAD = 56.0
ROW = 30.0
GAP = 8.0


@dataclass(frozen=True)
class Standing:
    """How optimizers stand after a number of trials.

    Attributes:
        trials: Random rates, of which the best counts.
        updates: Mean updates to the target, as a logarithm is averaged `[O, T]`.
        first: Which are the best of a task, or not told from it `[O, T]`.
    """

    trials: int
    updates: np.ndarray
    first: np.ndarray

    @property
    def name(self) -> str:
        """What so many trials are called."""
        return "one random rate" if self.trials == 1 else f"the best of {self.trials}"


@dataclass(frozen=True)
class Standings:
    """How optimizers stand on every task.

    Attributes:
        optimizers: Names of O rows.
        tasks: Names of T columns.
        by_trials: With few trials and with many.
        num_seeds: Seeds of every cell.
    """

    optimizers: tuple[str, ...]
    tasks: tuple[str, ...]
    by_trials: tuple[Standing, ...]
    num_seeds: int


def read(source: Source) -> Standings | None:
    """Return how optimizers stand; None unless all tasks have all of two or more."""
    found: dict[tuple[str, str], ArmRuns] = {}
    for runs in source.all_runs():
        if isinstance(runs.config, RateSearchConfig) and runs.arm.levels.keys() == TOLD:
            optimizer, task = (str(runs.arm.levels[level]) for level in sorted(TOLD))
            found[optimizer, task] = runs
    optimizers = tuple(dict.fromkeys(optimizer for optimizer, _ in found))
    tasks = tuple(dict.fromkeys(task for _, task in found))
    if len(optimizers) < 2 or len(found) < len(optimizers) * len(tasks):
        return None
    num_seeds = min(len(runs.table) for runs in found.values())
    standings = []
    for trials in SHOWN:
        metric = f"log10_updates_after_{trials}"
        scores = [
            [found[o, t].final(metric)[:num_seeds] for t in tasks] for o in optimizers
        ]
        standings.append(stand(trials, np.array(scores)))
    return Standings(optimizers, tasks, tuple(standings), num_seeds)


def stand(trials: int, scores: np.ndarray) -> Standing:
    """Return who is first by the updates of every seed, as logarithms `[O, T, S]`."""
    first = np.zeros(scores.shape[:2], bool)
    for task in range(scores.shape[1]):
        top = league(scores[:, task].T, higher_is_better=False).top
        first[list(top), task] = True
    return Standing(trials, 10.0 ** scores.mean(axis=-1), first)


def draw(standings: Standings) -> Picture:
    """Draw a table for few trials and one for many."""
    alternative = describe(standings)
    each = HEAD + ROW * len(standings.optimizers) + GAP
    total = each * len(standings.by_trials)
    with style():
        figure = new_figure(total)
        axes = add_canvas(figure, total)
        for place, standing in enumerate(standings.by_trials):
            _draw_table(axes, standings, standing, each * place)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        f"Updates to the target, means of logarithms over {standings.num_seeds} seeds."
        " Blue are the first in mean rank and those that signed-rank tests over seeds,"
        " adjusted by Holm, do not tell from it."
    )
    return Picture(NAME, svg, caption, alternative, title=title(standings))


def _draw_table(
    axes: Axes, standings: Standings, standing: Standing, top: float
) -> None:
    step = (WIDTH - LEFT - 4.0) / len(standings.tasks)
    told = f"with {standing.name}"
    axes.text(8, top + 16, told, fontsize=SMALL, fontweight="bold", va="center")
    for column, task in enumerate(standings.tasks):
        x = LEFT + (column + 0.5) * step
        axes.text(x, top + 42, task, fontsize=SMALL, ha="center", va="center")
    for row, optimizer in enumerate(standings.optimizers):
        y = top + HEAD + ROW * row
        axes.text(8, y + ROW / 2, optimizer, fontsize=SMALL, va="center")
        for column in range(len(standings.tasks)):
            box = Box(LEFT + column * step, y, step, ROW)
            is_first = bool(standing.first[row, column])
            _draw_cell(axes, box, f"{standing.updates[row, column]:.0f}", is_first)


def _draw_cell(axes: Axes, box: Box, words: str, is_first: bool) -> None:
    place = (box.left + MARGIN, box.top + MARGIN)
    size = (box.width - 2 * MARGIN, box.height - 2 * MARGIN)
    strength = STRONGEST if is_first else FAINTEST
    axes.add_patch(Rectangle(place, *size, facecolor=BLUE, alpha=strength, linewidth=0))
    edge, weight = (INK, "bold") if is_first else (GRID, "normal")
    axes.add_patch(
        Rectangle(
            place,
            *size,
            facecolor="none",
            edgecolor=edge,
            linewidth=1.6 if is_first else 0.8,
        )
    )
    x, y = box.middle
    axes.text(x, y, words, ha="center", va="center", fontsize=SMALL, fontweight=weight)


def title(standings: Standings) -> str:
    """Say who is first, or within noise of it, on how many tasks."""
    told: dict[str, list[str]] = {}
    for standing in standings.by_trials:
        told.setdefault(_most(standings, standing), []).append(f"with {standing.name}")
    parts = [f"{who}, {' and '.join(when)}" for who, when in told.items()]
    return f"First, or within noise of it: {'; '.join(parts)}"


def _most(standings: Standings, standing: Standing) -> str:
    """Say who is first on the most tasks."""
    counts = standing.first.sum(axis=1)
    names = [
        standings.optimizers[i] for i in np.flatnonzero(counts == counts.max()).tolist()
    ]
    return f"{' and '.join(names)} on {counts.max()} of {len(standings.tasks)} tasks"


def describe(standings: Standings) -> str:
    """Say every number in words, and who is first."""
    parts = []
    for standing in standings.by_trials:
        tasks = []
        for column, task in enumerate(standings.tasks):
            numbers = ", ".join(
                f"{name} {standing.updates[row, column]:.0f}"
                + (" (first or within noise)" if standing.first[row, column] else "")
                for row, name in enumerate(standings.optimizers)
            )
            tasks.append(f"{task}: {numbers}")
        parts.append(f"With {standing.name}: {'; '.join(tasks)}.")
    return f"Updates to the target. {' '.join(parts)}"
