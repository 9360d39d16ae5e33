"""Draw how gradients fade or grow from the last layer back to the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ablations.protocol.claim import Claim
from ablations.protocol.network_runs import ArmConfig
from reports.drawing.labels import (
    EndLabel,
    distinct,
    line_look,
    room_for,
    write_ends,
)
from reports.drawing.palette import GREEN, INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.profiles import (
    Profile,
    brief,
    decade_ticks,
    draw_profile,
    layer_ticks,
    merge,
    recorded_at,
    split,
)
from reports.figures.seeds import count_words
from reports.figures.source import ArmRuns, Source, shared_factors
from reports.numbers import decade

NAME = "gradient_depth"
PROBE = "kernel_gradient_norm"
DEPTH = "depth"
"""The factor that gives a panel each, as arms' levels name it."""

LATER = ("training", "updates")
"""Factors that make no difference before the first update."""

ABSOLUTE = "first_gradient"
"""What a claim reads for which gradients count as they are.

Where the signal fades on its way forward as well, as with ReLU and small weights, all
kernels have equally small gradients, and their ratio would hide that they vanish.
"""

BALANCED = 10.0
"""Factor between first and last gradient within which they count as balanced."""

USUAL = 1000.0
"""Factor from 1 beyond which a gradient counts as vanished or exploded."""

LEFT = 50.0
LABELS = 128.0
HEADER = 50.0
TITLE = 24.0
AXIS = 46.0
TICKS = 28.0
GAP = 14.0
SMALLEST_PANEL = 210.0
SMALLEST_OF_SEVERAL = 150.0
BAND_ALPHA = 0.16
MARGIN = 0.06
"""Room above and below all lines, as a share of their span."""


@dataclass(frozen=True)
class Panel:
    """Profiles that are drawn together, by what their lines are called."""

    title: str
    depth: int
    profiles: dict[str, Profile]


@dataclass(frozen=True)
class Gradients:
    """Gradient norms by arm, as they are or relative to the last hidden layer's.

    Attributes:
        profiles: Layers from the first to the last, in the claim's order.
        missing: Names of arms without runs.
        num_left_out: Runs whose last gradient is zero or no number.
        is_absolute: Whether norms are drawn as they are.
    """

    profiles: tuple[Profile, ...]
    missing: tuple[str, ...]
    num_left_out: int
    is_absolute: bool = False

    @property
    def reach(self) -> float:
        """Factor from 1 up to which gradients are as they should be."""
        return USUAL if self.is_absolute else BALANCED

    @property
    def depths(self) -> list[int]:
        """The numbers of hidden layers, increasing."""
        return sorted({profile.depth for profile in self.profiles})

    def of_depth(self, depth: int) -> list[Profile]:
        """Return the profiles of one depth, called by what tells them apart."""
        shared = shared_factors([p.levels for p in self.profiles])
        untold = {DEPTH, *LATER, *shared}
        return [
            p.called({f: p.levels[f] for f in p.levels if f not in untold})
            for p in self.profiles
            if p.depth == depth
        ]

    def panels(self) -> list[Panel]:
        """Return a panel per depth, or several where one would be crowded."""
        return [
            Panel(
                f"{depth:,} hidden layers{', ' if title else ''}{title}",
                depth,
                {profile.name: profile for profile in profiles},
            )
            for depth in self.depths
            for title, profiles in split(merge(self.of_depth(depth))).items()
        ]


@dataclass(frozen=True)
class Scale:
    """The exponents that an axis spans.

    Attributes:
        low: Lower end.
        high: Upper end.
        floor: Where gradients of zero are drawn, None for no such gradient.
        ceiling: Where infinite ones are drawn, None for none.
    """

    low: float
    high: float
    floor: float | None
    ceiling: float | None

    def place(self, values: np.ndarray) -> np.ndarray:
        """Return the exponents at which positive numbers, 0 and infinity stand."""
        with np.errstate(divide="ignore"):
            logs = np.log10(values)
        return np.clip(logs, self.low, self.high)


def read(source: Source) -> Gradients | None:
    """Return the gradients of all arms that recorded them before the first update."""
    is_absolute = reads_norms(source.claim)
    profiles, missing, left_out = [], [], 0
    for arm in source.arms:
        runs = source.runs(arm)
        if runs is not None and runs.has(f"probe.{PROBE}", "steps"):
            profile = collect(runs, is_absolute=is_absolute)
            kept = ~np.isnan(profile.values).all(axis=1)
            left_out += int((~kept).sum())
            if kept.any():
                profiles.append(replace(profile, values=profile.values[kept]))
        elif isinstance(arm.config, ArmConfig) and PROBE in arm.config.training.probes:
            missing.append(arm.name)
    if not profiles:
        return None
    return Gradients(tuple(profiles), tuple(missing), left_out, is_absolute)


