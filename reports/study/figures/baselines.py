"""Draw nets beside models that are no nets, every fold as a dot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from ablations.study.settings.score import Score
from ablations.study.training.ways import DUMMY
from ablations.terminal import count
from reports.drawing.dots import Ends, draw_interval
from reports.drawing.palette import BLUE, GRID, INK, ORANGE
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.study.figures.looks import (
    LINE,
    axis_lines,
    lines_of,
    place,
    room,
    score_axis,
    set_numbers,
    write_lines,
)
from reports.study.readings.folds import fold_scores
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import range_text, score_text

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "baselines"
MARGIN = 26.0
INNER = WIDTH - 2 * MARGIN
STRIP = 34.0
DOTS = 18.0
AXIS = 46.0
LOOKS = {"net": ("o", BLUE, BLUE), "baseline": ("D", ORANGE, ORANGE)}


@dataclass(frozen=True)
class Model:
    """The scores of a model.

    Attributes:
        name: What it is called.
        kind: `net` or `baseline`.
        mean: Mean score.
        low: Lower end of its interval.
        high: Upper end.
        folds: Score in every fold `[J]`, the mean over its seeds.
    """

    name: str
    kind: str
    mean: float
    low: float
    high: float
    folds: np.ndarray


@dataclass(frozen=True)
class Models:
    """The models from the best to the worst.

    Attributes:
        score: What they are judged by.
        models: Nets and baselines without the dummy, which would stretch the axis.
        num_nets: Nets of the study, of which some are shown.
        guess: What the dummy scores, None without one.
    """

    score: Score
    models: tuple[Model, ...]
    num_nets: int
    guess: float | None


def read(result: StudyResult) -> Models | None:
    """Return the shown net, the reference net and the baselines, the best first."""
    rivals = result.baselines.to_dict("records")
    guesses = [float(row["mean"]) for row in rivals if row["baseline"] == DUMMY]
    rivals = [row for row in rivals if row["baseline"] != DUMMY]
    if not rivals:
        return None
    nets = {shown_net(result), result.reference}
    found = [
        (str(row["arm"]), "net", row)
        for row in result.arms.to_dict("records")
        if row["arm"] in nets
    ]
    found += [(str(row["baseline"]), "baseline", row) for row in rivals]
    models = [
        Model(
            name,
            kind,
            float(row["mean"]),
            float(row["low"]),
            float(row["high"]),
            fold_scores(result, name).to_numpy(np.float64),
        )
        for name, kind, row in found
        if math.isfinite(row["mean"])
    ]
    if not models:
        return None
    models.sort(key=lambda model: model.mean, reverse=result.score.higher_is_better)
    guess = guesses[0] if guesses and math.isfinite(guesses[0]) else None
    return Models(result.score, tuple(models), len(result.arms), guess)


def ends_of(models: Models) -> Ends:
    """Return the ends of the axis: all dots and intervals, shares within 0 and 1."""
    numbers = [n for m in models.models for n in (m.mean, m.low, m.high, *m.folds)]
    low, high = room([float(n) for n in numbers if math.isfinite(n)], 0.05)
    if models.score.is_share:
        return max(low, 0.0), min(high, 1.005)
    return low, high


def draw(models: Models) -> Picture:
    """Draw one strip per model on a common axis."""
    alternative = describe(models)
    labels = [lines_of(model.name) for model in models.models]
    heights = [LINE * len(lines) + STRIP for lines in labels]
    axis = axis_lines(score_axis(models.score))
    below = AXIS + LINE * (len(axis) - 1)
    total = sum(heights) + below
    ends = ends_of(models)
    # Dots are lines without length, which simplified paths would lose.
    with style(), mpl.rc_context({"path.simplify": False}):
        figure = new_figure(total)
        axes = place(figure, total, MARGIN, 0, INNER, total - below)
        set_numbers(axes, "x", models.score, ends)
        axes.set_ylim(total - below, 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("\n".join(axis), fontsize=SMALL)
        top = 0.0
        for model, lines, height in zip(models.models, labels, heights, strict=True):
            write_lines(figure, total, MARGIN, top, lines)
            axes.text(
                ends[1],
                top + LINE * len(lines) - 4,
                score_text(models.score, model.mean),
                ha="right",
                color=INK,
                fontweight="bold",
            )
            _draw_model(axes, model, top + LINE * len(lines), ends)
            top += height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(models), alternative, title=message(models))


def _draw_model(axes: Axes, model: Model, top: float, ends: Ends) -> None:
    axes.plot(ends, [top + STRIP - 2] * 2, color=GRID, linewidth=0.8)
    look = LOOKS[model.kind]
    x = np.clip(model.folds, *ends)
    y = top + DOTS / 2 + (np.arange(len(x)) % 3 - 1) * 4.0
    axes.plot(
        np.repeat(x, 3),
        np.stack([y, y, np.full(len(y), np.nan)], axis=1).ravel(),
        color=look[1],
        linewidth=5,
        alpha=0.6,
        solid_capstyle="round",
    )
    numbers = (model.low, model.mean, model.high)
    draw_interval(axes, look, numbers, top + DOTS + 4, ends, words=model.name)


def message(models: Models) -> str:
    """Say which model has the best mean, and whether it is a net."""
    best = models.models[0]
    equal = sum(model.mean == best.mean for model in models.models)
    if equal > 1:
        return f"{equal} models share the best mean"
    what = "a net" if best.kind == "net" else "no net"
    return f"The best mean is that of {best.name}, which is {what}"


def caption(models: Models) -> str:
    """Say how to read dots and intervals."""
    shown = sum(model.kind == "net" for model in models.models)
    nets = f" Shown: {shown} of {count(models.num_nets, 'net')}."
    if models.guess is not None:
        guess = score_text(models.score, models.guess)
        nets += f" Always giving the same answer comes to {guess}, and is not drawn."
    return (
        "One small dot per fold, below them the mean with its 95 % interval; discs are"
        f" nets, diamonds are other models, the best first.{nets} Intervals are of each"
        " model alone: whether two differ is tested fold by fold, in the table."
    )


def describe(models: Models) -> str:
    """Say every score in words."""
    rows = [
        f"{model.name} ({model.kind}): {score_text(models.score, model.mean)}"
        f" ({range_text(models.score, model.low, model.high)})"
        for model in models.models
    ]
    return f"Scores of nets and baselines. {'; '.join(rows)}."
