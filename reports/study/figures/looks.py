"""Give the verdicts of a study one look and one wording in every figure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ablations.study.settings.digits import exact
from ablations.study.settings.score import Score
from reports.drawing.dots import STEPS, Ends
from reports.drawing.palette import BLUE, GREEN, INK, MUTED, PURPLE, VERMILLION
from reports.drawing.picture import WIDTH
from reports.study.readings.numbers import is_percentage, title

LOOKS = {
    "better": ("o", GREEN, GREEN),
    "worse": ("X", VERMILLION, VERMILLION),
    "undecided": ("s", PURPLE, "none"),
    "same": ("D", BLUE, "none"),
    "not tested": ("o", MUTED, "none"),
}
"""Marker, color and filling of every verdict."""

MARKS = {
    "better": "a green disc is really better",
    "worse": "a cross is really worse",
    "undecided": "a hollow square is within noise",
    "same": "a diamond is too small to matter",
    "not tested": "a hollow circle is not tested",
}

LINE = 17.0
LONGEST_LINE = 40
LONGEST_AXIS = 47
"""Characters of a line in the usual size of letters, and in the small one."""


def marks_sentence(verdicts: Iterable[str]) -> str:
    """Say what the marks that are there stand for."""
    there = set(verdicts)
    marks = ", ".join(text for word, text in MARKS.items() if word in there)
    return f"{marks[:1].upper()}{marks[1:]}." if marks else ""


def lines_of(label: str, longest: int = LONGEST_LINE, most: int = 3) -> list[str]:
    """Break a label into lines; what does not fit is replaced by three dots."""
    return textwrap.wrap(label, longest, max_lines=most, placeholder="…") or [" "]


def axis_lines(name: str) -> list[str]:
    """Break the name of an axis into lines that fit, at its semicolon if possible."""
    parts = (
        [name] if len(name) <= LONGEST_AXIS else name.replace("; ", ";\n").split("\n")
    )
    return [line for part in parts for line in textwrap.wrap(part, LONGEST_AXIS)]


def place(
    figure: Figure, total: float, left: float, top: float, width: float, height: float
) -> Axes:
    """Add axes to a figure of the common width; all in pixels, from the top left."""
    return figure.add_axes(
        (left / WIDTH, 1 - (top + height) / total, width / WIDTH, height / total)
    )


def set_numbers(
    axes: Axes, which: str, score: Score, ends: Ends, most: int = 5
) -> None:
    """Give an axis of scores its ends and its numbers."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axes.set(**{f"{which}lim": ends})
    axis.set_major_locator(MaxNLocator(most, steps=STEPS))
    if is_percentage(score):
        digits = 0 if ends[1] - ends[0] > 0.1 else 1
        axis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{100 * value:.{digits}f} %")
        )
    else:
        axis.set_major_formatter(FuncFormatter(lambda value, _: exact(value)))


def set_differences(axes: Axes, score: Score, ends: Ends) -> None:
    """Give the lower axis its ends and numbers of differences."""
    axes.set_xlim(ends)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=STEPS))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: _signed(score.factor * value))
    )


def _signed(value: float) -> str:
    return f"+{exact(value)}" if value > 0 else exact(value)


def difference_axis(score: Score) -> str:
    """Name an axis of differences, and say which side is better."""
    # The name of a target may be too long for an axis; it is told above. The titles of
    # other scores of numbers say what they are counted in.
    unit = f", {score.unit}" if score.unit and not score.is_of_numbers else ""
    side = "right is better" if score.higher_is_better else "left is better"
    return f"difference in {title(score)}{unit}; {side}"


def score_axis(score: Score) -> str:
    """Name an axis of scores."""
    side = "higher" if score.higher_is_better else "lower"
    return f"{title(score)} on test rows; {side} is better"


def room(numbers: Sequence[float], share: float = 0.08) -> Ends:
    """Return the ends of an axis that holds all numbers, with room beside them."""
    low, high = min(numbers), max(numbers)
    width = (high - low) or abs(high) or 1.0
    return low - share * width, high + share * width


def write_lines(
    figure: Figure, total: float, left: float, top: float, lines: Sequence[str]
) -> None:
    """Write lines of text below each other; pixels from the top left."""
    for index, line in enumerate(lines):
        y = 1 - (top + LINE * (index + 1) - 4) / total
        figure.text(left / WIDTH, y, line, color=INK)
