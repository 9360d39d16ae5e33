"""Draw the final loss of every run, with the places named where runs get stuck."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from reports.drawing.palette import BLUE, INK, MUTED, VERMILLION
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.plateaus import Plateau, find_plateaus, is_solved
from reports.figures.source import ArmRuns, Source
from reports.numbers import decade, percent

NAME = "stuck"
HEIGHT = 290.0
LEFT = 46.0
LINE = 17.0
LETTERS = "ABCDEFGH"
LETTER = 13.0
"""Smallest distance between two letters in pixels."""

SMALLEST_LOSS = 1e-8
MOST_TICKS = 1000
BINS_PER_DECADE = 6


@dataclass(frozen=True)
class Endings:
    """How the runs of an arm ended.

    Attributes:
        arm: The arm's name.
        loss: Final losses of the runs that did not diverge `[S]`.
        solved: Whether each of them ended with all rows right `[S]`.
        num_diverged: Runs that diverged or failed.
        plateaus: Where the others gather: name, loss and share of all runs.
    """

    arm: str
    loss: np.ndarray
    solved: np.ndarray
    num_diverged: int
    plateaus: tuple[tuple[str, float, float], ...]


def read(source: Source) -> Endings | None:
    """Return the endings of the first arm that has some."""
    for runs in source.all_runs():
        if runs.has("curve.loss", "curve.solved"):
            return collect(runs)
    return None


def collect(runs: ArmRuns) -> Endings:
    """Return how the runs of an arm ended."""
    loss = runs.final("loss")
    there = np.isfinite(loss)

    def share(plateau: Plateau) -> float:
        return len(plateau.members) / len(loss)

    found = sorted(find_plateaus(runs), key=lambda plateau: plateau.loss)
    plateaus = tuple((p.name, p.loss, share(p)) for p in found)
    return Endings(
        runs.name,
        np.maximum(loss[there], SMALLEST_LOSS),
        is_solved(runs)[there],
        int((~there).sum()),
        plateaus,
    )


def edges(loss: np.ndarray) -> np.ndarray:
    """Return bin edges, equally wide on a log axis, that hold every loss."""
    low = np.floor(np.log10(loss.min(initial=1.0)))
    high = max(np.ceil(np.log10(loss.max(initial=SMALLEST_LOSS))), low + 1)
    return np.logspace(low, high, int((high - low) * BINS_PER_DECADE) + 1)


def draw(endings: Endings) -> Picture:
    """Draw a histogram, a mark per run below it, and the plateaus' names."""
    alternative = describe(endings)
    legend = [
        line
        for letter, (name, _, share) in zip(LETTERS, endings.plateaus, strict=False)
        for line in textwrap.wrap(
            f"{letter}: {name} ({percent(share)})", 54, subsequent_indent="     "
        )
    ]
    foot = 92.0 + LINE * len(legend)
    height = HEIGHT - 92.0 + foot
    bins = edges(endings.loss)
    width = (WIDTH - LEFT - 16) / WIDTH
    with style():
        figure = new_figure(height)
        axes = figure.add_axes(
            (LEFT / WIDTH, foot / height, width, (HEIGHT - 136) / height)
        )
        _draw_bars(axes, endings, bins)
        strip = figure.add_axes(
            (LEFT / WIDTH, (foot - 34) / height, width, 30 / height)
        )
        _draw_strip(strip, endings, bins)
        _draw_letters(axes, endings)
        for index, line in enumerate(legend):
            y = (foot - 84 - LINE * index) / height
            figure.text(LEFT / WIDTH, y, line, fontsize=12, color=INK)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    diverged = (
        f" {endings.num_diverged:,} runs diverged or failed and are not drawn."
        if endings.num_diverged
        else ""
    )
    letters = (
        " Letters name what the networks put out where runs gather, and the share of"
        " all runs that end there."
        if endings.plateaus
        else ""
    )
    caption = (
        f"Share of {len(endings.loss):,} runs of {endings.arm} by final loss, losses"
        f" below {decade(SMALLEST_LOSS)} drawn there; under the bars one mark per run"
        f"{_first(endings)}, solved ones in the upper row.{letters}{diverged}"
    )
    return Picture(NAME, svg, caption, alternative)


def _first(endings: Endings) -> str:
    if len(endings.loss) <= MOST_TICKS:
        return ""
    return f" of the first {MOST_TICKS:,}"


