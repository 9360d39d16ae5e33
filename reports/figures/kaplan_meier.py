"""Draw the share of runs that have reached a target, over the updates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from ablations.protocol.kinds import TimeToTarget
from ablations.stats.survival import SurvivalCurve, kaplan_meier, restricted_times
from reports.drawing.dots import STEPS
from reports.drawing.labels import wrap
from reports.drawing.palette import BLUE, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source, names_apart, said
from reports.numbers import percent, plain

NAME = "kaplan_meier"
KIND = "time_to_target"
HEIGHT = 250.0
LEFT, RIGHT, TOP, BOTTOM = 54.0, 14.0, 56.0, 48.0
LOG_FROM = 20.0
"""How much longer than the median time the budget is where the axis is logarithmic."""

MOST_STEPS = 120
"""Of a stair; more are closer than a pixel, and every number of each is published."""

CONFIDENCE = 0.95
STYLES = ((BLUE, "-"), (MUTED, (0, (5, 2))))
"""Color and dashes of treatment and control."""


@dataclass(frozen=True)
class Times:
    """The times of an arm.

    Attributes:
        arm: What sets the arm apart.
        updates: When runs got there.
        runs: How many did at each.
        num_missed: Runs that never get there, or diverge.
        curve: Share of runs that are not there yet, with pointwise 95 % limits.
    """

    arm: str
    updates: np.ndarray
    runs: np.ndarray
    num_missed: int
    curve: SurvivalCurve

    @property
    def times(self) -> np.ndarray:
        """Updates `[S]`, infinite for runs that never get there or diverge."""
        return _times(self.updates, self.runs, self.num_missed)

    def mean(self, budget: int) -> float:
        """Return the mean number of updates, at most the budget for every run."""
        return float(restricted_times(self.times, budget).mean())


@dataclass(frozen=True)
class Survival:
    """The two arms of a prediction on times.

    Attributes:
        label: The prediction's label.
        words: What reaching the target is called.
        budget: Updates after which every run is censored.
        arms: Treatment and control.
    """

    label: str
    words: str
    budget: int
    arms: tuple[Times, Times]

    @property
    def ratio(self) -> float:
        """Mean updates of the treatment over those of the control."""
        treatment, control = (arm.mean(self.budget) for arm in self.arms)
        return treatment / control


def read(source: Source) -> Survival | None:
    """Return the times that the verdict has kept of its first prediction on them."""
    for outcome in source.judged:
        prediction = source.prediction(outcome)
        is_of_times = outcome.kind == KIND and outcome.estimate is not None
        if not is_of_times or not isinstance(prediction, TimeToTarget):
            continue
        names = names_apart((prediction.treatment, prediction.control))
        details = outcome.details
        treatment, control = (
            times_of(name, details[f"{side}_times"])
            for name, side in zip(names, ("treatment", "control"), strict=True)
        )
        words = prediction.score.words
        both = (treatment, control)
        return Survival(outcome.label, words, details["budget"], both)
    return None


def times_of(arm: str, counted: dict[str, Any]) -> Times:
    """Return the times of an arm from how many runs got there at each update."""
    updates, runs = np.array(counted["updates"]), np.array(counted["runs"], np.int64)
    times = _times(updates, runs, counted["missed"])
    curve = kaplan_meier(times, confidence=CONFIDENCE)
    return Times(arm, updates, runs, counted["missed"], curve)


def _times(updates: np.ndarray, runs: np.ndarray, num_missed: int) -> np.ndarray:
    reached = np.repeat(updates.astype(np.float64), runs)
    return np.concatenate([reached, np.full(num_missed, np.inf)])


def stairs(
    curve: SurvivalCurve, budget: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return where the steps are and the three heights from there on `[K + 2]`.

    All runs are under way at 0, without an interval; the last height is repeated at
    the budget, where the runs that are left are censored.
    """
    inside = np.flatnonzero(curve.times <= budget)
    # Counted from the last, whose height is the one that is repeated.
    inside = inside[::-1][:: math.ceil(len(inside) / MOST_STEPS) or 1][::-1]
    times = np.concatenate([[0.0], curve.times[inside], [budget]])

    def heights(values: np.ndarray) -> np.ndarray:
        all_values = np.concatenate([[1.0], values[inside]])
        return np.append(all_values, all_values[-1])

    return times, heights(curve.survival), heights(curve.low), heights(curve.high)