def reads_norms(claim: Claim) -> bool:
    """Return whether a prediction reads the norm of the first gradient itself."""
    return any(
        config.quantity == ABSOLUTE
        for prediction in claim.judged
        for _, config in prediction.reads()
    )


def collect(runs: ArmRuns, *, is_absolute: bool = False) -> Profile:
    """Return each run's gradients, or over that of its last hidden layer `[S, L]`."""
    arrays = runs.table.arrays
    norms = recorded_at(arrays["steps"], arrays[f"probe.{PROBE}"], 0)
    hidden = norms[:, :-1]  # the last column is the output layer's
    if is_absolute:
        return _profile(runs, hidden)
    last = hidden[:, -1:]
    known = np.isfinite(last) & (last > 0)
    values = np.divide(hidden, last, out=np.full(hidden.shape, np.nan), where=known)
    return _profile(runs, values)


def _profile(runs: ArmRuns, values: np.ndarray) -> Profile:
    return Profile(runs.name, values.shape[1], values, levels=runs.arm.levels)


def scale_of(profiles: tuple[Profile, ...], reach: float = BALANCED) -> Scale:
    """Return an axis that holds every gradient, and a place each for 0 and infinity."""
    values = np.concatenate([profile.values.ravel() for profile in profiles])
    known = values[np.isfinite(values) & (values > 0)]
    least = np.log10(reach) + 0.5
    low = min(float(np.log10(known.min(initial=1.0))), -least)
    high = max(float(np.log10(known.max(initial=1.0))), least)
    room = MARGIN * (high - low)
    floor = low - 2 * room if (values == 0).any() else None
    ceiling = high + 2 * room if np.isposinf(values).any() else None
    return Scale(
        low - room if floor is None else floor,
        high + room if ceiling is None else ceiling,
        floor,
        ceiling,
    )


def factor(value: float) -> str:
    """Write a factor as briefly as one says it."""
    return "underflow to 0" if value == 0 else brief(value)


def num_balanced(profile: Profile, reach: float = BALANCED) -> int:
    """Return how many seeds have a first gradient within the factor of 1."""
    first = profile.values[:, 0]
    return int(((first >= 1 / reach) & (first <= reach)).sum())


Looks = dict[str, dict[str, Any]]


def looks_of(panels: list[Panel]) -> Looks:
    """Return colors and dashes by the names of lines, the same in all panels."""
    indices = distinct([list(panel.profiles) for panel in panels])
    return {name: line_look(index) for name, index in indices.items()}


def _labels(panel: Panel, looks: Looks, scale: Scale) -> list[EndLabel]:
    labels = []
    for name, profile in panel.profiles.items():
        first = profile.median[0]
        place = scale.place(np.array(first)) if np.isfinite(first) else scale.high
        height = (float(place) - scale.low) / (scale.high - scale.low)
        labels.append(EndLabel(name, factor(first), height, looks[name]["color"]))
    return labels


def draw(gradients: Gradients) -> Picture:
    """Draw one panel per depth, read from the loss on the left back to the input."""
    alternative = describe(gradients)
    scale = scale_of(gradients.profiles, gradients.reach)
    panels = gradients.panels()
    looks = looks_of(panels)
    labels = [_labels(panel, looks, scale) for panel in panels]
    smallest = SMALLEST_OF_SEVERAL if len(panels) > 1 else SMALLEST_PANEL
    heights = [max(smallest, room_for(each)) for each in labels]
    between = TITLE + TICKS + GAP
    total = HEADER + sum(heights) + len(panels) * between + AXIS - TICKS
    with style():
        figure = new_figure(total)
        _write_header(figure, gradients, total)
        top = total - HEADER
        for panel, names, height in zip(panels, labels, heights, strict=True):
            axes = figure.add_axes(
                (
                    LEFT / WIDTH,
                    (top - TITLE - height) / total,
                    (WIDTH - LEFT - LABELS) / WIDTH,
                    height / total,
                )
            )
            _draw_panel(axes, panel, looks, scale, gradients.reach)
            axes.text(
                0,
                1 + 9 / height,
                panel.title,
                transform=axes.transAxes,
                fontweight="bold",
            )
            write_ends(axes, names)
            top -= height + between
        axes.set_xlabel("hidden layer, from the last to the first", fontsize=12)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(gradients), alternative)


