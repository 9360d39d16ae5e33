"""Draw which optimizers are ahead, with one random rate and with the best of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ablations.experiments.rate_search import TRIALS, RateSearchConfig
from ablations.rigs.rate_search import CONTEXT, OPTIMIZERS, SCHEDULE_FREE
from ablations.stats.league import league
from reports.drawing.cells import FAINTEST, MARGIN, STRONGEST, Box, add_canvas
from reports.drawing.palette import BLUE, GRID, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import ArmRuns, Source

NAME = "optimizer_league"
SHOWN = (TRIALS[0], TRIALS[-1])
TOLD = {"optimizer", "task"}
"""Levels of the arms that are drawn; those with others stand elsewhere."""

LEFT, HEAD, ROW, GAP = 94.0, 56.0, 30.0, 8.0
APART, LEGEND = 26.0, 28.0
"""Heights of what is between the league and its context, and of the legend."""

NEAR = 0.25
"""Opacity of a cell within noise of the first."""

TWO_LINES = {SCHEDULE_FREE: "schedule-\nfree AdamW"}


@dataclass(frozen=True)
class Standing:
    """How optimizers stand after a number of trials.

    Attributes:
        trials: Random rates, of which the best counts.
        updates: Mean updates to the target, as a logarithm is averaged `[O, T]`.
        first: Which are the best of a task in mean rank `[O, T]`.
        near: Which are not told from the best, itself among them `[O, T]`.
    """

    trials: int
    updates: np.ndarray
    first: np.ndarray
    near: np.ndarray

    @property
    def name(self) -> str:
        """What so many trials are called."""
        return "one random rate" if self.trials == 1 else f"the best of {self.trials}"


@dataclass(frozen=True)
class Standings:
    """How optimizers stand on every task.

    Attributes:
        optimizers: Names of O rows, those of the league before those of its context.
        num_ranked: How many stand in the league.
        tasks: Names of T columns.
        by_trials: With few trials and with many.
        num_seeds: Seeds of every cell.
    """

    optimizers: tuple[str, ...]
    num_ranked: int
    tasks: tuple[str, ...]
    by_trials: tuple[Standing, ...]
    num_seeds: int


def read(source: Source) -> Standings | None:
    """Return how optimizers stand; None unless all tasks have all of two or more.

    What is context is left out unless all tasks have it.
    """
    found: dict[tuple[str, str], ArmRuns] = {}
    for runs in source.all_runs():
        if isinstance(runs.config, RateSearchConfig) and runs.arm.levels.keys() == TOLD:
            optimizer, task = (str(runs.arm.levels[level]) for level in sorted(TOLD))
            found[optimizer, task] = runs
    tasks = tuple(dict.fromkeys(task for _, task in found))
    seen = {optimizer for optimizer, _ in found}
    ranked = tuple(name for name in OPTIMIZERS if name in seen)
    if len(ranked) < 2 or any((o, t) not in found for o in ranked for t in tasks):
        return None
    context = (o for o in CONTEXT if all((o, t) in found for t in tasks))
    optimizers = (*ranked, *context)
    num_seeds = min(len(found[o, t].table) for o in optimizers for t in tasks)
    standings = []
    for trials in SHOWN:
        metric = f"log10_updates_after_{trials}"
        scores = [
            [found[o, t].final(metric)[:num_seeds] for t in tasks] for o in optimizers
        ]
        standings.append(stand(trials, np.array(scores), len(ranked)))
    return Standings(optimizers, len(ranked), tasks, tuple(standings), num_seeds)


def stand(trials: int, scores: np.ndarray, num_ranked: int) -> Standing:
    """Return who is first by the updates of every seed, as logarithms `[O, T, S]`.

    Who is context stands as it would in the league, and moves nobody there.
    """
    first, near = np.zeros((2, *scores.shape[:2]), bool)
    for task in range(scores.shape[1]):
        own = scores[:, task]
        found = league(own[:num_ranked].T, higher_is_better=False)
        first[found.order[0], task] = True
        near[list(found.top), task] = True
        for guest in range(num_ranked, len(own)):
            together = np.vstack([own[:num_ranked], own[guest]])
            found = league(together.T, higher_is_better=False)
            first[guest, task] = found.order[0] == num_ranked
            near[guest, task] = num_ranked in found.top
    return Standing(trials, 10.0 ** scores.mean(axis=-1), first, near)


def draw(standings: Standings) -> Picture:
    """Draw a table for few trials and one for many."""
    alternative = describe(standings)
    has_context = len(standings.optimizers) > standings.num_ranked
    each = HEAD + ROW * len(standings.optimizers) + GAP + APART * has_context
    total = each * len(standings.by_trials) + LEGEND
    with style():
        figure = new_figure(total)
        axes = add_canvas(figure, total)
        for place, standing in enumerate(standings.by_trials):
            _draw_table(axes, standings, standing, each * place)
        _draw_legend(axes, total - LEGEND)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        f"Updates to the target, means of logarithms over {standings.num_seeds} seeds."
        " First is the best in mean rank; within noise are those that signed-rank tests"
        " over seeds, adjusted by Holm, do not tell from it."
    )
    if has_context:
        caption += (
            " For a rule that the notes do not name, the mark says where it would stand"
            " if it alone were added; the ranks of the others stay."
        )
    return Picture(NAME, svg, caption, alternative, title=title(standings))


def _draw_table(
    axes: Axes, standings: Standings, standing: Standing, top: float
) -> None:
    step = (WIDTH - LEFT - 4.0) / len(standings.tasks)
    told = f"updates to the target, {standing.name}"
    axes.text(8, top + 16, told, fontsize=SMALL, fontweight="bold", va="center")
    for column, task in enumerate(standings.tasks):
        x = LEFT + (column + 0.5) * step
        axes.text(x, top + 42, task, fontsize=SMALL, ha="center", va="center")
    for row, optimizer in enumerate(standings.optimizers):
        y = top + HEAD + ROW * row
        if row == standings.num_ranked:
            told = "not of the notes, for comparison"
            axes.text(8, y + 16, told, fontsize=SMALL, va="center", color=MUTED)
        y += APART * (row >= standings.num_ranked)
        words = TWO_LINES.get(optimizer, optimizer)
        axes.text(8, y + ROW / 2, words, fontsize=SMALL, va="center", linespacing=1.0)
        for column in range(len(standings.tasks)):
            box = Box(LEFT + column * step, y, step, ROW)
            marks = (
                bool(each[row, column]) for each in (standing.first, standing.near)
            )
            _draw_cell(axes, box, f"{standing.updates[row, column]:.0f}", *marks)


def _draw_legend(axes: Axes, top: float) -> None:
    for x, words, marks in (
        (8.0, "first", (True, True)),
        (LEFT, "within noise of the first", (False, True)),
    ):
        _draw_cell(axes, Box(x, top + 2, 24, 20), "", *marks)
        axes.text(x + 30, top + 12, words, fontsize=SMALL, va="center")


def _draw_cell(axes: Axes, box: Box, words: str, is_first: bool, is_near: bool) -> None:
    place = (box.left + MARGIN, box.top + MARGIN)
    size = (box.width - 2 * MARGIN, box.height - 2 * MARGIN)
    strength = STRONGEST if is_first else NEAR if is_near else FAINTEST
    edge, weight = INK if is_near else GRID, "bold" if is_first else "normal"
    cell = Rectangle(place, *size, facecolor=(BLUE, strength), edgecolor=edge)
    cell.set_linewidth(1.6 if is_first else 0.8)
    axes.add_patch(cell)
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
    counts = standing.near[: standings.num_ranked].sum(axis=1)
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
                + _mark(standing, row, column, row >= standings.num_ranked)
                for row, name in enumerate(standings.optimizers)
            )
            tasks.append(f"{task}: {numbers}")
        parts.append(f"With {standing.name}: {'; '.join(tasks)}.")
    return f"Updates to the target. {' '.join(parts)}"


def _mark(standing: Standing, row: int, column: int, is_context: bool) -> str:
    would = "would be " if is_context else ""
    if standing.first[row, column]:
        return f" ({would}first)"
    return f" ({would}within noise of the first)" if standing.near[row, column] else ""
