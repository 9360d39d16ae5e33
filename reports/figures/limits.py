"""Draw up to what depth, or what learning rate, recipes learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from ablations.evidence.scores import score
from ablations.protocol.arm import Arm
from ablations.stats.proportions import wilson
from reports.drawing.cells import whole_percent
from reports.drawing.labels import LINE, wrap
from reports.drawing.palette import BLUE, INK, MUTED, PAPER
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words, success_of
from reports.figures.source import Source, name_without, names_apart, number_of
from reports.numbers import SHARE, interval, percent, plain

LEFT = 140.0
RIGHT = 14.0
TOP = 46.0
ROW = 56.0
GAP = 28.0
AXIS = 44.0
LONGEST_LINE = 17
ROOM = 0.09
"""Room on both sides of all places, as a share of their span."""

NARROW = 40.0
"""Pixels between two places below which shares are written without a sign."""

DIGIT = 7.0
"""Width of a digit of an axis in pixels."""


@dataclass(frozen=True)
class Factor:
    """What recipes are followed along.

    Attributes:
        name: What it is called among the levels of arms.
        figure: Name of the figure.
        axis: What the axis is called.
        words: How a number of it is said, as in `{} layers`.
    """

    name: str
    figure: str
    axis: str
    words: str

    def say(self, at: float) -> str:
        """Write a place in words."""
        return self.words.format(plain(at))


@dataclass(frozen=True)
class Point:
    """The share of an arm's runs that learn, NaN where nothing was run."""

    at: float
    share: float
    low: float
    high: float
    num_runs: int


@dataclass(frozen=True)
class Recipe:
    """A recipe at several places, in their order."""

    name: str
    points: tuple[Point, ...]

    @property
    def there(self) -> list[Point]:
        """The places that were run."""
        return [point for point in self.points if point.num_runs]


@dataclass(frozen=True)
class Limits:
    """Recipes along a factor, and what their runs succeed in."""

    factor: Factor
    words: str
    recipes: tuple[Recipe, ...]

    @property
    def places(self) -> list[float]:
        """The places of all recipes, increasing."""
        return sorted({point.at for r in self.recipes for point in r.points})


def collect(source: Source, factor: Factor) -> Limits | None:
    """Return the shares of runs that learn; None for fewer than two places.

    Arms whose other levels agree are one recipe.
    """
    success = success_of(source.claim)
    points: dict[str, dict[float, Point]] = {}
    arms: dict[str, Arm] = {}
    for arm in source.arms:
        at = number_of(arm, factor.name)
        if not at:
            continue
        point = Point(at, np.nan, np.nan, np.nan, 0)
        runs = source.runs(arm)
        if runs is not None and runs.has(f"curve.{success.quantity}"):
            learned = score(runs.table, success)
            rate = wilson(int(learned.sum()), len(learned))
            point = Point(at, rate.estimate, rate.low, rate.high, rate.n)
        name = name_without(arm, factor.name)
        arms.setdefault(name, arm)
        points.setdefault(name, {})[at] = point
    names = names_apart(list(arms.values()), factor.name)
    recipes = tuple(
        Recipe(name, tuple(by[at] for at in sorted(by)))
        for name, by in zip(names, points.values(), strict=True)
        if any(point.num_runs for point in by.values())
    )
    limits = Limits(factor, success.words, recipes)
    return limits if len(limits.places) > 1 else None


def draw(limits: Limits) -> Picture:
    """Draw a row per recipe, with its shares and intervals over a log axis."""
    alternative = describe(limits)
    count = len(limits.recipes)
    total = TOP + count * (ROW + GAP) + AXIS - GAP
    width = WIDTH - LEFT - RIGHT
    with style():
        figure = new_figure(total)
        figure.text(
            8 / WIDTH, 1 - 18 / total, "share of seeds that learn", fontsize=SMALL
        )
        for row, recipe in enumerate(limits.recipes):
            bottom = AXIS + (count - 1 - row) * (ROW + GAP)
            axes = figure.add_axes(
                (LEFT / WIDTH, bottom / total, width / WIDTH, ROW / total)
            )
            _set_axes(
                axes, limits.places, limits.factor.axis if row == count - 1 else ""
            )
            _draw_recipe(axes, recipe, limits.places)
            lines = wrap(recipe.name, LONGEST_LINE)
            top = bottom + ROW / 2 + LINE * (len(lines) - 1) / 2
            for index, line in enumerate(lines):
                figure.text(
                    8 / WIDTH,
                    (top - LINE * index) / total,
                    line,
                    fontsize=SMALL,
                    fontweight="bold",
                    va="center",
                )
        svg = to_svg(figure, name=limits.factor.figure, alternative=alternative)
    told = title(limits)
    return Picture(limits.factor.figure, svg, caption(limits), alternative, title=told)


