"""Show walks down landscapes: where each came by, and what became of it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import numpy as np

from reports.drawing.contours import level_lines
from reports.explorers.declared import ChoicesConfig, Options, address_of
from reports.explorers.landscapes import FRAME, LANDSCAPES, UPDATES, Walk, walk
from reports.explorers.marks import LINE, TOP, WIDTH, path, svg, text
from reports.explorers.states import write_lines

PIXELS = WIDTH / (2.0 * FRAME[0])
"""Of one unit of weight."""

FIELD_POINTS, TOLERANCE, WALL = 121, 0.001, 1e9
DOT = "walk-dot"
NEVER = f"not in {UPDATES}"
COUNTED = "Updates until it has arrived for good"
HEAD = ("Landscape", "Learning rate", "Optimizer", "Updates", "Last place")
LEGEND = (
    "dots: one per update; ring: start; cross: lowest point",
    "thin lines: the other optimizers at this rate",
)


class PathsConfig(ChoicesConfig):
    """Declare walks of optimizers: landscape, rate and optimizer are chosen.

    Args:
        says: Sentences by landscape and by what became of a walk there, as
            `reports.explorers.landscapes` names it; `short` is said of all others.
        rules: Names of the printed rules, by what optimizers are called.
    """

    says: dict[str, str]
    rules: dict[str, str]

    def walk(self, options: Options) -> Walk:
        """Return the walk of a state."""
        landscape, rate, optimizer = (option.words for option in options)
        return walk(landscape, self.rules[optimizer], float(rate))


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
        landscape, rate, optimizer = (option.words for option in options)
        found = self.walks[address_of(options)]
        says = self.config.says
        told = says.get(f"{landscape} {found.case}", says.get(f"{landscape} short", ""))
        told = told.format(rate=rate, optimizer=optimizer, updates=found.updates)
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
        """Write all walks, one per line: where each came by, x and y in turn."""
        records = (
            {"address": at, "updates": w.updates, "path": w.places.ravel().tolist()}
            for at, w in self.walks.items()
        )
        return write_lines(records, digest, separators=(",", ":"))

    def draw(self, first: Options) -> str:
        """Draw every walk over the contours of its landscape."""
        bottom = TOP + 2.0 * FRAME[1] * PIXELS
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
            for n, words in enumerate(LEGEND)
        ]
        return svg(bottom + 16 + LINE * len(LEGEND), drawn, "chart")

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
