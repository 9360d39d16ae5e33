"""Draw which units die of what: of a bias or a rate, and of which activation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ablations.evidence.scores import score
from ablations.protocol.arm import Arm, name_of
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.dying_units.networks import MULTIPLES, dead, hardly_learns
from reports.drawing.cells import (
    MARGIN,
    Box,
    add_canvas,
    draw_cell,
    whole_percent,
)
from reports.drawing.palette import BLUE, MUTED, VERMILLION
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words
from reports.figures.source import ArmRuns, Source, names_apart, shared_factors

NAME = "unit_deaths"
BIAS, RATE = "bias", "rate"
ACTIVATION = "activation"
BIASED = "biases start at"
FACTORS = (BIAS, RATE)
"""What units are said to die of; rows differ in all else."""

LEFT = 92.0
RIGHT = 6.0
HEADER = 42.0
ROW = 48.0
NUMBER = 21.0
LEGEND = 22.0
WIDE = 50.0
"""A column has room for the sign of percent."""

TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
TIMES_BEST = {words: times for times, words in MULTIPLES.items()}
MOST = 0.5
"""Share of units from which most of them are meant."""

KINDS = {
    "dead": ("dead: slope zero on every row", BLUE, 0.55, ""),
    "weak": ("hardly learns: slope next to zero", BLUE, 0.15, "////"),
    "diverged": ("lost with a run that diverged", VERMILLION, 0.25, "xxxx"),
}
"""What became of units, as the legend has it, with color, opacity and hatch."""

Place = tuple[float, float]
"""The first value of all biases, and the multiple of the best rate."""


@dataclass(frozen=True)
class Losses:
    """Shares of all units of all runs of an arm.

    Attributes:
        dead: Units without gradient.
        weak: Further units with less than a thousandth of the largest.
        diverged: Units of runs that diverged or failed.
        num_runs: Number of runs.
    """

    dead: float
    weak: float
    diverged: float
    num_runs: int

    @property
    def total(self) -> float:
        """Share of units that do not learn."""
        return self.dead + self.weak + self.diverged


@dataclass(frozen=True)
class Deaths:
    """The arms of a claim by what differs.

    Attributes:
        factors: What rows differ in.
        rows: Losses by bias and rate, by what rows are called; None where an arm was
            not run.
        shared: What all rows have in common, in words.
    """

    factors: tuple[str, ...]
    rows: dict[str, dict[Place, Losses | None]]
    shared: str = ""

    @property
    def places(self) -> list[Place]:
        """All biases and rates, the usual start first, then biases, then rates."""
        found = {place for row in self.rows.values() for place in row}
        return sorted(found, key=lambda place: (place[1], -place[0]))


def read(source: Source) -> Deaths | None:
    """Return the rows that have a number at more than half of all places.

    Places at which fewer than half of these have one are left out.
    """
    found: dict[frozenset, dict[Place, Losses | None]] = {}
    arms: dict[frozenset, Arm] = {}
    for arm in source.arms:
        times = TIMES_BEST.get(str(arm.levels.get(RATE)))
        if not isinstance(arm.config, ArmConfig) or times is None:
            continue
        rest = frozenset((k, v) for k, v in arm.levels.items() if k not in FACTORS)
        place = (float(arm.levels[BIAS]), times)
        found.setdefault(rest, {})[place] = losses(source.runs(arm))
        arms.setdefault(rest, arm)
    num_places = len({place for row in found.values() for place in row})
    kept = {
        rest: row
        for rest, row in found.items()
        if 2 * sum(each is not None for each in row.values()) > num_places
    }
    if num_places < 3 or len(kept) < 2:
        return None
    counts = Counter(place for row in kept.values() for place in row if row[place])
    kept = {
        rest: {p: each for p, each in row.items() if 2 * counts[p] >= len(kept)}
        for rest, row in kept.items()
    }
    told = [arms[rest] for rest in kept]
    shared = shared_factors([arm.levels for arm in told])
    factors = dict.fromkeys(f for arm in told for f in arm.levels if f not in shared)
    names = names_apart(told, *FACTORS)
    told_by = tuple(f for f in factors if f not in FACTORS)
    rows = dict(zip(names, kept.values(), strict=True))
    if told_by == (ACTIVATION,):
        rows = dict(sorted(rows.items(), key=lambda each: -_lost(each[1])))
    common = {f: told[0].levels[f] for f in told[0].levels if f in shared}
    common = {f: level for f, level in common.items() if f not in FACTORS}
    return Deaths(told_by, rows, name_of(common))


def _lost(row: dict[Place, Losses | None]) -> float:
    """Return what a row loses in all."""
    return sum(each.total for each in row.values() if each)


def losses(runs: ArmRuns | None) -> Losses | None:
    """Return what became of the units of an arm's runs, None without runs."""
    if runs is None:
        return None
    is_there = runs.table.status == "ok"
    shares = []
    for config in (dead(), hardly_learns()):
        values = score(runs.table, config)[is_there]
        shares.append(float(values.sum()) / len(is_there))
    without, weak = shares
    return Losses(without, weak - without, float(np.mean(~is_there)), len(is_there))


