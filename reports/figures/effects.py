"""Draw every seed's difference between two arms, or on which seeds they succeed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ablations.evidence.scores import score
from ablations.judging.failures import worst_of
from ablations.judging.outcome import UntestedError
from ablations.protocol.kinds import Comparison, Equivalence
from reports.drawing.dots import (
    Dot,
    Ends,
    axis_ends,
    axis_label,
    cut,
    draw_mark,
    intervals_sentence,
    marks_sentence,
    numbers_of,
    read_dot,
    set_axis,
)
from reports.drawing.palette import BLUE, GRID, INK, MUTED, ORANGE
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source
from reports.numbers import percent

NAME = "effects"
MOST_PANELS = 4
MOST_DOTS = 500
FENCE = 5.0
"""Interquartile ranges beyond the quartiles up to which the axis follows the dots."""

MARGIN = 20.0
INNER = WIDTH - 2 * MARGIN
LINE = 17.0
AXIS = 46.0
GAP = 18.0
SWARM = 92.0
ESTIMATE = 30.0
BAR = 22.0
LONGEST_LINE = 40
LONGEST_AXIS = 62
LONGEST_NAME = 43
LONGEST_BESIDE_MANY = 36
"""Characters of an arm's name beside counts of three digits and more."""


@dataclass(frozen=True)
class Scores:
    """The paired differences of a comparison.

    Attributes:
        dot: Its mean with the interval, the bound and the outcome.
        arms: Names of treatment and control.
        differences: Treatment - control `[S]`, in the order of seeds.
        lost: Whether one of the two runs failed and counts with the worst score `[S]`.
    """

    dot: Dot
    arms: tuple[str, str]
    differences: np.ndarray
    lost: np.ndarray


@dataclass(frozen=True)
class Successes:
    """On how many seeds both arms succeed, one alone, or neither.

    Attributes:
        dot: The difference of shares with the interval, the bound and the outcome.
        arms: Names of treatment and control.
        words: What a success is.
        counts: Seeds on which both succeed, only the treatment, only the control,
            neither.
    """

    dot: Dot
    arms: tuple[str, str]
    words: str
    counts: tuple[int, int, int, int]

    def rows(self) -> list[tuple[str, int]]:
        """Return every count with its name."""
        names = ("both", f"only {self.arms[0]}", f"only {self.arms[1]}", "neither")
        return list(zip(names, self.counts, strict=True))


@dataclass(frozen=True)
class Effects:
    """The first comparisons of a claim, and how many it has."""

    panels: tuple[Scores | Successes, ...]
    num_comparisons: int


def read(source: Source) -> Effects | None:
    """Return the first comparisons and equivalences whose runs are there."""
    found = []
    for outcome in source.judged:
        dot, prediction = read_dot(outcome), source.prediction(outcome)
        if dot is not None and isinstance(prediction, Comparison | Equivalence):
            found.append((prediction, dot))
    panels = [collect(source, *each) for each in found[:MOST_PANELS]]
    there = tuple(panel for panel in panels if panel is not None)
    return Effects(there, len(found)) if there else None


def collect(
    source: Source, prediction: Comparison | Equivalence, dot: Dot
) -> Scores | Successes | None:
    """Return the runs of two arms seed by seed, None where they are missing."""
    wanted = prediction.reads()
    runs = [source.runs(arm) for arm, _ in wanted]
    tables = [each.table for each in runs if each is not None]
    if len(tables) < 2:
        return None
    shared = np.intersect1d(tables[0].seeds, tables[1].seeds)
    scores = [
        score(table.select(np.isin(table.seeds, shared)), config)
        for table, (_, config) in zip(tables, wanted, strict=True)
    ]
    arms = (_name(prediction, 0), _name(prediction, 1))
    if prediction.score.is_success:
        one, other = (values == 1.0 for values in scores)
        masks = (one & other, one & ~other, ~one & other, ~one & ~other)
        both, first, second, neither = (int(mask.sum()) for mask in masks)
        counts = (both, first, second, neither)
        return Successes(dot, arms, prediction.score.words, counts)
    gaps = [~np.isfinite(values) for values in scores]
    lost = gaps[0] | gaps[1]
    if lost.any():
        try:
            worst = worst_of(scores, prediction.score)
        except UntestedError:
            return None
        scores = [
            np.where(gap, worst, values)
            for gap, values in zip(gaps, scores, strict=True)
        ]
    return Scores(dot, arms, scores[0] - scores[1], lost)


