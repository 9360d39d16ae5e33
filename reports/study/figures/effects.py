"""Draw what every change does: each fold as a dot, the interval and the margin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from ablations.study.findings.result import VERDICTS
from ablations.study.settings.score import Score
from ablations.terminal import count
from reports.drawing.dots import Ends, draw_interval
from reports.drawing.palette import BLUE, GRID, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.study.figures.looks import (
    LINE,
    LOOKS,
    axis_lines,
    difference_axis,
    lines_of,
    marks_sentence,
    place,
    room,
    set_differences,
    write_lines,
)
from reports.study.readings.folds import fold_differences
from reports.study.readings.numbers import difference_text, range_text, size_text

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "effects"
KINDS = ("arm", "main")
MOST_ROWS = 40
LONGEST_LINE = 32
"""Characters of a label beside its verdict."""

MARGIN = 24.0
INNER = WIDTH - 2 * MARGIN
STRIP = 40.0
DOTS = 24.0
AXIS = 48.0
FENCE = 3.0
"""Interquartile ranges beyond the quartiles of all dots that the axis follows."""

DOT_SIZE = 5.0
RISE = 2.5
"""Pixels that a dot stands above or below the one before it."""


@dataclass(frozen=True)
class Effect:
    """One difference with its folds.

    Attributes:
        label: What is compared.
        verdict: One of `ablations.study.findings.result.VERDICTS`.
        difference: Mean difference, in the unit of the score.
        low: Lower end of the interval.
        high: Upper end.
        folds: Difference in every fold `[J]`, the mean over its seeds.
    """

    label: str
    verdict: str
    difference: float
    low: float
    high: float
    folds: np.ndarray


@dataclass(frozen=True)
class Effects:
    """All differences, and what they are measured in."""

    score: Score
    reference: str
    rows: tuple[Effect, ...]
    num_effects: int


def read(result: StudyResult) -> Effects | None:
    """Return the differences between nets, in the order of the study."""
    frame = result.effects
    found = frame[frame["kind"].isin(KINDS)]
    rows = tuple(
        Effect(
            str(row["comparison"]),
            str(row["verdict"]),
            float(row["difference"]),
            _end(row["low"], -math.inf),
            _end(row["high"], math.inf),
            fold_differences(result, row),
        )
        for row in found.head(MOST_ROWS).to_dict("records")
        if math.isfinite(row["difference"])
    )
    if not rows:
        return None
    return Effects(result.score, result.reference, rows, len(found))


def _end(value: Any, missing: float) -> float:
    return missing if value is None or math.isnan(value) else float(value)


def ends_of(effects: Effects) -> Ends:
    """Return the ends of the common axis; far dots are left outside."""
    margin = effects.score.margin
    numbers = [-margin, margin]
    for row in effects.rows:
        numbers += [n for n in (row.low, row.difference, row.high) if math.isfinite(n)]
    dots = np.concatenate([row.folds for row in effects.rows])
    if len(dots):
        low, quarter, three_quarters, high = np.quantile(dots, (0, 0.25, 0.75, 1))
        reach = FENCE * (three_quarters - quarter)
        numbers += [max(low, quarter - reach), min(high, three_quarters + reach)]
    return room([float(number) for number in numbers], 0.05)


def draw(effects: Effects) -> Picture:
    """Draw one strip per difference on a common axis."""
    alternative = describe(effects)
    labels = [lines_of(row.label, LONGEST_LINE) for row in effects.rows]
    heights = [LINE * len(lines) + STRIP for lines in labels]
    inner = sum(heights)
    axis = axis_lines(difference_axis(effects.score))
    total = inner + AXIS + LINE * (len(axis) - 1)
    ends = ends_of(effects)
    # Dots are lines without length, which simplified paths would lose.
    with style(), mpl.rc_context({"path.simplify": False}):
        figure = new_figure(total)
        axes = place(figure, total, MARGIN, 0, INNER, inner)
        _frame(axes, effects.score, ends, inner)
        axes.set_xlabel("\n".join(axis), fontsize=SMALL)
        top = 0.0
        for row, lines, height in zip(effects.rows, labels, heights, strict=True):
            write_lines(figure, total, MARGIN, top, lines)
            axes.text(
                ends[1],
                top + LINE * len(lines) - 4,
                VERDICTS[row.verdict],
                ha="right",
                fontsize=SMALL,
                fontweight="bold",
                color=LOOKS[row.verdict][1],
            )
            _draw_row(axes, row, top + LINE * len(lines), ends, effects.score)
            top += height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(effects), alternative, title=message(effects))


def _frame(axes: Axes, score: Score, ends: Ends, height: float) -> None:
    set_differences(axes, score, ends)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvspan(-score.margin, score.margin, color=MUTED, alpha=0.14, linewidth=0)
    axes.axvline(0.0, color=MUTED, linewidth=1)


def _draw_row(axes: Axes, row: Effect, top: float, ends: Ends, score: Score) -> None:
    axes.plot(ends, [top + STRIP - 2] * 2, color=GRID, linewidth=0.8)
    inside = np.clip(row.folds, *ends)
    heights = top + DOTS / 2 + rises(len(inside))
    kept = inside == row.folds
    axes.plot(
        np.repeat(inside[kept], 3),
        np.stack(
            [heights[kept], heights[kept], np.full(int(kept.sum()), np.nan)], axis=1
        ).ravel(),
        color=BLUE,
        linewidth=DOT_SIZE,
        alpha=0.6,
        solid_capstyle="round",
    )
    for mask, marker in ((row.folds < ends[0], "<"), (row.folds > ends[1], ">")):
        axes.plot(
            inside[mask],
            heights[mask],
            color=BLUE,
            marker=marker,
            markersize=5,
            linestyle="none",
            clip_on=False,
        )
    numbers = (row.low, row.difference, row.high)
    look, words = LOOKS[row.verdict], _words(row, score)
    draw_interval(axes, look, numbers, top + DOTS + 5, ends, words=words)


def rises(count: int) -> np.ndarray:
    """Return how far each dot stands above the middle, in turn on three lines `[J]`."""
    return (np.arange(count) % 3 - 1) * 2 * RISE


def message(effects: Effects) -> str:
    """Say how many of the changes that are shown make a real difference."""
    real = sum(row.verdict in ("better", "worse") for row in effects.rows)
    makes = "makes" if 1 in (real, len(effects.rows)) else "make"
    return f"{real} of {count(len(effects.rows), 'change')} {makes} a real difference"


def caption(effects: Effects) -> str:
    """Say how to read dots, intervals and band."""
    outside = sum(
        int(((row.folds < low) | (row.folds > high)).sum())
        for low, high in [ends_of(effects)]
        for row in effects.rows
    )
    margin = size_text(effects.score, effects.score.margin)
    sentences = [
        "One small dot per fold, its runs averaged; below them the mean with its 95 %"
        " interval.",
        marks_sentence(row.verdict for row in effects.rows),
    ]
    if effects.score.margin:
        sentences.append(
            f"The gray band is the margin: differences of less than {margin} do not"
            " matter here."
        )
    if outside:
        sentences.append(f"Arrows at the ends, {outside:,}, are folds beyond the axis.")
    if effects.num_effects > len(effects.rows):
        sentences.append(
            f"Shown are the first {len(effects.rows)} of {effects.num_effects};"
            " effects.csv has them all."
        )
    return " ".join(sentences)


def describe(effects: Effects) -> str:
    """Say every difference in words."""
    rows = [
        f"{_words(row, effects.score)}, {int((row.folds > 0).sum())} of"
        f" {len(row.folds)} folds above zero"
        for row in effects.rows
    ]
    return f"Differences between nets, fold by fold. {'; '.join(rows)}."


def _words(row: Effect, score: Score) -> str:
    interval = range_text(score, row.low, row.high, signed=True)
    return (
        f"{row.label}: {difference_text(score, row.difference)} ({interval}),"
        f" {VERDICTS[row.verdict]}"
    )
