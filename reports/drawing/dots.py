"""Read outcomes as dots with intervals, and give figures of them one look."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ablations.judging.outcome import Outcome
from reports.drawing.palette import GREEN, MUTED, PURPLE, VERMILLION
from reports.drawing.picture import tip
from reports.numbers import (
    DIFFERENCE,
    RATIO,
    SHARE,
    coverage,
    in_unit,
    interval,
    limits,
    plain,
)

MARKS = {
    "holds": ("o", GREEN, GREEN),
    "fails": ("X", VERMILLION, VERMILLION),
    "undecided": ("s", PURPLE, "none"),
    "shown": ("o", MUTED, "none"),
}
"""Marker, color and filling of every outcome; `shown` is not judged."""

WORDS = {
    "holds": "a disc holds",
    "fails": "a cross fails",
    "undecided": "a hollow square is undecided",
    "shown": "a hollow circle is shown and not judged",
}

Ends = tuple[float, float]
ROOM = 0.08
STEPS = (1, 2, 2.5, 5, 10)
"""Distances between ticks, so that round numbers and no effect have one."""


@dataclass(frozen=True)
class Dot:
    """A condition's numbers.

    Attributes:
        label: What it is called.
        outcome: A key of `MARKS`.
        estimate: The number.
        low: Lower end of the interval, minus infinity where it is unbounded.
        high: Upper end.
        bound: What separates holding from failing, None for none.
        direction: `at_least`, `at_most` or, for both sides of zero, `within`.
        unit: What the numbers count.
        confidence: Coverage of the interval, None where there is no interval.
    """

    label: str
    outcome: str
    estimate: float
    low: float
    high: float
    bound: float | None
    direction: str
    unit: str
    confidence: float | None = 0.95

    @property
    def bounds(self) -> tuple[float, ...]:
        """The numbers that separate holding from failing: none, one or two."""
        if self.bound is None:
            return ()
        if self.direction == "within":
            return (-self.bound, self.bound)
        return (self.bound,)

    @property
    def color(self) -> str:
        """The color of its outcome."""
        return MARKS[self.outcome][1]

    @property
    def value(self) -> str:
        """The estimate in its unit."""
        return in_unit(self.estimate, self.unit)

    def holding_span(self, ends: Ends) -> Ends | None:
        """Return from where to where on an axis the prediction holds."""
        if self.bound is None:
            return None
        if self.direction == "within":
            return (-self.bound, self.bound)
        return (
            (ends[0], self.bound)
            if self.direction == "at_most"
            else (self.bound, ends[1])
        )

    def describe(self) -> str:
        """Say the numbers in words."""
        low, high = (
            end if math.isfinite(end) else None for end in (self.low, self.high)
        )
        shown = ""
        if self.confidence is not None:
            percent = (
                ""
                if coverage(self.confidence) == "95 %"
                else f", {coverage(self.confidence)} interval"
            )
            shown = f" ({interval(low, high, self.unit)}{percent})"
        bound = (
            ""
            if self.bound is None
            else f", bound {limits(self.bound, self.direction, self.unit, sign=False)}"
        )
        return f"{self.label}: {self.value}{shown}{bound}, {self.outcome}"


def read_dot(found: Outcome) -> Dot | None:
    """Return an outcome as a dot, None where it has no estimate."""
    if found.kind == "exact" or found.estimate is None:
        return None
    is_judged = found.role != "shown"
    outcome = found.outcome if is_judged else "shown"
    return Dot(
        found.label,
        outcome if outcome in MARKS else "undecided",
        found.estimate,
        -math.inf if found.low is None else found.low,
        math.inf if found.high is None else found.high,
        found.bound if is_judged else None,
        found.direction or "at_least",
        found.unit,
        found.confidence or 0.95,
    )


def zero_of(unit: str) -> float:
    """Return the number of a unit that stands for no effect."""
    return 1.0 if unit == RATIO else 0.0


def numbers_of(dots: Iterable[Dot]) -> list[float]:
    """Return every finite number that an axis must hold."""
    numbers = []
    for dot in dots:
        numbers += [dot.estimate, dot.low, dot.high, *dot.bounds]
    return [value for value in numbers if math.isfinite(value)]


def axis_ends(unit: str, numbers: Sequence[float]) -> Ends:
    """Return the ends of an axis that holds these numbers and that of no effect.

    Shares run from 0 to 1 unless all are small or all large. Ratios have an axis of
    factors: what is not positive has no place on it.
    """
    if unit == RATIO:
        logs = [math.log(value) for value in (1.0, *numbers) if value > 0]
        room = ROOM * ((max(logs) - min(logs)) or 1.0)
        return math.exp(min(logs) - room), math.exp(max(logs) + room)
    values = [0.0, *numbers]
    low, high = min(values), max(values)
    if unit == SHARE:
        shown = [value for value in numbers if value]
        if min(shown, default=0.0) > 0.8:
            return 1.0 - 1.25 * (1.0 - min(shown)), 1.0
        return (0.0, 1.0) if high > 0.3 else (0.0, max(1.25 * high, 0.001))
    room = ROOM * ((high - low) or 1.0)
    return low - room, high + room


def set_axis(axes: Axes, which: Literal["x", "y"], unit: str, ends: Ends) -> None:
    """Give an axis its ends, ticks and numbers in a unit."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    if unit == RATIO:
        axes.set(**{f"{which}scale": "log"})
        axes.minorticks_off()
        ticks = ratio_ticks(ends)
        axis.set_ticks(ticks, [plain(tick) for tick in ticks])
    else:
        axis.set_major_locator(MaxNLocator(5, steps=STEPS))
    axes.set(**{f"{which}lim": ends})
    if unit == SHARE:
        width = ends[1] - ends[0]
        decimals = 0 if width > 0.1 else 1 if width > 0.01 else 3
        axis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{100 * value:.{decimals}f} %")
        )
    elif unit == DIFFERENCE:
        axis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{100 * value:+.3g}" if value else "0")
        )
    elif unit != RATIO:
        axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))


