"""Draw a hundred runs as icons: those that solve their task, and where others stop."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reports.drawing.cells import add_canvas
from reports.drawing.palette import BLUE, INK, MUTED, PAPER
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.plateaus import find_plateaus, is_solved
from reports.figures.source import ArmRuns, Source
from reports.numbers import percent

NAME = "stuck"
ICONS = 100
PER_ROW = 10
STEP = 27.0
SIZE = 22.0
LEFT = (WIDTH - PER_ROW * STEP) / 2
LINE = 19.0
LETTERS = "ABCD"
LONGEST_LINE = 36
SOLVED = "every row right"
OTHERS = "elsewhere"
DIVERGED = "no number: they diverged"


@dataclass(frozen=True)
class Endings:
    """How the runs of an arm ended.

    Attributes:
        arm: The arm's name.
        num_runs: Number of runs.
        num_updates: Updates that each made.
        counts: How many ended where, the solved ones first; all of them together.
    """

    arm: str
    num_runs: int
    num_updates: int
    counts: dict[str, int]

    @property
    def icons(self) -> dict[str, int]:
        """How many of a hundred icons stand for every ending."""
        found = shares_of(ICONS, list(self.counts.values()))
        return dict(zip(self.counts, found, strict=True))


def shares_of(total: int, counts: Sequence[int]) -> list[int]:
    """Share out a total by counts, the largest remainders being rounded up."""
    exact = total * np.array(counts, np.float64) / sum(counts)
    found = np.floor(exact).astype(int)
    order = np.argsort(found - exact, kind="stable")
    found[order[: total - found.sum()]] += 1
    return [int(count) for count in found]


def read(source: Source) -> Endings | None:
    """Return the endings of the first arm that has some."""
    for runs in source.all_runs():
        if runs.has("curve.loss", "curve.solved"):
            return collect(runs)
    return None


def collect(runs: ArmRuns) -> Endings:
    """Return how the runs of an arm ended."""
    num_lost = int((~np.isfinite(runs.final("loss"))).sum())
    counts = {SOLVED: int(is_solved(runs).sum())}
    counts |= {plateau.name: len(plateau.members) for plateau in find_plateaus(runs)}
    counts[DIVERGED] = num_lost
    counts[OTHERS] = len(runs.table) - sum(counts.values())
    there = {name: n for name, n in counts.items() if n or name == SOLVED}
    num_updates = int(runs.table.arrays["steps"].max())
    return Endings(runs.name, len(runs.table), num_updates, there)


def draw(endings: Endings) -> Picture:
    """Draw ten rows of ten icons, and below them what their letters stand for."""
    alternative = describe(endings)
    legend = _legend(endings)
    grid = STEP * (ICONS // PER_ROW) + 8
    height = grid + sum(_height(lines) for _, _, lines in legend) + 10
    with style():
        figure = new_figure(height)
        axes = add_canvas(figure, height)
        place = 0
        for letter, count, _ in legend:
            for _ in range(count):
                row, column = divmod(place, PER_ROW)
                _draw_icon(axes, LEFT + column * STEP, 4 + row * STEP, letter)
                place += 1
        y = grid + LINE
        for letter, _, lines in legend:
            _draw_icon(axes, LEFT, y - 16, letter)
            for n, line in enumerate(lines):
                axes.text(LEFT + STEP + 4, y + LINE * n, line, fontsize=SMALL)
            y += _height(lines)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        f"One icon for each hundredth of {endings.num_runs:,} runs of {endings.arm}, by"
        f" what the network puts out after {endings.num_updates:,} updates."
    )
    return Picture(NAME, svg, caption, alternative, title=title(endings))


def title(endings: Endings) -> str:
    """Say how many runs of a hundred are solved."""
    count = endings.icons[SOLVED]
    return f"Of {ICONS} networks, {count} get every row right; the others are stuck"


def _height(lines: list[str]) -> float:
    """Return the height of an entry of the legend."""
    return max(LINE * len(lines) + 5, STEP)


def _legend(endings: Endings) -> list[tuple[str, int, list[str]]]:
    """Return letter, icons and meaning of every ending; the solved have no letter."""
    letters = iter(LETTERS)
    found = []
    for name, count in endings.icons.items():
        if not count and name != SOLVED:
            continue
        letter = "" if name == SOLVED else "·" if name == OTHERS else next(letters, "·")
        words = name if name in (SOLVED, OTHERS, DIVERGED) else f"outputs {name}"
        lines = textwrap.wrap(f"{count}: {words}", LONGEST_LINE)
        found.append((letter, count, lines))
    return found


def _draw_icon(axes: Axes, x: float, y: float, letter: str) -> None:
    axes.add_patch(
        Rectangle(
            (x, y),
            SIZE,
            SIZE,
            facecolor=PAPER if letter else BLUE,
            edgecolor=MUTED if letter else BLUE,
            linewidth=1.2,
        )
    )
    if letter:
        middle = (x + SIZE / 2, y + SIZE / 2)
        axes.text(*middle, letter, ha="center", va="center", fontsize=SMALL, color=INK)


def describe(endings: Endings) -> str:
    """Say in words how the runs ended."""
    told = "; ".join(
        f"{percent(count / endings.num_runs)} {name}"
        for name, count in endings.counts.items()
    )
    return f"How {endings.num_runs:,} runs of {endings.arm} ended: {told}."