def has_log_axis(survival: Survival) -> bool:
    """Return whether runs get there so early that equal steps would hide when."""
    reached = np.concatenate([arm.times for arm in survival.arms])
    reached = reached[np.isfinite(reached)]
    longest = LOG_FROM * max(np.median(reached), 1.0) if len(reached) else np.inf
    return bool(survival.budget > longest)


def draw(survival: Survival) -> Picture:
    """Draw two rising stairs."""
    alternative = describe(survival)
    with style():
        figure = new_figure(HEIGHT)
        size = ((WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - TOP - BOTTOM) / HEIGHT)
        axes = figure.add_axes((LEFT / WIDTH, BOTTOM / HEIGHT, *size))
        _draw_curves(axes, survival)
        for row, (arm, (color, dashes)) in enumerate(
            zip(survival.arms, STYLES, strict=True)
        ):
            y = HEIGHT - 18 - 20 * row
            key = figure.add_axes((8 / WIDTH, (y + 1) / HEIGHT, 28 / WIDTH, 8 / HEIGHT))
            key.set_axis_off()
            key.plot([0, 1], [0, 0], color=color, linestyle=dashes, linewidth=2.4)
            words = f"{wrap(arm.arm, 28)[0]}: {plain(round(arm.mean(survival.budget)))}"
            told = f"{words} updates on average"
            weight = "bold" if row == 0 else "normal"
            figure.text(
                44 / WIDTH, y / HEIGHT, told, fontsize=SMALL, color=color, weight=weight
            )
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(survival), alternative, title=title(survival))


def _draw_curves(axes: Axes, survival: Survival) -> None:
    is_log = has_log_axis(survival)
    first = min(map(_first, survival.arms)) / 2 if is_log else 0.0
    for arm, (color, dashes) in zip(survival.arms, STYLES, strict=True):
        times, share, low, high = stairs(arm.curve, survival.budget)
        times = np.maximum(times, first)
        axes.fill_between(
            times, 1 - high, 1 - low, step="post", color=color, alpha=0.16, linewidth=0
        )
        axes.step(
            times, 1 - share, where="post", color=color, linestyle=dashes, linewidth=2.4
        )
    axes.set_ylim(0, 1.02)
    if is_log:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(first, survival.budget * 1.06)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=STEPS))
        axes.set_xlim(0, survival.budget * 1.02)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f} %"))
    axes.set_yticks([0, 0.5, 1])
    axes.grid(visible=True, axis="y")
    axes.set_xlabel("updates", fontsize=SMALL)


def _first(arm: Times) -> float:
    """Return the first time above 0."""
    reached = arm.times[np.isfinite(arm.times) & (arm.times > 0)]
    return float(reached.min(initial=10.0))


def title(survival: Survival) -> str:
    """Say how long the treatment took, in percent of the control's time."""
    treatment, control = (said(arm.arm) for arm in survival.arms)
    share = f"{100 * survival.ratio:.0f} %"
    told = f"{treatment} took {share} of the updates that {control} took"
    return told[:1].upper() + told[1:]


def caption(survival: Survival) -> str:
    """Say what is counted."""
    missed = " Runs that do not get there count with all updates that they had."
    is_missed = any(arm.num_missed for arm in survival.arms)
    return (
        f"Share of runs that {survival.words}, by Kaplan and Meier with pointwise 95 %"
        f" bands: {survival.label}.{missed if is_missed else ''}"
    )


def describe(survival: Survival) -> str:
    """Say the curves in words."""
    arms = []
    for arm in survival.arms:
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
            f" {survival.budget:,}"
        )
    return f"Share of runs that {survival.words} by updates. {'; '.join(arms)}."