def ratio_ticks(ends: Ends) -> list[float]:
    """Return round factors between the ends, at most six."""
    low, high = ends
    if high / low < 4:
        found = MaxNLocator(5, steps=STEPS).tick_values(low, high)
    else:
        exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found = [d * 10.0**e for e in exponents for d in (1, 2, 5)]
        if high / low > 100:
            found = [10.0**e for e in exponents]
    inside = [float(value) for value in found if low <= value <= high and value > 0]
    return inside[:: -(-len(inside) // 6) or 1]


def axis_label(unit: str) -> str:
    """Name the axis of a unit."""
    if unit == DIFFERENCE:
        return "difference in share of runs, percentage points"
    return unit


def draw_mark(axes: Axes, dot: Dot, at: float, ends: Ends, which: str = "x") -> None:
    """Draw the interval along an axis and the mark of the outcome upon it.

    Args:
        axes: Where.
        dot: What.
        at: Place on the other axis.
        ends: Ends of the axis; what lies beyond is drawn at the end.
        which: The axis that the numbers are on.
    """
    numbers = (dot.low, dot.estimate, dot.high)
    look = MARKS[dot.outcome]
    draw_interval(axes, look, numbers, at, ends, which, words=dot.describe())


def draw_interval(
    axes: Axes,
    look: tuple[str, str, str],
    numbers: tuple[float, float, float],
    at: float,
    ends: Ends,
    which: str = "x",
    *,
    words: str = "",
) -> None:
    """Draw an interval along an axis and a mark upon it.

    Args:
        axes: Where.
        look: Marker, color and filling, as in `MARKS`.
        numbers: Lower end, estimate and upper end.
        at: Place on the other axis.
        ends: Ends of the axis; what lies beyond is drawn at the end.
        which: The axis that the numbers are on.
        words: What the mark says when it is pointed at.
    """
    marker, color, face = look
    low, middle, high = np.clip(numbers, *ends)

    def plot(values: list[float], **style: Any) -> None:
        places = [at] * len(values)
        both = (values, places) if which == "x" else (places, values)
        axes.plot(*both, color=color, **style)

    plot([low, high], linewidth=2.6, solid_capstyle="butt")
    plot(
        [middle],
        marker=marker,
        markerfacecolor=face,
        markersize=10,
        markeredgewidth=1.8 if face == "none" else 0,
        clip_on=False,
        linestyle="none",
        gid=tip(words) if words else None,
    )


def intervals_sentence(dots: Sequence[Dot], what: str = "Estimates") -> str:
    """Say with what confidence the intervals cover."""
    levels = sorted({d.confidence for d in dots if d.confidence is not None})
    if not levels:
        return f"{what}."
    shown = list(dict.fromkeys(coverage(level) for level in levels))
    if len(shown) == 1:
        return f"{what} with {shown[0]} intervals."
    least = shown[0].removesuffix(" %")
    return f"{what} with intervals of {least} to {shown[-1]} confidence."


def marks_sentence(dots: Iterable[Dot]) -> str:
    """Say what the marks that are there stand for."""
    outcomes = {dot.outcome for dot in dots}
    marks = ", ".join(text for word, text in WORDS.items() if word in outcomes)
    return f"{marks[:1].upper()}{marks[1:]}."


def cut(name: str, most: int) -> str:
    """Return a name of at most so many characters."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