def _name(prediction: Comparison | Equivalence, place: int) -> str:
    """Return the name of a side; an arm compared with itself by what is read."""
    (one, first), (other, second) = prediction.reads()
    if one != other:
        return (one, other)[place].name
    return f"{one.name} ({(first, second)[place].words})"


def ends_of(panel: Scores) -> Ends:
    """Return the ends of the axis; far outliers are left outside."""
    dots = panel.differences[:MOST_DOTS]
    low, quarter, three_quarters, high = np.quantile(dots, (0, 0.25, 0.75, 1))
    reach = FENCE * (three_quarters - quarter)
    if reach > 0:
        low, high = max(low, quarter - reach), min(high, three_quarters + reach)
    numbers = [float(low), float(high), *numbers_of([panel.dot])]
    return axis_ends(panel.dot.unit, numbers)


def dot_size(num_dots: int) -> float:
    """Return the diameter of dots in pixels, larger where there are few."""
    return 6.0 if num_dots <= 100 else 4.0


def swarm(places: np.ndarray, height: float) -> np.ndarray:
    """Stack dots that share a place around the middle of a strip `[S]`.

    Args:
        places: Pixels along the axis `[S]`.
        height: Of the strip, in pixels.

    Returns:
        Pixels above the middle `[S]`; where a stack is too high its dots overlap.
    """
    size = dot_size(len(places))
    columns = np.floor(places / size).astype(int)
    order = np.argsort(columns, kind="stable")
    _, starts, counts = np.unique(columns[order], return_index=True, return_counts=True)
    rank = np.empty(len(places), int)
    rank[order] = np.arange(len(places)) - np.repeat(starts, counts)
    step = min(size, (height - size) / max(counts.max(initial=1) - 1, 1))
    offsets = (rank + 1) // 2 * np.where(rank % 2, 1, -1) * step
    return offsets.astype(np.float64)


def draw(effects: Effects) -> Picture:
    """Draw a swarm of dots for scores, a bar of counts for successes."""
    alternative = describe(effects)
    labels = [
        textwrap.wrap(panel.dot.label, LONGEST_LINE)[:3] or [" "]
        for panel in effects.panels
    ]
    heights = [
        len(lines) * LINE + _height(panel) + ESTIMATE + AXIS + GAP
        for lines, panel in zip(labels, effects.panels, strict=True)
    ]
    total = sum(heights)
    # Dots are lines without length, which simplified paths would lose.
    with style(), mpl.rc_context({"path.simplify": False}):
        figure = new_figure(total)
        top = total
        for panel, lines, height in zip(effects.panels, labels, heights, strict=True):
            _write_label(figure, panel.dot, lines, top, total)
            bottom = top - height + AXIS + GAP / 2
            if isinstance(panel, Scores):
                inner = SWARM + ESTIMATE
                axes = _axes(figure, bottom, inner, total)
                _draw_scores(axes, panel)
            else:
                axes = _axes(figure, bottom, ESTIMATE, total)
                _draw_difference(axes, panel.dot, axis_ends_of(panel))
                above = _axes(figure, bottom + ESTIMATE, _height(panel), total)
                _draw_counts(above, panel)
            top -= height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(effects), alternative)


def _height(panel: Scores | Successes) -> float:
    return SWARM if isinstance(panel, Scores) else BAR + 4 * LINE + 18