def title(limits: Limits) -> str:
    """Say how many recipes most runs of which learn at the farthest place."""
    last = limits.places[-1]
    ends = [p for recipe in limits.recipes for p in recipe.there if p.at == last]
    good = sum(point.share > 0.5 for point in ends)
    where = limits.factor.say(last)
    return f"At {where} {good} of {len(ends)} recipes let most networks learn"


def _pixels(places: list[float]) -> np.ndarray:
    """Return where places stand on the axis, in pixels from the first `[N]`."""
    logs = np.log(places)
    span = (logs[-1] - logs[0]) * (1 + 2 * ROOM)
    return (WIDTH - LEFT - RIGHT) * (logs - logs[0]) / span


def tick_words(places: list[float]) -> list[str]:
    """Return the numbers of places, nothing where one would cover another."""
    words: list[str] = []
    end = -np.inf
    for at, x in zip(places, _pixels(places), strict=True):
        half = DIGIT * len(plain(at)) / 2
        words.append(plain(at) if x - half >= end else "")
        end = x + half + DIGIT if words[-1] else end
    return words


def _set_axes(axes: Axes, places: list[float], words: str) -> None:
    room = (places[-1] / places[0]) ** ROOM
    axes.set_xscale("log")
    axes.set_xlim(places[0] / room, places[-1] * room)
    axes.set_xticks(places, tick_words(places))
    axes.minorticks_off()
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0", "", "100 %"])
    axes.tick_params(labelsize=SMALL, labelbottom=bool(words))
    axes.grid(visible=True, axis="y")
    axes.set_xlabel(words, fontsize=SMALL)


def _draw_recipe(axes: Axes, recipe: Recipe, places: list[float]) -> None:
    there = recipe.there
    x = [point.at for point in there]
    low, high = [p.low for p in there], [p.high for p in there]
    axes.fill([*x, *x[::-1]], [*low, *high[::-1]], color=BLUE, alpha=0.16, lw=0)
    axes.plot(x, [point.share for point in there], color=BLUE, linewidth=2.2)
    axes.vlines(x, low, high, color=BLUE, linewidth=1.6)
    axes.plot(
        x,
        [point.share for point in there],
        marker="o",
        color=BLUE,
        markersize=8,
        linestyle="none",
        clip_on=False,
    )
    for point in recipe.points:
        is_run = bool(point.num_runs)
        words = _short(point.share, places) if is_run else "not run"
        axes.annotate(
            words,
            (point.at, point.high if is_run else 0.0),
            xytext=(0, 7),
            textcoords="offset pixels",
            ha="center",
            va="bottom",
            fontsize=SMALL if is_run else SMALL,
            fontweight="bold" if is_run else "normal",
            color=INK if is_run else MUTED,
            bbox={"facecolor": PAPER, "alpha": 0.7, "linewidth": 0, "pad": 0.5},
            annotation_clip=False,
        )


def _short(share: float, places: list[float]) -> str:
    """Write a share, without its sign where the next place is near."""
    words = whole_percent(share)
    near = np.diff(_pixels(places)).min() < NARROW
    return words.removesuffix(" %") if near else words


def caption(limits: Limits) -> str:
    """Say what is counted, and what is missing."""
    runs = [point.num_runs for recipe in limits.recipes for point in recipe.there]
    text = (
        f"Share of seeds that {limits.words}, with 95 % Wilson intervals;"
        f" {count_words(runs)} seeds per point."
    )
    missing = _missing(limits)
    return f"{text} Not run: {missing}." if missing else text


def _missing(limits: Limits) -> str:
    return "; ".join(
        f"{recipe.name}, {limits.factor.say(point.at)}"
        for recipe in limits.recipes
        for point in recipe.points
        if not point.num_runs
    )


def describe(limits: Limits) -> str:
    """Say every share in words."""
    parts = []
    for recipe in limits.recipes:
        shares = ", ".join(
            f"{limits.factor.say(p.at)} {percent(p.share)}"
            f" ({interval(p.low, p.high, SHARE)})"
            for p in recipe.there
        )
        parts.append(f"{recipe.name}: {shares}")
    text = (
        f"Share of seeds that {limits.words} by {limits.factor.axis}."
        f" {'; '.join(parts)}."
    )
    missing = _missing(limits)
    return f"{text} Not run: {missing}." if missing else text
