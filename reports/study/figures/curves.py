"""Draw how the recommended net learns: scores on its rows and on others, by epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from ablations.study.settings.digits import exact, rounded
from reports.drawing.labels import LEADER, ROOM, EndLabel, write_ends
from reports.drawing.palette import BLUE, GREEN, INK, VERMILLION
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.study.figures.looks import LINE, place, room, write_lines
from reports.study.readings.net import shown_net

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

NAME = "curves"
MOST_PANELS = 2
LEFT = 58.0
RIGHT = LEADER + ROOM
PANEL = 150.0
BELOW = 44.0
GAP = 10.0
ROWS = {
    "train": ("training", BLUE),
    "val": ("validation", VERMILLION),
    "test": ("test", GREEN),
}
"""What the rows are called, and the color of their line."""


@dataclass(frozen=True)
class Line:
    """A metric on some rows, by epoch.

    Attributes:
        rows: A key of `ROWS`.
        epochs: Passes over the training rows `[T]`.
        mean: Mean over the runs `[T]`.
        low: Tenth percentile of the runs `[T]`.
        high: Ninetieth percentile `[T]`.
    """

    rows: str
    epochs: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Curves:
    """The curves of a net, one panel per metric.

    Attributes:
        arm: The net.
        panels: Its lines by metric.
        stops_at: Mean epoch whose weights are used.
        learned: What the net learns, a key of `LEARNED`.
    """

    arm: str
    panels: dict[str, tuple[Line, ...]]
    stops_at: float
    learned: str = "none"

    def title(self, metric: str) -> str:
        """Return what a metric is called, with the unit of errors."""
        if metric not in TITLES:
            return metric
        return TITLES[metric].format(LEARNED[self.learned])


def read(result: StudyResult) -> Curves | None:
    """Return the curves of the recommended net, None where none were recorded."""
    arm = shown_net(result)
    frame = result.curves
    mine = frame[frame["arm"] == arm]
    panels: dict[str, tuple[Line, ...]] = {}
    # What is minimized stands on the axis of the metric that it is, where it is one.
    same = SAME.get(result.recipes[arm].loss, "loss")
    if (mine["metric"] == same).any():
        mine = mine.replace({"metric": {"loss": same}})
    for metric in dict.fromkeys(mine["metric"]):
        of_metric = mine[mine["metric"] == metric]
        lines = []
        for rows in ROWS:
            part = of_metric[of_metric["rows"] == rows].sort_values("epoch")
            if len(part):
                arrays = (part[n].to_numpy(float) for n in ("epoch", *STATISTICS))
                lines.append(Line(rows, *arrays))
        if lines and any(np.isfinite(line.mean).any() for line in lines):
            panels[str(metric)] = tuple(lines)
    if not panels:
        return None
    chosen = dict(list(panels.items())[:MOST_PANELS])
    used = result.arms.loc[result.arms["arm"] == arm, "epochs"]
    stops_at = float(used.iloc[0]) if len(used) else np.nan
    return Curves(arm, chosen, stops_at, result.recipes[arm].target_transform)


STATISTICS = ("mean", "low", "high")
SAME = {"crossentropy": "crossentropy", "mse": "squared_error"}
"""Losses that validation and test rows are measured by, and what that is called."""

MINIMIZED = ("loss", *SAME.values())
"""Metrics of which less is better."""

TITLES = {
    "crossentropy": "cross-entropy",
    "squared_error": "squared error, in variances of {}",
    "balanced_accuracy": "balanced accuracy",
}

LEARNED = {
    "none": "the target",
    "log": "the logarithm of the target",
    "quantile": "the normal scores of the target's ranks",
}
"""What a net learns, whose errors the curves show, by its transform of the target."""


def draw(curves: Curves) -> Picture:
    """Draw one line per set of rows, with a band that holds most runs."""
    alternative = describe(curves)
    height = LINE + PANEL + BELOW + GAP
    total = height * len(curves.panels)
    with style():
        figure = new_figure(total)
        for index, (metric, lines) in enumerate(curves.panels.items()):
            top = index * height
            write_lines(figure, total, 8, top, [curves.title(metric)])
            axes = place(
                figure, total, LEFT, top + LINE + 6, WIDTH - LEFT - RIGHT, PANEL
            )
            _draw_panel(axes, lines, curves.stops_at)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(curves), alternative, title=message(curves))


def _draw_panel(axes: Axes, lines: tuple[Line, ...], stops_at: float) -> None:
    numbers = np.concatenate([np.r_[line.mean, line.low, line.high] for line in lines])
    numbers = numbers[np.isfinite(numbers)]
    ends = room(numbers.tolist() or [0.0])
    axes.set_ylim(ends)
    last = max(float(line.epochs.max()) for line in lines)
    axes.set_xlim(0, max(last, 1.0))
    axes.yaxis.set_major_formatter(lambda value, _: exact(value))
    axes.locator_params(nbins=5)
    axes.set_xlabel("epochs", fontsize=SMALL)
    axes.grid(visible=True)
    if np.isfinite(stops_at) and 0 < stops_at < last:
        axes.axvline(stops_at, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    labels = []
    for line in lines:
        name, color = ROWS[line.rows]
        axes.fill_between(
            line.epochs, line.low, line.high, color=color, alpha=0.15, linewidth=0
        )
        axes.plot(line.epochs, line.mean, color=color, linewidth=1.8)
        finite = line.mean[np.isfinite(line.mean)]
        if len(finite):
            at = (finite[-1] - ends[0]) / (ends[1] - ends[0])
            labels.append(EndLabel(name, rounded(float(finite[-1])), at, color))
    write_ends(axes, labels)


def message(curves: Curves) -> str:
    """Say when what is minimized is smallest on validation rows, if that is shown."""
    metric, lines = next(iter(curves.panels.items()))
    line = next((line for line in lines if line.rows == "val"), None)
    if metric not in MINIMIZED or line is None or not np.isfinite(line.mean).any():
        return ""
    best = line.epochs[np.nanargmin(line.mean)]
    last = line.epochs[-1]
    when = "at the end" if best == last else f"after {best:.0f} of {last:.0f} epochs"
    return f"The validation loss is smallest {when}"


def caption(curves: Curves) -> str:
    """Say what lines and bands are."""
    stop = (
        f" The dashed line is the mean epoch that was used, {curves.stops_at:.0f}."
        if 0 < curves.stops_at < _last(curves)
        else ""
    )
    return (
        f"Learning curves of {curves.arm}: means over its runs, bands from the tenth to"
        f" the ninetieth percentile.{stop}"
    )


def _last(curves: Curves) -> float:
    """Return the last epoch of all lines."""
    return max(float(li.epochs.max()) for p in curves.panels.values() for li in p)


def describe(curves: Curves) -> str:
    """Say where every line starts and ends."""
    parts = [
        f"{curves.title(metric)} on {ROWS[line.rows][0]} rows from"
        f" {_first(line.mean)} to {_first(line.mean[::-1])}"
        for metric, lines in curves.panels.items()
        for line in lines
    ]
    return f"Learning curves of {curves.arm}. {'; '.join(parts)}."


def _first(values: Any) -> str:
    finite = values[np.isfinite(values)]
    return rounded(float(finite[0])) if len(finite) else "no number"
