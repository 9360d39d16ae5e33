"""Draw the share of runs that have not reached a target, over the updates."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from ablations.protocol.kinds import TimeToTarget
from ablations.stats.survival import SurvivalCurve, kaplan_meier, restricted_times
from reports.drawing.dots import STEPS, Dot, cut, read_dot
from reports.drawing.palette import BLUE, INK, MUTED, VERMILLION
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source
from reports.numbers import percent, plain

NAME = "kaplan_meier"
KIND = "time_to_target"
MOST_PANELS = 4
LINE = 17.0
PLOT = 170.0
AXIS = 46.0
GAP = 16.0
LEFT = 48.0
RIGHT = 18.0
LONGEST_NAME = 38
LONGEST_LINE = 40
LOG_FROM = 20.0
"""How much longer than the median time the budget is where the axis is logarithmic."""

CONFIDENCE = 0.95
STYLES = ((BLUE, "-"), (VERMILLION, (0, (5, 2))))
"""Color and dashes of treatment and control."""


@dataclass(frozen=True)
class Times:
    """The times of an arm.

    Attributes:
        arm: The arm's name.
        times: Updates `[S]`, infinite for runs that never get there or diverge.
        curve: Share of runs that are not there yet, with pointwise 95 % limits.
    """

    arm: str
    times: np.ndarray
    curve: SurvivalCurve

    @property
    def num_missed(self) -> int:
        """Runs that never get there."""
        return int(np.isinf(self.times).sum())


@dataclass(frozen=True)
class Panel:
    """The two arms of a prediction.

    Attributes:
        dot: The prediction's numbers and outcome.
        words: What reaching the target is called.
        budget: Updates after which every run is censored.
        arms: Treatment and control.
    """

    dot: Dot
    words: str
    budget: int
    arms: tuple[Times, Times]


@dataclass(frozen=True)
class Survival:
    """The first predictions of a claim on times, and how many it has."""

    panels: tuple[Panel, ...]
    num_predictions: int


def read(source: Source) -> Survival | None:
    """Return the times that a verdict has kept; they need no runs."""
    found = []
    for outcome in source.judged:
        dot = read_dot(outcome) if outcome.kind == KIND else None
        prediction = source.prediction(outcome)
        if dot is None or not isinstance(prediction, TimeToTarget):
            continue
        names = (prediction.treatment.name, prediction.control.name)
        details = outcome.details
        treatment, control = (
            times_of(name, details[f"{side}_times"])
            for name, side in zip(names, ("treatment", "control"), strict=True)
        )
        words = prediction.score.words
        found.append(Panel(dot, words, details["budget"], (treatment, control)))
    return Survival(tuple(found[:MOST_PANELS]), len(found)) if found else None


def times_of(arm: str, counted: dict[str, Any]) -> Times:
    """Return the times of an arm from how many runs got there at each update."""
    reached = np.repeat(np.array(counted["updates"], np.float64), counted["runs"])
    times = np.concatenate([reached, np.full(counted["missed"], np.inf)])
    return Times(arm, times, kaplan_meier(times, confidence=CONFIDENCE))


def stairs(
    curve: SurvivalCurve, budget: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return where the steps are and the three heights from there on `[K + 2]`.

    All runs are under way at 0, without an interval; the last height is repeated at
    the budget, where the runs that are left are censored.
    """
    inside = curve.times <= budget
    times = np.concatenate([[0.0], curve.times[inside], [budget]])

    def heights(values: np.ndarray) -> np.ndarray:
        all_values = np.concatenate([[1.0], values[inside]])
        return np.append(all_values, all_values[-1])

    return times, heights(curve.survival), heights(curve.low), heights(curve.high)


def has_log_axis(panel: Panel) -> bool:
    """Return whether runs get there so early that equal steps would hide when."""
    reached = np.concatenate([arm.times for arm in panel.arms])
    reached = reached[np.isfinite(reached)]
    return len(reached) > 0 and panel.budget > LOG_FROM * max(np.median(reached), 1.0)


def draw(survival: Survival) -> Picture:
    """Draw two falling stairs per prediction."""
    alternative = describe(survival)
    labels = [
        textwrap.wrap(panel.dot.label, LONGEST_LINE)[:3] or [" "]
        for panel in survival.panels
    ]
    heights = [LINE * (len(lines) + 2) + PLOT + AXIS + GAP + 8 for lines in labels]
    total = sum(heights)
    with style():
        figure = new_figure(total)
        top = total
        for panel, lines, height in zip(survival.panels, labels, heights, strict=True):
            axes = figure.add_axes(
                (
                    LEFT / WIDTH,
                    (top - height + AXIS + GAP / 2) / total,
                    (WIDTH - LEFT - RIGHT) / WIDTH,
                    PLOT / total,
                )
            )
            _write_head(figure, panel, lines, top, total)
            _draw_panel(axes, panel)
            top -= height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(survival), alternative)