def words(place: Place) -> str:
    """Say a bias, a rate that is not the best one, or both, in a sentence."""
    bias, times = place
    low = f"biases of {_low(bias)}"
    if times == 1.0:
        return low if bias else "the usual start"
    high = f"{times:g} times the best rate"
    return f"{low} at {high}" if bias else high


def _low(bias: float) -> str:
    return f"{MINUS if bias < 0 else ''}{abs(bias):g}"


def draw(deaths: Deaths) -> Picture:
    """Draw a cell per row and place, filled by the share of units that is lost."""
    told = [each for row in deaths.rows.values() for each in row.values() if each]
    kinds = [kind for kind in KINDS if any(getattr(each, kind) > 0 for each in told)]
    total = HEADER + ROW * len(deaths.rows) + 10 + LEGEND * len(kinds)
    alternative = describe(deaths)
    with style():
        figure = new_figure(total)
        axes = add_canvas(figure, total)
        width = (WIDTH - LEFT - RIGHT) / len(deaths.places)
        of = " %" if width >= WIDE else ""
        _draw_head(axes, deaths.places, width)
        for n, (name, row) in enumerate(deaths.rows.items()):
            y = HEADER + n * ROW
            lines = name.replace(", ", ",\n")
            axes.text(LEFT - 8, y + ROW / 2, lines, ha="right", va="center")
            for column, place in enumerate(deaths.places):
                box = Box(LEFT + column * width, y, width, ROW)
                _draw_losses(axes, box, row.get(place), of)
        y = HEADER + ROW * len(deaths.rows) + 10
        for n, kind in enumerate(kinds):
            box = Box(8, y + n * LEGEND, 30, LEGEND)
            _fill(axes, box, 0.0, 1.0, kind)
            middle = box.middle[1]
            axes.text(46, middle, KINDS[kind][0], va="center", fontsize=SMALL)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    among = f" ({deaths.shared})" if deaths.shared else ""
    caption = (
        f"Percent of hidden units that do not learn after training{among}, by"
        " the first value of all biases and by the multiple of the best learning rate;"
        f" {count_words(each.num_runs for each in told)} networks per cell."
    )
    if "diverged" in kinds:
        caption += " Units of runs that diverged are counted apart, behind the plus."
    if any(row.get(p) is None for row in deaths.rows.values() for p in deaths.places):
        caption += " Dashed cells were not run."
    return Picture(NAME, svg, caption, alternative, title=title(deaths))


def _draw_head(axes: Axes, places: list[Place], width: float) -> None:
    """Write what the columns are: first biases, rates, or first biases at each rate."""
    is_crossed = _is_crossed(places)
    if is_crossed:
        axes.text(LEFT - 8, 33, "first bias", ha="right", fontsize=SMALL)
    column = 0
    for name, members in _groups(places).items():
        x = LEFT + width * (column + len(members) / 2)
        axes.text(x, 14, name, ha="center", fontsize=SMALL)
        for number, (bias, times) in enumerate(members, column):
            rate = "best" if times == 1.0 else f"{TIMES} {times:.2g}"
            x = LEFT + (number + 0.5) * width
            at = _low(bias) if is_crossed or name == BIASED else rate
            axes.text(x, 33, at, ha="center", fontsize=SMALL, fontweight="bold")
        column += len(members)


def _is_crossed(places: list[Place]) -> bool:
    """Return whether biases below zero were met by another rate than the best."""
    return any(bias and times != 1.0 for bias, times in places)


