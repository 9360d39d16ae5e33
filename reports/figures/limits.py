"""Draw up to what depth, or what learning rate, recipes learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ablations.evidence.scores import score
from ablations.protocol.arm import Arm
from reports.drawing.cells import Box, add_canvas, draw_cell, whole_percent
from reports.drawing.labels import LINE, wrap
from reports.drawing.palette import BLUE
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words, success_of
from reports.figures.source import Source, name_without, names_apart, number_of
from reports.numbers import plain

LEFT = 140.0
RIGHT = 6.0
TOP = 30.0
ROW = 50.0
AXIS = 48.0
LONGEST_LINE = 17


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
class Recipe:
    """The share of a recipe's runs that learn, and their number, by place."""

    name: str
    shares: dict[float, float | None]
    num_runs: dict[float, int]


@dataclass(frozen=True)
class Limits:
    """Recipes along a factor, and what their runs succeed in."""

    factor: Factor
    words: str
    recipes: tuple[Recipe, ...]

    @property
    def places(self) -> list[float]:
        """The places of all recipes, increasing."""
        return sorted({at for recipe in self.recipes for at in recipe.shares})


def collect(source: Source, factor: Factor) -> Limits | None:
    """Return the shares of runs that learn; None for fewer than two places.

    Arms whose other levels agree are one recipe.
    """
    success = success_of(source.claim)
    found: dict[str, dict[float, np.ndarray | None]] = {}
    arms: dict[str, Arm] = {}
    for arm in source.arms:
        at = number_of(arm, factor.name)
        if not at:
            continue
        runs = source.runs(arm)
        is_there = runs is not None and runs.has(f"curve.{success.quantity}")
        learned = score(runs.table, success) if runs and is_there else None
        name = name_without(arm, factor.name)
        arms.setdefault(name, arm)
        found.setdefault(name, {})[at] = learned
    names = names_apart(list(arms.values()), factor.name)
    recipes = tuple(
        Recipe(
            name,
            {at: None if s is None else float(s.mean()) for at, s in by.items()},
            {at: 0 if s is None else len(s) for at, s in by.items()},
        )
        for name, by in zip(names, found.values(), strict=True)
        if any(learned is not None for learned in by.values())
    )
    limits = Limits(factor, success.words, recipes)
    return limits if len(limits.places) > 1 else None


def draw(limits: Limits) -> Picture:
    """Draw a row per recipe with a cell per place."""
    alternative = describe(limits)
    total = TOP + ROW * len(limits.recipes) + AXIS
    step = (WIDTH - LEFT - RIGHT) / len(limits.places)
    with style():
        figure = new_figure(total)
        axes = add_canvas(figure, total)
        axes.text(WIDTH - RIGHT, 18, "runs that learn, %", ha="right", fontsize=SMALL)
        for row, recipe in enumerate(limits.recipes):
            lines = wrap(recipe.name, LONGEST_LINE, 3)
            y = TOP + (row + 0.5) * ROW - LINE / 2 * (len(lines) - 1)
            for index, line in enumerate(lines):
                where = (8.0, y + LINE * index)
                axes.text(*where, line, fontsize=SMALL, va="center")
            for column, at in enumerate(limits.places):
                box = Box(LEFT + column * step, TOP + row * ROW, step, ROW)
                if at in recipe.shares:
                    draw_cell(axes, box, recipe.shares[at], BLUE)
        bottom = TOP + ROW * len(limits.recipes)
        for column, at in enumerate(limits.places):
            where = (LEFT + (column + 0.5) * step, bottom + 16)
            axes.text(*where, plain(at), ha="center", fontsize=SMALL)
        where = ((LEFT + WIDTH - RIGHT) / 2, bottom + 38)
        axes.text(*where, limits.factor.axis, ha="center", fontsize=SMALL)
        svg = to_svg(figure, name=limits.factor.figure, alternative=alternative)
    told = title(limits)
    return Picture(limits.factor.figure, svg, caption(limits), alternative, title=told)


def title(limits: Limits) -> str:
    """Say how many recipes most runs of which learn at the farthest shared place."""
    most = max(sum(at in r.shares for r in limits.recipes) for at in limits.places)
    last = [
        at
        for at in limits.places
        if sum(at in r.shares for r in limits.recipes) == most
    ][-1]
    shares = [
        share for r in limits.recipes if (share := r.shares.get(last)) is not None
    ]
    good = sum(share > 0.5 for share in shares)
    where = limits.factor.say(last)
    return f"At {where}, most networks learn by {good} of {len(shares)} recipes"


def caption(limits: Limits) -> str:
    """Say what is counted, and what is missing."""
    runs = [n for recipe in limits.recipes for n in recipe.num_runs.values() if n]
    text = f"Share of seeds that {limits.words}; {count_words(runs)} seeds per cell."
    missing = _missing(limits)
    return f"{text} Not run: {missing}." if missing else text


def _missing(limits: Limits) -> str:
    return "; ".join(
        f"{recipe.name}, {limits.factor.say(at)}"
        for recipe in limits.recipes
        for at, share in recipe.shares.items()
        if share is None
    )


def describe(limits: Limits) -> str:
    """Say every share in words."""
    parts = []
    for recipe in limits.recipes:
        shares = ", ".join(
            f"{limits.factor.say(at)} {whole_percent(share)}"
            for at, share in sorted(recipe.shares.items())
            if share is not None
        )
        parts.append(f"{recipe.name}: {shares}")
    text = (
        f"Share of seeds that {limits.words} by {limits.factor.axis}."
        f" {'; '.join(parts)}."
    )
    missing = _missing(limits)
    return f"{text} Not run: {missing}." if missing else text