def _axes(figure: Figure, bottom: float, height: float, total: float) -> Axes:
    return figure.add_axes(
        (MARGIN / WIDTH, bottom / total, INNER / WIDTH, height / total)
    )


def _write_label(
    figure: Figure, dot: Dot, lines: list[str], top: float, total: float
) -> None:
    for index, line in enumerate(lines):
        y = (top - GAP / 2 - LINE * (index + 1) + 5) / total
        figure.text(MARGIN / WIDTH, y, line, color=INK)
        if index == len(lines) - 1:
            figure.text(
                1 - MARGIN / WIDTH,
                y,
                dot.value,
                ha="right",
                color=dot.color,
                fontweight="bold",
            )


def _frame(axes: Axes, dot: Dot, ends: Ends) -> None:
    """Draw the axis, no effect, the bounds and the band where it holds."""
    set_axis(axes, "x", dot.unit, ends)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    words = "\n".join(textwrap.wrap(_axis_words(dot.unit), LONGEST_AXIS))
    axes.set_xlabel(words, fontsize=SMALL, linespacing=1.1)
    span = dot.holding_span(ends)
    if span is not None:
        axes.axvspan(*span, color=MUTED, alpha=0.14, linewidth=0)
    axes.axvline(0.0, color=MUTED, linewidth=1)
    for bound in dot.bounds:
        axes.axvline(bound, color=INK, linewidth=1.4, linestyle=(0, (4, 3)))


def _axis_words(unit: str) -> str:
    words = axis_label(unit)
    return words if words.startswith("difference") else f"difference in {words}"


def axis_ends_of(panel: Successes) -> Ends:
    """Return the ends of the axis of a difference of shares."""
    return axis_ends(panel.dot.unit, numbers_of([panel.dot]))


def _draw_difference(axes: Axes, dot: Dot, ends: Ends) -> None:
    axes.set_ylim(0, ESTIMATE)
    _frame(axes, dot, ends)
    draw_mark(axes, dot, ESTIMATE / 2, ends)


def _draw_scores(axes: Axes, panel: Scores) -> None:
    ends = ends_of(panel)
    axes.set_ylim(0, SWARM + ESTIMATE)
    _frame(axes, panel.dot, ends)
    values, lost = panel.differences[:MOST_DOTS], panel.lost[:MOST_DOTS]
    inside = np.clip(values, *ends)
    places = (inside - ends[0]) / (ends[1] - ends[0]) * INNER
    heights = ESTIMATE + SWARM / 2 + swarm(places, SWARM - 10)
    beyond = (values < ends[0]) | (values > ends[1])
    kept = ~lost & ~beyond
    axes.plot(
        np.repeat(inside[kept], 3),
        np.stack(
            [heights[kept], heights[kept], np.full(kept.sum(), np.nan)], axis=1
        ).ravel(),
        color=BLUE,
        linewidth=dot_size(len(values)) - 0.4,
        alpha=0.6,
        solid_capstyle="round",
    )
    for mask, marker in (
        (lost, "x"),
        (~lost & (values < ends[0]), "<"),
        (~lost & (values > ends[1]), ">"),
    ):
        axes.plot(
            inside[mask],
            heights[mask],
            color=ORANGE if marker == "x" else BLUE,
            marker=marker,
            markersize=5,
            linestyle="none",
            clip_on=False,
        )
    draw_mark(axes, panel.dot, ESTIMATE / 2, ends)


COLORS = ((MUTED, 0.75), (BLUE, 0.9), (ORANGE, 0.9), (GRID, 0.9))
"""Color and opacity of both, only the treatment, only the control, neither."""