def _groups(places: list[Place]) -> dict[str, list[Place]]:
    """Return places, in their order, by what stands above them."""
    if _is_crossed(places):
        by_rate: dict[str, list[Place]] = {}
        for place in places:
            rate = "best rate" if place[1] == 1.0 else f"{place[1]:.2g} times that"
            by_rate.setdefault(rate, []).append(place)
        return by_rate
    # Without biases below zero all columns are rates, the best one among them.
    if not any(bias for bias, _ in places):
        return {"learning rate": places}
    biases = [place for place in places if place[1] == 1.0]
    rates = [place for place in places if place[1] != 1.0]
    groups = {BIASED: biases, "best rate": rates}
    return {name: members for name, members in groups.items() if members}


def _draw_losses(axes: Axes, box: Box, each: Losses | None, of: str) -> None:
    """Fill a cell from the left by what became of its units, in percent."""
    if each is None:
        draw_cell(axes, box, None, BLUE, empty="")
        return
    bar = Box(box.left, box.top + NUMBER, box.width, box.height - NUMBER)
    start = 0.0
    for kind in KINDS:
        share = getattr(each, kind)
        if share > 0:
            _fill(axes, bar, start, start + share, kind)
            start += share
    place = (bar.left + MARGIN, bar.top + MARGIN)
    size = (bar.width - 2 * MARGIN, bar.height - 2 * MARGIN)
    axes.add_patch(
        Rectangle(
            place,
            *size,
            facecolor="none",
            edgecolor=MUTED,
            linewidth=0.8,
            clip_on=False,
        )
    )
    number = whole_percent(each.dead + each.weak).removesuffix(" %")
    if each.diverged > 0:
        number += f"+{whole_percent(each.diverged)}".removesuffix(" %")
    x, y = box.middle[0], box.top + 13
    axes.text(
        x, y, number + of, ha="center", va="center", fontweight="bold", fontsize=SMALL
    )


def _fill(axes: Axes, box: Box, start: float, end: float, kind: str) -> None:
    _, color, alpha, hatch = KINDS[kind]
    width = box.width - 2 * MARGIN
    place = (box.left + MARGIN + start * width, box.top + MARGIN)
    size = ((end - start) * width, box.height - 2 * MARGIN)
    axes.add_patch(
        Rectangle(
            place, *size, facecolor=color, alpha=alpha, linewidth=0, clip_on=False
        )
    )
    if hatch:
        axes.add_patch(
            Rectangle(
                place,
                *size,
                facecolor="none",
                edgecolor=color,
                hatch=hatch,
                linewidth=0,
                clip_on=False,
            )
        )


def title(deaths: Deaths) -> str:
    """Say what kills the most units, and which others it leaves hardly learning."""
    cells = [
        (each, place, name)
        for name, row in deaths.rows.items()
        for place, each in row.items()
        if each
    ]
    worst, place, name = max(cells, key=lambda cell: cell[0].dead)
    here = [(each, other) for each, at, other in cells if at == place]
    share = whole_percent(worst.dead)
    which = "all" if worst.dead == 1.0 else f"{share} of"
    kills = f"{words(place)} kill{'s' * (place[1] != 1.0)} {which}"
    kills = kills[:1].upper() + kills[1:]
    if deaths.factors == (ACTIVATION,):
        weak = [other for each, other in here if each.weak >= MOST]
        more = f"; most {' and '.join(weak)} units hardly learn" if weak else ""
        return f"{kills} {name} units{more}"
    alike = [other for each, other in here if each.dead == worst.dead]
    where = "" if len(alike) == len(deaths.rows) else f" with {name}"
    return f"{kills} units{where}"


def describe(deaths: Deaths) -> str:
    """Say in words what became of units, row by row."""
    rows = [
        f"{name}: {', '.join(map(_say, deaths.places, map(row.get, deaths.places)))}"
        for name, row in deaths.rows.items()
    ]
    return f"Share of hidden units that do not learn after training. {'. '.join(rows)}."


def _say(place: Place, each: Losses | None) -> str:
    at = f"at {words(place)}"
    if each is None:
        return f"{at} not run"
    parts = [f"{whole_percent(each.dead)} dead"]
    if each.weak > 0:
        parts.append(f"{whole_percent(each.weak)} hardly learn")
    if each.diverged > 0:
        parts.append(f"{whole_percent(each.diverged)} of runs diverged")
    return f"{at} {' and '.join(parts)}"
