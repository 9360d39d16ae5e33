"""Show walks down landscapes: where each came by, and what became of it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import Field

from reports.drawing.contours import level_lines
from reports.explorers.declared import ChoicesConfig, Options, address_of
from reports.explorers.landscapes import (
    DECIMALS,
    FRAME,
    LANDSCAPES,
    UPDATES,
    Walk,
    walk,
)
from reports.explorers.marks import LINE, TOP, WIDTH, path, svg, text
from reports.explorers.states import write_lines

PIXELS = WIDTH / (2.0 * FRAME[0])
"""Of one unit of weight."""

FIELD_POINTS, TOLERANCE, WALL = 121, 0.001, 1e9
DOT = "walk-dot"
NEVER = f"not in {UPDATES}"
COUNTED = "Updates until it has arrived for good"
HEAD = ("Updates", "Last place")
DOTS = "dots: one per update; ring: start; cross: lowest point"


class PathsConfig(ChoicesConfig):
    """Declare walks down landscapes, of which the landscape is chosen first.

    Levels of options are arguments of `reports.explorers.landscapes.walk`. Walks that
    differ in the last control alone are drawn together.

    Args:
        says: Sentences by landscape and by what became of a walk there, as
            `reports.explorers.landscapes` names it; `short` is said of all others.
        others: What the thin lines are.
        usual: Arguments of all walks.
    """

    says: dict[str, str]
    others: str
    usual: dict[str, Any] = Field(default_factory=dict)

    def walk(self, options: Options) -> Walk:
        """Return the walk of a state."""
        levels: dict[str, Any] = dict(self.usual)
        for option in options:
            levels |= option.levels
        return walk(**levels)


class Paths:
    """All walks of an explorer, by the address of their state."""

    def __init__(self, config: PathsConfig) -> None:
        """Take what is declared."""
        self.config = config

    @cached_property
    def walks(self) -> Mapping[str, Walk]:
        """Return every walk by its address."""
        states = self.config.states()
        return {address_of(options): self.config.walk(options) for options in states}

    def sentence(self, options: Options) -> str:
        """Say what became of a walk, in at most 25 words and two numbers."""
        found = self.walks[address_of(options)]
        says, landscape = self.config.says, options[0].words
        told = says.get(f"{landscape} {found.case}", says.get(f"{landscape} short", ""))
        pairs = zip(self.config.controls, options, strict=True)
        words = {control.key: option.words for control, option in pairs}
        told = told.format(**words, updates=found.updates)
        return told[:1].upper() + told[1:]

    def short(self, options: Options) -> str:
        """Write in a word or three after how many updates a walk has arrived."""
        found = self.walks[address_of(options)]
        if found.case == "thrown":
            return "thrown out"
        return NEVER if found.updates is None else f"{found.updates}"

    def row(self, options: Options) -> tuple[str, ...]:
        """Return a walk's row of the table."""
        x, y = self.walks[address_of(options)].places[-1]
        words = (option.words for option in options)
        return (*words, self.short(options), f"{x:g}, {y:g}")

    def to_json(self, digest: str) -> str:
        """Write all walks, one per line: the start and every step, x and y in turn.

        They are whole hundredths, which is as exact as walks are.
        """
        records = (
            {"address": at, "updates": w.updates, "hundredths": _steps(w.places)}
            for at, w in self.walks.items()
        )
        return write_lines(records, digest, separators=(",", ":"))

    def draw(self, first: Options) -> str:
        """Draw every walk over the contours of its landscape."""
        bottom = TOP + 2.0 * FRAME[1] * PIXELS
        legend = (DOTS, f"thin lines: {self.config.others}")
        drawn = [
            f'<marker id="{DOT}" class="dot" markerUnits="userSpaceOnUse"'
            ' markerWidth="6" markerHeight="6" refX="3" refY="3">'
            '<circle cx="3" cy="3" r="2.4"/></marker>'
        ]
        drawn += self._panels(_ground, first)
        drawn += [self._group(options, first) for options in self.config.states()]
        drawn += self._panels(_ends, first)
        drawn += [
            text(0, bottom + 16 + LINE * n, words, "start", "note")
            for n, words in enumerate(legend)
        ]
        return svg(bottom + 16 + LINE * len(legend), drawn, "chart")

    def _panels(
        self, draw: Callable[[str], Iterator[str]], first: Options
    ) -> Iterator[str]:
        """Yield what is drawn of every landscape."""
        for option in self.config.controls[0].options:
            looks = "panel" if option == first[0] else "panel away"
            inside = "".join(draw(option.words))
            yield f'<g class="{looks}" data-panel="{option.address}">{inside}</g>'

    def _group(self, options: Options, first: Options) -> str:
        looks = ["mark"]
        looks += ["here"] if options == first else []
        looks += ["away"] if options[:-1] != first[:-1] else []
        pixels = _pixels(self.walks[address_of(options)].places)
        (x, y), (end_x, end_y) = pixels[0], pixels[-1]
        steps = " ".join(f"{a} {b}" for a, b in np.diff(pixels, axis=0))
        return (
            f'<g class="{" ".join(looks)}" data-at="{address_of(options)}"'
            f' data-panel="{address_of(options[:-1])}">'
            f"{path('walk', f'M{x} {y}l{steps}')}"
            f'<circle cx="{end_x}" cy="{end_y}" r="4.5"/></g>'
        )


def _steps(places: np.ndarray) -> list[int]:
    """Return the start and all steps of a walk `[T, 2]` as hundredths `[2 T]`."""
    hundredths = np.rint(places * 10**DECIMALS).astype(int)
    return np.diff(hundredths, axis=0, prepend=0).ravel().tolist()


def _pixels(places: np.ndarray) -> np.ndarray:
    """Return places `[..., 2]` as whole pixels of the drawing."""
    shifted = (places * [1.0, -1.0] + FRAME) * PIXELS + [0.0, TOP]
    return np.rint(shifted).astype(int)


def _ground(name: str) -> Iterator[str]:
    """Yield what a landscape looks like, and what lies below each level."""
    landscape = LANDSCAPES[name]
    yield text(0, 13, landscape.words[:1].upper() + landscape.words[1:])
    x, y = (np.linspace(-end, end, FIELD_POINTS) for end in FRAME)
    loss = landscape.loss(np.stack(np.meshgrid(x, y), axis=-1))
    # A wall around it closes every contour.
    loss[[0, -1]] = loss[:, [0, -1]] = WALL
    for level in reversed(landscape.levels):
        lines = level_lines((x, y, loss), level, TOLERANCE)
        pixels = (_pixels(line).tolist() for line in lines)
        yield path(
            "below",
            "".join("M" + " ".join(f"{a} {b}" for a, b in line) for line in pixels),
        )


def _ends(name: str) -> Iterator[str]:
    """Yield where walks start, and the lowest point."""
    landscape = LANDSCAPES[name]
    x, y = _pixels(np.array(landscape.start))
    yield f'<circle class="start" cx="{x}" cy="{y}" r="6"/>'
    if landscape.bottom is not None:
        x, y = _pixels(np.array(landscape.bottom))
        yield path("bottom", f"M{x - 5} {y}h10m-5-5v10")