def _write_header(figure: Figure, gradients: Gradients, total: float) -> None:
    title, words = (
        "gradient norm at the start",
        f"balanced: within a factor of {BALANCED:g}",
    )
    if gradients.is_absolute:
        words = f"neither vanished nor exploded: {1 / USUAL:g} to {USUAL:,.0f}"
    else:
        title += ", last hidden layer = 1"
    figure.text(8 / WIDTH, 1 - 18 / total, title, fontsize=12)
    figure.add_artist(
        Rectangle(
            (LEFT / WIDTH, 1 - 42 / total),
            22 / WIDTH,
            12 / total,
            facecolor=GREEN,
            alpha=2 * BAND_ALPHA,
            linewidth=0,
        )
    )
    figure.text((LEFT + 28) / WIDTH, 1 - 40 / total, words, fontsize=12, color=GREEN)


def _draw_panel(
    axes: Axes, panel: Panel, looks: Looks, scale: Scale, reach: float
) -> None:
    edge = np.log10(reach)
    axes.axhspan(-edge, edge, color=GREEN, alpha=BAND_ALPHA, linewidth=0)
    for name, profile in panel.profiles.items():
        look = looks[name]
        median = scale.place(profile.median)
        draw_profile(axes, profile.layers, scale.place(profile.values), median, look)
        for value, marker in ((0.0, "v"), (np.inf, "^")):
            beyond = profile.median == value
            axes.plot(
                profile.layers[beyond][-1:],
                median[beyond][-1:],
                marker=marker,
                markersize=8,
                color=look["color"],
                linestyle="none",
                clip_on=False,
            )
    # Read as the gradient goes: from the loss back to the input.
    axes.set_xlim(1.02 * panel.depth, 1)
    axes.set_ylim(scale.low, scale.high)
    numbers = layer_ticks(panel.depth)
    axes.set_xticks(numbers, [f"{number:,}" for number in numbers])
    _set_decades(axes, scale)


def _set_decades(axes: Axes, scale: Scale) -> None:
    exponents = decade_ticks(scale.low, scale.high)
    ticks: dict[float, str] = {e: decade(10.0**e) for e in exponents}
    span = scale.high - scale.low
    for edge, word in ((scale.floor, "0"), (scale.ceiling, "∞")):
        if edge is not None:
            # A number that stands too near would cover the word.
            ticks = {e: t for e, t in ticks.items() if abs(e - edge) > 0.06 * span}
            ticks[edge] = word
            axes.axhline(edge, color=MUTED, linewidth=0.9, linestyle=(0, (2, 3)))
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.tick_params(labelsize=SMALL + 0.5, labelcolor=INK)
    axes.grid(visible=True, axis="y")


def caption(gradients: Gradients) -> str:
    """Say how to read the lines, and what is missing."""
    seeds = count_words(len(profile.values) for profile in gradients.profiles)
    over = "" if gradients.is_absolute else ", over that of the last hidden layer"
    sentences = [
        f"Norm of each hidden kernel's gradient before the first update{over}: strong"
        f" lines are medians of {seeds} seeds, faint"
        " lines or bands all of them. The number by a name is the first layer's"
        " median."
    ]
    if sum(len(p.profiles) for p in gradients.panels()) < len(gradients.profiles):
        sentences.append(
            "Arms that start alike share a line, named by what their names share."
        )
    values = np.concatenate([p.values.ravel() for p in gradients.profiles])
    if (values == 0).any():
        sentences.append("Triangles at 0 are gradients too small for single precision.")
    if np.isposinf(values).any():
        sentences.append("Triangles at ∞ are gradients too large for it.")
    if gradients.num_left_out:
        sentences.append(
            f"Left out: {gradients.num_left_out:,} runs whose last gradient is zero or"
            " no number."
        )
    if gradients.missing:
        sentences.append(f"Not run: {'; '.join(gradients.missing)}.")
    return " ".join(sentences)


def describe(gradients: Gradients) -> str:
    """Say the first layer's gradient of every arm in words."""
    parts = []
    for depth in gradients.depths:
        arms = []
        for profile in gradients.of_depth(depth):
            ends = [factor(profile.quantile(share)[0]) for share in (0.0, 0.5, 1.0)]
            count = num_balanced(profile, gradients.reach)
            arms.append(
                f"{profile.name}: {ends[1]} (seeds {ends[0]} to {ends[2]};"
                f" {count} of {len(profile.values)} within"
                f" a factor of {gradients.reach:,.0f}{' of 1' * gradients.is_absolute})"
            )
        parts.append(f"{depth:,} hidden layers: {', '.join(arms)}")
    over = "" if gradients.is_absolute else " over that of the last"
    text = (
        f"Gradient norm of the first hidden layer{over}, before the"
        f" first update, median over seeds. {'. '.join(parts)}."
    )
    if gradients.missing:
        text += f" Not run: {'; '.join(gradients.missing)}."
    return text
