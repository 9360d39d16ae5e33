"""Draw what a penalty does to every seed, by its strength."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from ablations.protocol.arm import Arm
from ablations.protocol.score import ScoreConfig
from reports.drawing.palette import BLUE, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words
from reports.figures.source import Source, name_without, number_of
from reports.numbers import LOG, decade, plain

NAME = "penalty_curve"
PENALTY = "penalty"
"""The factor, as arms' levels name it."""

HEIGHT = 250.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 8.0, 30.0, 66.0
REACH = 0.3
GOLDEN = 0.618034
SHARES = ("accuracy", "test_accuracy")


@dataclass(frozen=True)
class Doses:
    """What the seeds measure under every strength of a penalty.

    Attributes:
        words: What is measured.
        is_share: Whether it is a share.
        is_log: Whether numbers are powers of ten.
        is_better_high: Whether more of it is better.
        setting: What the networks are called.
        strengths: Increasing, 0 for no penalty `[P]`.
        values: Of the seeds that have a number, by strength.
    """

    words: str
    is_share: bool
    is_log: bool
    is_better_high: bool
    setting: str
    strengths: tuple[float, ...]
    values: tuple[np.ndarray, ...]

    @property
    def means(self) -> list[float]:
        """The mean under every strength."""
        return [float(values.mean()) for values in self.values]

    @property
    def best(self) -> int:
        """Place of the strength with the best mean."""
        means = self.means if self.is_better_high else [-m for m in self.means]
        return int(np.argmax(means))

    def say(self, value: float) -> str:
        """Write a number."""
        if self.is_log:
            return decade(10.0**value)
        return f"{100 * value:.0f} %" if self.is_share else plain(value)


def read(source: Source) -> Doses | None:
    """Return the arms with penalties that differ in nothing else, the most of them."""
    lines: dict[str, dict[float, Arm]] = {}
    for arm in source.arms:
        strength = number_of(arm, PENALTY)
        if strength is not None:
            line = lines.setdefault(name_without(arm, PENALTY), {})
            line.setdefault(strength, arm)
    if not lines:
        return None
    setting, line = max(lines.items(), key=lambda each: len(each[1]))
    score = _most_read(source, line.values())
    found = {}
    for strength, arm in sorted(line.items()):
        runs = source.runs(arm)
        if runs is not None and runs.has(f"curve.{score.quantity}"):
            values = runs.final(score.quantity)
            found[strength] = values[np.isfinite(values)]
    there = {strength: values for strength, values in found.items() if len(values)}
    if len(there) < 2:
        return None
    return Doses(
        score.words.removeprefix(LOG),
        score.quantity in SHARES,
        score.words.startswith(LOG),
        score.better == "higher",
        setting,
        tuple(there),
        tuple(there.values()),
    )


def _most_read(source: Source, arms: Iterable[Arm]) -> ScoreConfig:
    """Return the score that is read from these arms most often."""
    names = {arm.name for arm in arms}
    reads = (read for each in source.claim.everything for read in each.reads())
    scores = [score for arm, score in reads if arm.name in names]
    return max(scores, key=scores.count)


def draw(doses: Doses) -> Picture:
    """Draw a column of dots per strength with a bar at the mean."""
    alternative = describe(doses)
    with style():
        figure = new_figure(HEIGHT)
        size = ((WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - TOP - BOTTOM) / HEIGHT)
        axes = figure.add_axes((LEFT / WIDTH, BOTTOM / HEIGHT, *size))
        for place, values in enumerate(doses.values):
            _draw_column(axes, place, values, is_best=place == doses.best)
        if not doses.strengths[0]:
            axes.axhline(doses.means[0], color=MUTED, linewidth=1.2, dashes=(4, 3))
        axes.set_xlim(-0.5, len(doses.strengths) - 0.5)
        axes.set_xticks(
            range(len(doses.strengths)),
            [f"{strength:g}" if strength else "none" for strength in doses.strengths],
            rotation=40,
            ha="right",
            rotation_mode="anchor",
        )
        axes.yaxis.set_major_formatter(lambda value, _: doses.say(value))
        axes.locator_params(axis="y", nbins=5, integer=doses.is_log)
        axes.grid(visible=True, axis="y")
        figure.text(8 / WIDTH, 1 - 18 / HEIGHT, doses.words, fontsize=SMALL)
        words = "strength of the penalty"
        figure.text(1 - RIGHT / WIDTH, 6 / HEIGHT, words, fontsize=SMALL, ha="right")
        svg = to_svg(figure, name=NAME, alternative=alternative)
    seeds = count_words(map(len, doses.values))
    caption = (
        f"A dot per seed, {seeds} for every strength, bars at the means; the dashed"
        f" line is the mean without a penalty. Setting: {doses.setting}."
    )
    return Picture(NAME, svg, caption, alternative, title=title(doses))


def _draw_column(axes: Axes, place: int, values: np.ndarray, *, is_best: bool) -> None:
    # Seeds have no order that means anything; a golden step spreads any number.
    aside = REACH * (2 * ((np.arange(len(values)) * GOLDEN) % 1.0) - 1)
    axes.plot(
        place + aside,
        values,
        marker="o",
        markersize=4,
        markeredgewidth=0,
        linestyle="none",
        color=BLUE if is_best else MUTED,
        alpha=0.7 if is_best else 0.4,
    )
    mean = [float(values.mean())] * 2
    axes.plot([place - 0.4, place + 0.4], mean, color=INK, linewidth=2.2)


def title(doses: Doses) -> str:
    """Say which strength is best, and what the strongest does."""
    best, strongest = doses.strengths[doses.best], doses.strengths[-1]
    subject = f"{doses.words[:1].upper()}{doses.words[1:]}"
    word = "highest" if doses.is_better_high else "lowest"
    where = f"a penalty of {best:g}" if best else "no penalty"
    told = f"{subject} is {word} with {where}"
    return told if best == strongest else f"{told}, and suffers at {strongest:g}"


def describe(doses: Doses) -> str:
    """Say every mean in words."""
    told = ", ".join(
        f"{strength:g}: {doses.say(mean)}"
        for strength, mean in zip(doses.strengths, doses.means, strict=True)
    )
    return f"Mean {doses.words} by strength of the penalty, {doses.setting}: {told}."
