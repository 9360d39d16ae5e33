"""Draw which ingredients rescue a deep network, alone, in pairs and all together."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ablations.evidence.scores import score
from ablations.protocol.arm import Arm, Level
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from reports.drawing.cells import NOT_RUN, Box, add_canvas, draw_cell, whole_percent
from reports.drawing.palette import BLUE, GRID, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words, success_of
from reports.figures.source import ArmRuns, Source
from reports.numbers import hundredths

NAME = "rescue_matrix"
SWITCHES = ("ReLU", "matched weights", "Adam", "batch norm", "skips")
SHORT = {"matched weights": "weights"}
"""What is shown where the name leaves no room."""
OLD, ALL = "old recipe", "all five"
NUM_MATRIX_SWITCHES = 2
"""Switches on at once up to which a combination has a cell of its own."""

TOLD = (*SWITCHES, "recipe")
"""Levels that a combination is told by; arms of one matrix share all others."""

LEFT = 96.0
RIGHT = 8.0
CELL = (WIDTH - LEFT - RIGHT) / len(SWITCHES)
CELL_HEIGHT = 52.0
TOP = 62.0
MATRIX = TOP + CELL_HEIGHT * len(SWITCHES) + 44.0
PANEL_TOP = 52.0
PANEL = 150.0
ROW = 19.0
WIDEST_COLUMN = 50.0
WIDE_COLUMN = 36.0
"""Pixels from which on a column has its share above it."""

FEWEST_CELLS = 5
"""Fewest combinations of one or two switches that are worth a matrix."""

On = frozenset[str]


@dataclass(frozen=True)
class Combination:
    """How the runs of one combination of switches ended.

    Attributes:
        on: The switches that are on.
        learned: Whether each run is a success `[S]`; empty where nothing was run.
        quantity: Its last number, NaN where a run has none `[S]`.
    """

    on: On
    learned: np.ndarray
    quantity: np.ndarray

    @property
    def is_run(self) -> bool:
        """Whether there are runs."""
        return bool(len(self.learned))

    @property
    def share(self) -> float | None:
        """The share of runs that learn, None where nothing was run."""
        return float(np.mean(self.learned)) if self.is_run else None

    @property
    def mean(self) -> float | None:
        """The mean over the runs that have a number, None where none has."""
        there = self.quantity[np.isfinite(self.quantity)]
        return float(there.mean()) if len(there) else None

    @property
    def num_lost(self) -> int:
        """How many runs have no number."""
        return int((~np.isfinite(self.quantity)).sum())

    @property
    def name(self) -> str:
        """The switches in words."""
        if not self.on:
            return OLD
        if len(self.on) == len(SWITCHES):
            return ALL
        return " + ".join(s for s in SWITCHES if s in self.on)


@dataclass(frozen=True)
class Rescues:
    """The combinations of a claim.

    Attributes:
        words: What a success is.
        quantity: What is averaged.
        combinations: By the switches that are on; absent ones are in no arm.
        depth: Number of hidden layers.
        num_others: Arms of the claim that are no such combination.
    """

    words: str
    quantity: str
    combinations: dict[On, Combination]
    depth: int
    num_others: int

    def ranked(self) -> list[Combination]:
        """Return all combinations, the best first, those without runs last."""
        return sorted(
            self.combinations.values(),
            key=lambda c: (not c.is_run, -(c.share or 0.0), -(c.mean or 0.0)),
        )

    @property
    def seeds(self) -> str:
        """How many seeds the combinations have, in words."""
        there = [c for c in self.combinations.values() if c.is_run]
        return count_words(len(c.learned) for c in there)

    @property
    def has_matrix(self) -> bool:
        """Whether a matrix of switches would not be mostly empty."""
        cells = [on for on in self.combinations if 0 < len(on) <= NUM_MATRIX_SWITCHES]
        return len(cells) >= FEWEST_CELLS

    @property
    def has_ranking(self) -> bool:
        """Whether combinations are drawn in a row because a matrix has gaps."""
        return not self.has_matrix


def switches_of(arm: Arm) -> On | None:
    """Return the switches that are on in an arm, None where it is no such recipe."""
    states = {switch: arm.levels.get(switch) for switch in SWITCHES}
    if not all(isinstance(state, bool) for state in states.values()):
        return None
    return frozenset(switch for switch, is_on in states.items() if is_on)


def read(source: Source) -> Rescues | None:
    """Return the combinations whose other levels are those of the old recipe."""
    groups: dict[tuple[tuple[str, Level], ...], dict[On, Arm]] = {}
    for arm in source.arms:
        on = switches_of(arm)
        if on is not None and isinstance(arm.config, ArmConfig):
            rest = (level for level in arm.levels.items() if level[0] not in TOLD)
            groups.setdefault(tuple(rest), {}).setdefault(on, arm)
    if not groups:
        return None
    arms = max(groups.values(), key=lambda group: (frozenset() in group, len(group)))
    success = success_of(source.claim)
    found = {on: _combine(on, source.runs(arm), success) for on, arm in arms.items()}
    if not any(combination.is_run for combination in found.values()):
        return None
    first = next(iter(arms.values())).config
    return Rescues(
        success.words,
        _quantity_words(success.quantity),
        found,
        len(first.model.hidden_units) if isinstance(first, ArmConfig) else 0,
        len(source.arms) - len(arms),
    )


def _quantity_words(quantity: str) -> str:
    return "training accuracy" if quantity == "accuracy" else quantity.replace("_", " ")


def _combine(on: On, runs: ArmRuns | None, success: ScoreConfig) -> Combination:
    if runs is None or not runs.has(f"curve.{success.quantity}"):
        return Combination(on, np.zeros(0, bool), np.zeros(0))
    learned = score(runs.table, success) == 1.0
    return Combination(on, learned, runs.final(success.quantity))


def draw(rescues: Rescues) -> Picture:
    """Draw the matrix, and below it every combination where there are larger ones."""
    alternative = describe(rescues)
    ranking = PANEL_TOP + PANEL + ROW * len(SWITCHES) + 16
    height = MATRIX * rescues.has_matrix + ranking * rescues.has_ranking
    # Dots are lines without length, which simplified paths would lose.
    with style(), mpl.rc_context({"path.simplify": False}):
        figure = new_figure(height)
        if rescues.has_matrix:
            _draw_matrix(add_canvas(figure, height), rescues)
        if rescues.has_ranking:
            _draw_ranking(figure, rescues, height)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(rescues), alternative, title=title(rescues))


def _draw_matrix(axes: Axes, rescues: Rescues) -> None:
    """Draw a staircase: a step for each switch alone, pairs to the left of it."""

    def cell(on: On, left: float, top: float, *, outlined: bool) -> None:
        found = rescues.combinations.get(on)
        mean = found.mean if found else None
        draw_cell(
            axes,
            Box(left, top, CELL, CELL_HEIGHT),
            found.share if found else None,
            BLUE,
            below="" if mean is None else hundredths(mean),
            empty=NOT_RUN if found else "",
            outlined=outlined and found is not None and found.is_run,
        )

    for row, switch in enumerate(SWITCHES):
        top = TOP + row * CELL_HEIGHT
        y = top + CELL_HEIGHT / 2
        axes.text(
            LEFT - 8,
            y,
            SHORT.get(switch, switch),
            ha="right",
            va="center",
            fontsize=SMALL,
        )
        axes.text(
            LEFT + (row + 0.5) * CELL,
            TOP + len(SWITCHES) * CELL_HEIGHT + 6,
            SHORT.get(switch, switch).replace(" ", "\n"),
            ha="center",
            va="top",
            fontsize=SMALL,
            linespacing=1.0,
        )
        for column, other in enumerate(SWITCHES[: row + 1]):
            on = frozenset({switch, other})
            cell(on, LEFT + column * CELL, top, outlined=row == column)
    words = f"runs that learn, in %; below, {rescues.quantity}"
    axes.text(8, 18, words, fontsize=SMALL)
    for place, (name, on) in enumerate(
        ((OLD, frozenset()), (ALL, frozenset(SWITCHES)))
    ):
        left = LEFT + (len(SWITCHES) - 2 + place) * CELL
        axes.text(
            left + CELL / 2,
            TOP - 4,
            name.replace(" ", "\n"),
            ha="center",
            va="bottom",
            fontsize=SMALL,
            fontweight="bold",
        )
        cell(on, left, TOP, outlined=True)


def _draw_ranking(figure: Figure, rescues: Rescues, height: float) -> None:
    ranked = rescues.ranked()
    width = WIDTH - LEFT - RIGHT
    column = min(width / len(ranked), WIDEST_COLUMN)
    bottom = 10 + ROW * len(SWITCHES)
    share = (LEFT / WIDTH, width / WIDTH)
    above = figure.add_axes((share[0], bottom / height, share[1], PANEL / height))
    below = figure.add_axes(
        (share[0], 6 / height, share[1], ROW * len(SWITCHES) / height)
    )
    for axes in (above, below):
        axes.set_xlim(-0.5, width / column - 0.5)
    _draw_seeds(above, ranked, column)
    _draw_switches(below, ranked, column)
    figure.text(
        8 / WIDTH,
        (bottom + PANEL + 30) / height,
        f"{rescues.quantity} of every seed, {len(ranked)} combinations, best first",
        fontsize=SMALL,
    )


def _draw_seeds(axes: Axes, ranked: list[Combination], column: float) -> None:
    size = float(np.clip(column * 0.42, 3.6, 6.0))
    axes.set_ylim(-0.03, 1.05)
    for color, is_learned in ((MUTED, False), (BLUE, True)):
        x, y = [], []
        for place, combination in enumerate(ranked):
            values = combination.quantity
            mask = np.isfinite(values) & (combination.learned == is_learned)
            x.append(place + jitter(len(values), column, size)[mask])
            y.append(values[mask])
        at, values = np.concatenate(x), np.concatenate(y)
        axes.plot(
            np.repeat(at, 3),
            np.stack([values, values, np.full(len(at), np.nan)], axis=1).ravel(),
            color=color,
            linewidth=size,
            alpha=0.6,
            solid_capstyle="round",
            clip_on=False,
        )
    for place, combination in enumerate(ranked):
        if combination.num_lost:
            axes.plot(
                [place],
                [0.0],
                marker="x",
                color=INK,
                markersize=6,
                markeredgewidth=1.8,
                linestyle="none",
                clip_on=False,
            )
        if combination.mean is not None:
            axes.plot(
                [place - 0.42, place + 0.42],
                [combination.mean] * 2,
                color=INK,
                linewidth=1.6,
                solid_capstyle="butt",
            )
        if combination.is_run and column >= WIDE_COLUMN:
            share = whole_percent(combination.share or 0.0)
            axes.text(
                place, 1.09, share, ha="center", fontsize=SMALL, fontweight="bold"
            )
        if not combination.is_run:
            axes.text(
                place,
                0.5,
                NOT_RUN,
                rotation=90,
                ha="center",
                va="center",
                fontsize=SMALL,
                color=MUTED,
            )
    axes.set_xticks([])
    axes.spines["bottom"].set_color(GRID)
    axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.tick_params(labelsize=SMALL)
    axes.grid(visible=True, axis="y")


def jitter(count: int, column: float, size: float) -> np.ndarray:
    """Return steps to the side by which dots of a column differ, in columns `[S]`."""
    if count < 2:
        return np.zeros(count)
    reach = max(column - size - 1.5, 0.0) / column / 2
    # Seeds have no order that means anything; a golden step spreads any number.
    return reach * (2 * ((np.arange(count) * 0.618034) % 1.0) - 1)


def _draw_switches(axes: Axes, ranked: list[Combination], column: float) -> None:
    rows = len(SWITCHES)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_axis_off()
    size = float(np.clip(column * 0.72, 5.0, 10.0))
    for row, switch in enumerate(SWITCHES):
        axes.text(
            -0.5 - 8 / column,
            row,
            SHORT.get(switch, switch),
            ha="right",
            va="center",
            fontsize=SMALL,
        )
        for is_on in (False, True):
            places = [p for p, c in enumerate(ranked) if (switch in c.on) == is_on]
            axes.plot(
                places,
                [row] * len(places),
                marker="o",
                linestyle="none",
                markersize=size if is_on else size * 0.62,
                color=INK if is_on else GRID,
                markerfacecolor=INK if is_on else "none",
                markeredgewidth=0 if is_on else 1.1,
                clip_on=False,
            )
    for place, combination in enumerate(ranked):
        rows_on = [row for row, s in enumerate(SWITCHES) if s in combination.on]
        if len(rows_on) > 1:
            axes.plot(
                [place, place], [rows_on[0], rows_on[-1]], color=INK, linewidth=1.4
            )


def title(rescues: Rescues) -> str:
    """Say which changes suffice alone, or how many combinations do."""
    there = [c for c in rescues.combinations.values() if c.is_run]
    alone = [c.name for c in there if len(c.on) == 1 and (c.share or 0.0) > 0.5]
    enough = sum((c.share or 0.0) > 0.5 for c in there)
    counted = f"{enough} of {len(there)} combinations let most networks learn"
    if not any(len(c.on) == 1 for c in there):
        return counted
    if not alone:
        return f"No single change is enough; {counted}"
    which = "single change that is" if len(alone) == 1 else "single changes that are"
    return f"The only {which} enough: {' and '.join(alone)}; {counted}"


def caption(rescues: Rescues) -> str:
    """Say how to read the cells and the columns."""
    sentences = []
    if rescues.has_matrix:
        sentences.append(
            f"Share of seeds that {rescues.words}, and below it the mean"
            f" {rescues.quantity}, of networks of {rescues.depth} hidden layers;"
            f" {rescues.seeds} seeds per cell. On the steps one change to the old"
            " recipe alone, left of them two together."
        )
    if rescues.has_ranking:
        where = "Below, every combination"
        if not rescues.has_matrix:
            where = f"{rescues.depth} hidden layers, {rescues.seeds} seeds per column"
        sentences.append(
            f"{where}: full discs are changes to the old recipe, dots are seeds, blue"
            f" where they {rescues.words}, bars are means."
        )
        if any(c.num_lost for c in rescues.combinations.values()):
            sentences.append("A cross at 0 marks runs that diverged or failed.")
    if rescues.num_others:
        arms = "arm" if rescues.num_others == 1 else "arms"
        sentences.append(f"The claim has {rescues.num_others} more {arms}.")
    return " ".join(sentences)


def describe(rescues: Rescues) -> str:
    """Say every share in words, the best combinations first."""
    ranked = rescues.ranked()
    there = [c for c in ranked if c.share is not None]
    parts = [_say(c) for c in there]
    missing = [c.name for c in ranked if not c.is_run]
    learning = sum(1 for c in there if (c.share or 0.0) >= 0.5)
    text = (
        f"Share of seeds that {rescues.words}, {rescues.depth} hidden layers, by what"
        f" is changed in the old recipe: in {learning} of {len(there)} combinations at"
        f" least half of the seeds do. {'; '.join(parts)}."
    )
    return f"{text} Not run: {'; '.join(missing)}." if missing else text


def _say(combination: Combination) -> str:
    lost = combination.num_lost
    mean = "" if combination.mean is None else f", mean {hundredths(combination.mean)}"
    failed = f", {lost} diverged or failed" if lost else ""
    return (
        f"{combination.name}: {whole_percent(combination.share or 0.0)}{mean}{failed}"
    )