def _write_head(
    figure: Figure, panel: Panel, lines: list[str], top: float, total: float
) -> None:
    """Write the label with the number, and the arms in their colors."""
    y = top - GAP / 2 - LINE + 5
    for index, line in enumerate(lines):
        figure.text(12 / WIDTH, y / total, line)
        if index == len(lines) - 1:
            figure.text(
                1 - RIGHT / WIDTH,
                y / total,
                panel.dot.value,
                ha="right",
                color=panel.dot.color,
                fontweight="bold",
            )
        y -= LINE
    for arm, (color, dashes) in zip(panel.arms, STYLES, strict=True):
        name = cut(arm.arm, LONGEST_NAME)
        mean = restricted_times(arm.times, panel.budget).mean()
        figure.text(48 / WIDTH, y / total, name, fontsize=12, color=color)
        figure.text(
            1 - RIGHT / WIDTH,
            y / total,
            f"mean {plain(mean)}",
            fontsize=12,
            color=color,
            ha="right",
        )
        key = figure.add_axes((12 / WIDTH, y / total, 28 / WIDTH, 8 / total))
        key.set_axis_off()
        key.plot([0, 1], [0, 0], color=color, linestyle=dashes, linewidth=2)
        y -= LINE


def _draw_panel(axes: Axes, panel: Panel) -> None:
    is_log = has_log_axis(panel)
    first = min(_first(arm) for arm in panel.arms) / 2 if is_log else 0.0
    for arm, (color, dashes) in zip(panel.arms, STYLES, strict=True):
        times, share, low, high = stairs(arm.curve, panel.budget)
        times = np.maximum(times, first)
        axes.fill_between(
            times, low, high, step="post", color=color, alpha=0.16, linewidth=0
        )
        axes.step(
            times, share, where="post", color=color, linestyle=dashes, linewidth=2
        )
        if arm.num_missed:
            axes.plot(
                [panel.budget],
                [share[-1]],
                marker="+",
                markersize=11,
                markeredgewidth=2,
                color=color,
                linestyle="none",
                clip_on=False,
                zorder=4,
            )
    axes.axvline(panel.budget, color=INK, linewidth=1.2, linestyle=(0, (2, 2)))
    axes.set_ylim(0, 1.02)
    if is_log:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(first, panel.budget * 1.06)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=STEPS))
        axes.set_xlim(0, panel.budget * 1.02)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f} %"))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.grid(visible=True, axis="y")
    axes.tick_params(colors=MUTED, labelcolor=INK)
    axes.set_xlabel("updates", fontsize=SMALL)


def _first(arm: Times) -> float:
    """Return the first time above 0."""
    reached = arm.times[np.isfinite(arm.times) & (arm.times > 0)]
    return float(reached.min(initial=10.0))


def caption(survival: Survival) -> str:
    """Say how to read the curves."""
    words = {panel.words for panel in survival.panels}
    target = f"until they {words.pop()}" if len(words) == 1 else "to the target"
    is_missed = any(arm.num_missed for panel in survival.panels for arm in panel.arms)
    censored = (
        " A cross there stands for the runs that never get there or diverge, which are"
        " censored and count with the whole budget."
        if is_missed
        else ""
    )
    log = " Updates on a log axis." if any(map(has_log_axis, survival.panels)) else ""
    more = (
        f" Shown are {len(survival.panels)} of {survival.num_predictions} predictions."
        if survival.num_predictions > len(survival.panels)
        else ""
    )
    return (
        f"Share of runs that are still on the way {target}, by Kaplan and Meier, with"
        f" pointwise 95 % intervals. The dotted line is the budget.{censored} The"
        " outcome compares mean numbers of updates up to the budget, the areas under"
        f" the curves.{log}{more}"
    )


def describe(survival: Survival) -> str:
    """Say the curves in words."""
    parts = []
    for panel in survival.panels:
        arms = []
        for arm in panel.arms:
            ordered = np.sort(arm.times)
            median = float(ordered[(len(ordered) - 1) // 2])
            half = (
                f"half of them after {plain(median)} updates"
                if np.isfinite(median)
                else "fewer than half of them"
            )
            missed = percent(arm.num_missed / len(arm.times))
            arms.append(
                f"{arm.arm}: {len(arm.times):,} runs, {half}, {missed} never within"
                f" {panel.budget:,}"
            )
        parts.append(f"{panel.dot.describe()}; {'; '.join(arms)}")
    return f"Share of runs without the target by updates. {'. '.join(parts)}."