def letter_places(places: np.ndarray) -> np.ndarray:
    """Move letters `[N]` in rising order apart until none covers another, pixels."""
    moved = places.astype(np.float64)
    for index in range(1, len(moved)):
        moved[index] = max(moved[index], moved[index - 1] + LETTER)
    # Where all were pushed to the right, the group goes back to its middle.
    return moved - (np.mean(moved - places) if len(moved) else 0.0)


def _draw_letters(axes: Axes, endings: Endings) -> None:
    """Write a letter above each plateau and join the two by a line."""
    losses = np.array([loss for _, loss, _ in endings.plateaus])
    points = axes.transData.transform(np.stack([losses, 0 * losses], axis=1))
    top = axes.transAxes.transform((0, 1))[1]
    for index, place in enumerate(letter_places(points[:, 0])):
        axes.annotate(
            LETTERS[index],
            (losses[index], 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(place, top + 10),
            textcoords="figure pixels",
            ha="center",
            fontsize=12,
            fontweight="bold",
            color=VERMILLION,
            annotation_clip=False,
        )
        axes.plot(
            [losses[index], axes.transData.inverted().transform((place, 0))[0]],
            [1.0, 1.0 + 8 / (top - axes.transAxes.transform((0, 0))[1])],
            transform=axes.get_xaxis_transform(),
            color=VERMILLION,
            linewidth=0.9,
            clip_on=False,
        )
        axes.axvline(
            losses[index], color=VERMILLION, linewidth=0.9, linestyle=(0, (2, 2))
        )


def _draw_bars(axes: Axes, endings: Endings, bins: np.ndarray) -> None:
    solved, _ = np.histogram(endings.loss[endings.solved], bins)
    others, _ = np.histogram(endings.loss[~endings.solved], bins)
    total = max(len(endings.loss), 1)
    left, width = bins[:-1], np.diff(bins)
    for counts, bottom, color in (
        (solved, 0 * solved, BLUE),
        (others, solved, VERMILLION),
    ):
        there = counts > 0
        axes.bar(
            left[there],
            100 * counts[there] / total,
            width[there],
            bottom=100 * bottom[there] / total,
            align="edge",
            color=color,
            alpha=0.75,
            edgecolor=color,
            linewidth=0.6,
        )
    axes.set_xscale("log")
    axes.set_xlim(bins[0], bins[-1])
    axes.minorticks_off()
    axes.tick_params(labelbottom=False, labelsize=SMALL)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g} %")
    for x, count, name, color in (
        (0.0, solved.sum(), "solved", BLUE),
        (1.0, others.sum(), "not solved", VERMILLION),
    ):
        axes.text(
            x,
            1.19,
            f"{name}: {count:,}",
            transform=axes.transAxes,
            color=color,
            fontsize=12,
            fontweight="bold",
            ha="right" if x else "left",
        )


def _draw_strip(axes: Axes, endings: Endings, bins: np.ndarray) -> None:
    """Draw one upright mark per run, solved ones above the others."""
    loss, solved = endings.loss[:MOST_TICKS], endings.solved[:MOST_TICKS]
    for mask, bottom, color in ((solved, 0.55, BLUE), (~solved, 0.0, VERMILLION)):
        x = np.repeat(loss[mask], 3)
        y = np.tile([bottom, bottom + 0.4, np.nan], int(mask.sum()))
        axes.plot(x, y, color=color, linewidth=0.7, alpha=0.5)
    axes.set_xscale("log")
    axes.set_xlim(bins[0], bins[-1])
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    axes.tick_params(labelsize=SMALL, colors=MUTED, labelcolor=INK)
    axes.xaxis.set_major_locator(LogLocator(numticks=6))
    axes.xaxis.set_major_formatter(lambda value, _: decade(value))
    axes.set_xlabel("final loss", fontsize=12)


def describe(endings: Endings) -> str:
    """Say in words how the runs ended."""
    num_solved = int(endings.solved.sum())
    places = "; ".join(
        f"{percent(share)} at loss {loss:.3g}, putting out {name}"
        for name, loss, share in endings.plateaus
    )
    gathered = f" The others gather: {places}." if places else ""
    return (
        f"Histogram of the final loss of {len(endings.loss):,} runs of {endings.arm}:"
        f" {num_solved:,} solved, {len(endings.loss) - num_solved:,} not.{gathered}"
    )
