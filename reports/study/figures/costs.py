"""Draw how many weights every net has, against what it scores."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from ablations.study.settings.digits import exact
from ablations.study.settings.score import Score
from ablations.terminal import count
from reports.drawing.dots import Ends, ratio_ticks
from reports.drawing.palette import BLUE, GREEN, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.study.figures.looks import (
    LINE,
    axis_lines,
    place,
    room,
    score_axis,
    set_numbers,
)
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import score_text

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "costs"
LEFT = 62.0
PANEL = 200.0
ABOVE = 24.0
BELOW = 48.0
MOST_NAMED = 12
MOST_TICKS = 3


@dataclass(frozen=True)
class Cost:
    """What a net costs and scores.

    Attributes:
        arm: The net.
        role: `shown`, `reference` or nothing.
        mean: Mean score.
        low: Lower end of its interval.
        high: Upper end.
        weights: Number of parameters.
    """

    arm: str
    role: str
    mean: float
    low: float
    high: float
    weights: float


@dataclass(frozen=True)
class Costs:
    """All nets."""

    score: Score
    costs: tuple[Cost, ...]


LOOKS = {
    "shown": ("o", GREEN, 9.0),
    "reference": ("s", INK, 7.0),
    "": ("o", BLUE, 5.5),
}
"""Marker, color and size of every role."""


def read(result: StudyResult) -> Costs | None:
    """Return every net that has a score, None where there are fewer than two."""
    roles = {result.reference: "reference", shown_net(result): "shown"}
    costs = tuple(
        Cost(
            str(row["arm"]),
            roles.get(row["arm"], ""),
            float(row["mean"]),
            float(row["low"]),
            float(row["high"]),
            float(row["num_parameters"]),
        )
        for row in result.arms.to_dict("records")
        if math.isfinite(row["mean"]) and row["num_parameters"] > 0
    )
    return Costs(result.score, costs) if len(costs) > 1 else None


def draw(costs: Costs) -> Picture:
    """Draw weights to the right, and scores upward."""
    alternative = describe(costs)
    axis = axis_lines(score_axis(costs.score))
    above = ABOVE + LINE * (len(axis) - 1)
    total = above + PANEL + BELOW
    numbers = [n for c in costs.costs for n in (c.mean, c.low, c.high)]
    ends = room([n for n in numbers if math.isfinite(n)])
    with style():
        figure = new_figure(total)
        axes = place(figure, total, LEFT, above, WIDTH - LEFT - 14, PANEL)
        set_numbers(axes, "y", costs.score, ends)
        _draw_panel(axes, costs)
        axes.set_xlabel("weights", fontsize=SMALL)
        for number, line in enumerate(axis):
            y = 1 - (14 + LINE * number) / total
            figure.text(8 / WIDTH, y, line, fontsize=SMALL)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(costs), alternative, title=message(costs))


def _draw_panel(axes: Axes, costs: Costs) -> None:
    places = [cost.weights for cost in costs.costs]
    low, high = min(places), max(places)
    axes.set_xscale("log")
    axes.set_xlim(low / 1.5, high * 1.5)
    axes.minorticks_off()
    ticks = ticks_between((low / 1.5, high * 1.5))
    axes.set_xticks(ticks, [_tick(tick) for tick in ticks])
    axes.grid(visible=True)
    for cost in sorted(
        costs.costs, key=lambda cost: list(LOOKS)[::-1].index(cost.role)
    ):
        marker, color, size = LOOKS[cost.role]
        at = cost.weights
        axes.plot([at, at], [cost.low, cost.high], color=MUTED, linewidth=1, alpha=0.7)
        axes.plot([at], [cost.mean], marker=marker, color=color, markersize=size)


def ticks_between(ends: Ends) -> list[float]:
    """Return a few round numbers on an axis of factors."""
    ticks = ratio_ticks(ends)
    return ticks[:: -(-len(ticks) // MOST_TICKS) or 1]


def _tick(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    if value >= 1e3:
        return f"{value / 1e3:g}k"
    return exact(value)


def message(costs: Costs) -> str:
    """Say whether larger nets than the one that is shown score better."""
    mine = next((cost for cost in costs.costs if cost.role == "shown"), costs.costs[0])
    larger = [cost for cost in costs.costs if cost.weights > mine.weights]
    if not larger:
        return f"No net has more weights than {mine.arm}"
    sign = 1 if costs.score.higher_is_better else -1
    ahead = sum(sign * cost.mean > sign * mine.mean for cost in larger)
    return f"{ahead} of {count(len(larger), 'larger net')} did better on average"


def caption(costs: Costs) -> str:
    """Say whose the marks are."""
    named = {cost.role: cost.arm for cost in costs.costs}
    parts = [
        f"the {mark} is {named[role]}"
        for role, mark in (("shown", "large green disc"), ("reference", "dark square"))
        if role in named
    ]
    return (
        "Every net by how many weights it has and what it scores, with 95 % intervals; "
        f"{' and '.join(parts)}."
    )


def describe(costs: Costs) -> str:
    """Say every net in words."""
    rows = [
        f"{cost.arm}: {score_text(costs.score, cost.mean)}, {cost.weights:,.0f} weights"
        for cost in costs.costs[:MOST_NAMED]
    ]
    more = len(costs.costs) - len(rows)
    rows += [f"and {more} more"] if more > 0 else []
    return f"Scores and weights of nets. {'; '.join(rows)}."