def _draw_counts(axes: Axes, panel: Successes) -> None:
    height = _height(panel)
    axes.set_axis_off()
    axes.set_xlim(0, INNER)
    axes.set_ylim(height, 0)
    total = max(sum(panel.counts), 1)
    longest = LONGEST_NAME if total < 100 else LONGEST_BESIDE_MANY
    left = 0.0
    y = BAR + 18
    for (name, count), (color, alpha) in zip(panel.rows(), COLORS, strict=True):
        width = INNER * count / total
        axes.add_patch(
            Rectangle((left, 4), width, BAR, color=color, alpha=alpha, linewidth=0)
        )
        axes.add_patch(
            Rectangle((0, y - 9), 10, 10, color=color, alpha=alpha, linewidth=0)
        )
        axes.text(16, y, cut(name, longest), fontsize=12)
        axes.text(INNER - 62, y, f"{count:,}", fontsize=12, ha="right")
        axes.text(INNER, y, percent(count / total), fontsize=12, ha="right")
        left += width
        y += LINE


def caption(effects: Effects) -> str:
    """Say how to read the dots, the bars and the bounds."""
    scores = [panel for panel in effects.panels if isinstance(panel, Scores)]
    successes = [panel for panel in effects.panels if isinstance(panel, Successes)]
    dots = [panel.dot for panel in effects.panels]
    sentences = []
    if scores:
        sentences.append(_scores_caption(scores))
    if successes:
        words = {panel.words for panel in successes}
        told = words.pop() if len(words) == 1 else "succeed"
        sentences.append(
            "Bars count the seeds on which the runs of both arms, of one alone or of"
            f" neither {told}."
        )
    means = "Below them, means" if scores else "Below them, differences"
    sentences.append(intervals_sentence(dots, means))
    sentences.append(marks_sentence(dots))
    sentences.append(
        "Dashed lines are bounds, the gray band is where the prediction holds."
    )
    if effects.num_comparisons > len(effects.panels):
        sentences.append(
            f"Shown are {len(effects.panels)} of {effects.num_comparisons} comparisons."
        )
    return " ".join(sentences)


def _scores_caption(panels: list[Scores]) -> str:
    most = max(len(panel.differences) for panel in panels)
    first = f", the first {MOST_DOTS} of {most:,}" if most > MOST_DOTS else ""
    arms = {panel.arms for panel in panels}
    between = "the first arm minus the second"
    if len(arms) == 1:
        one, other = arms.pop()
        between = f"{one} minus {other}"
    lost = sum(int(panel.lost.sum()) for panel in panels)
    crosses = (
        f" Thin crosses, {lost:,} in all, are seeds on which a run failed and counts"
        " with the worst score."
        if lost
        else ""
    )
    outside = sum(num_outside(panel) for panel in panels)
    arrows = (
        f" Arrows at the ends, {outside:,}, are seeds beyond the axis."
        if outside
        else ""
    )
    return f"One dot per seed{first}: {between}.{crosses}{arrows}"


def num_outside(panel: Scores) -> int:
    """Return how many of the dots drawn lie beyond the axis."""
    low, high = ends_of(panel)
    values = panel.differences[:MOST_DOTS]
    lost = panel.lost[:MOST_DOTS]
    return int((((values < low) | (values > high)) & ~lost).sum())


def describe(effects: Effects) -> str:
    """Say every comparison in words."""
    parts = []
    for panel in effects.panels:
        if isinstance(panel, Scores):
            low, middle, high = np.quantile(panel.differences, (0.1, 0.5, 0.9))
            above = int((panel.differences > 0).sum())
            what = (
                f"of {len(panel.differences):,} seeds {above:,} lie above zero, tenth,"
                f" median and ninth decile {low:.3g}, {middle:.3g} and {high:.3g}"
            )
        else:
            counts = ", ".join(f"{name} {count:,}" for name, count in panel.rows())
            what = f"seeds on which the runs {panel.words}: {counts}"
        parts.append(f"{panel.dot.describe()}; {what}")
    return f"Paired differences between arms. {'. '.join(parts)}."
