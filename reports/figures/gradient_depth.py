"""Draw how gradients fade or grow from the last layer back to the first."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ablations.protocol.claim import Claim
from ablations.protocol.network_runs import ArmConfig
from reports.drawing.labels import EndLabel, accent_look, room_for, write_ends
from reports.drawing.palette import INK, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.profiles import (
    Profile,
    brief,
    decade_ticks,
    draw_profile,
    layer_ticks,
    merge,
    recorded_at,
)
from reports.figures.seeds import count_words
from reports.figures.source import ArmRuns, Source, said, shared_factors
from reports.numbers import decade

NAME = "gradient_depth"
PROBE = "kernel_gradient_norm"
DEPTH = "depth"
"""The factor that is the same in all lines, as arms' levels name it."""

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
LABELS = 134.0
HEADER = 46.0
AXIS = 44.0
SMALLEST_PANEL = 200.0
MOST_LINES = 6
BAND_ALPHA = 0.16
MARGIN = 0.06
"""Room above and below all lines, as a share of their span."""


@dataclass(frozen=True)
class Gradients:
    """Gradient norms by arm, as they are or relative to the last hidden layer's.

    Attributes:
        profiles: Layers from the first to the last, of networks of one depth; the one
            that the claim is about first.
        num_starts: How many different starts there are of that depth.
        missing: Names of arms without runs.
        num_left_out: Runs whose last gradient is zero or no number.
        is_absolute: Whether norms are drawn as they are.
    """

    profiles: tuple[Profile, ...]
    num_starts: int
    missing: tuple[str, ...]
    num_left_out: int
    is_absolute: bool = False

    @property
    def reach(self) -> float:
        """Factor from 1 up to which gradients are as they should be."""
        return USUAL if self.is_absolute else BALANCED

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.profiles[0].depth


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
    """Return the gradients of arms of one depth before the first update."""
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
    head, *_ = (*source.claim.headline.arms(), *source.arms)
    profiles.sort(key=lambda profile: profile.name != head.name)
    lines = merge(called_apart(profiles))
    chosen = tuple(choose(lines))
    return Gradients(chosen, len(lines), tuple(missing), left_out, is_absolute)


def called_apart(profiles: list[Profile]) -> list[Profile]:
    """Return the profiles of the most frequent depth, by what sets them apart."""
    counts = Counter(profile.depth for profile in profiles)
    depth = max(counts, key=lambda depth: (counts[depth], depth))
    deep = [profile for profile in profiles if profile.depth == depth]
    shared = shared_factors([profile.levels for profile in deep])
    untold = {DEPTH, *LATER, *shared}
    return [
        p.called({f: p.levels[f] for f in p.levels if f not in untold}) for p in deep
    ]


def choose(profiles: list[Profile]) -> list[Profile]:
    """Return the first profile, and of many others some from the least to the most."""
    head, *others = profiles
    if len(profiles) <= MOST_LINES:
        return profiles
    others.sort(key=lambda profile: profile.median[0])
    places = np.linspace(0, len(others) - 1, MOST_LINES - 1).round().astype(int)
    return [head, *(others[place] for place in places)]


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


def draw(gradients: Gradients) -> Picture:
    """Draw a line per start, from the loss on the left back to the input."""
    alternative = describe(gradients)
    scale = scale_of(gradients.profiles, gradients.reach)
    looks = [accent_look(n) for n in range(len(gradients.profiles))]
    labels = [
        EndLabel(profile.name, factor(first), _height(first, scale), look["color"])
        for profile, look in zip(gradients.profiles, looks, strict=True)
        for first in (profile.median[0],)
    ]
    height = max(SMALLEST_PANEL, room_for(labels))
    total = HEADER + height + AXIS
    with style():
        figure = new_figure(total)
        axes = figure.add_axes(
            (
                LEFT / WIDTH,
                AXIS / total,
                (WIDTH - LEFT - LABELS) / WIDTH,
                height / total,
            )
        )
        over = "" if gradients.is_absolute else ", last layer = 1"
        words = f"size of the gradient{over}; shaded: as it should be"
        lines = textwrap.wrap(words, 46)
        for n, line in enumerate(lines):
            y = 1 - (18 + 17 * n) / total
            figure.text(8 / WIDTH, y, line, fontsize=SMALL)
        edge = np.log10(gradients.reach)
        axes.axhspan(-edge, edge, color=MUTED, alpha=BAND_ALPHA, linewidth=0)
        for profile, look in reversed(
            list(zip(gradients.profiles, looks, strict=True))
        ):
            _draw_line(axes, profile, look, scale)
        # Read as the gradient goes: from the loss back to the input.
        axes.set_xlim(1.02 * gradients.depth, 1)
        axes.set_ylim(scale.low, scale.high)
        numbers = layer_ticks(gradients.depth)
        axes.set_xticks(numbers, [f"{number:,}" for number in numbers])
        _set_decades(axes, scale)
        write_ends(axes, labels)
        axes.set_xlabel("hidden layer, last to first", fontsize=SMALL)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(gradients), alternative, title=title(gradients))


def _height(first: float, scale: Scale) -> float:
    place = float(scale.place(np.array(first))) if np.isfinite(first) else scale.high
    return (place - scale.low) / (scale.high - scale.low)


def _draw_line(
    axes: Axes, profile: Profile, look: dict[str, Any], scale: Scale
) -> None:
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
    axes.tick_params(labelcolor=INK)
    axes.grid(visible=True, axis="y")


def arrives(profile: Profile, reach: float) -> bool:
    """Return whether the first gradient is as it should be in most runs."""
    return num_balanced(profile, reach) > len(profile.values) / 2


def title(gradients: Gradients) -> str:
    """Say with which starts the gradient arrives, and how far it falls or grows."""
    reach = gradients.reach
    good = [p for p in gradients.profiles if arrives(p, reach)]
    bad = [p for p in gradients.profiles if not arrives(p, reach)]
    if not bad:
        return "The gradient arrives at the first layer from every start"
    worst = max(bad, key=lambda p: _distance(p.median[0]))
    first = factor(worst.median[0])
    verb = "falls to" if worst.median[0] < 1 else "grows to"
    if first.startswith(("under", "over")):
        verb, first = first.split()[0] + "s", " ".join(first.split()[1:])
    told = f"{verb} {first}".strip()
    if not good:
        return f"The gradient arrives from no start: with {said(worst.name)} it {told}"
    best = said(good[0].name)
    return f"With {best} the gradient arrives; with {said(worst.name)} it {told}"


def _distance(first: float) -> float:
    """Return how many orders of magnitude a gradient is away from 1."""
    return abs(float(np.log10(first))) if 0 < first < np.inf else np.inf


def caption(gradients: Gradients) -> str:
    """Say what is drawn, and what is missing."""
    seeds = count_words(len(profile.values) for profile in gradients.profiles)
    over = "" if gradients.is_absolute else ", over that of the last hidden layer"
    sentences = [
        f"Norm of each hidden kernel's gradient before the first update{over}, in"
        f" networks of {gradients.depth} layers: strong lines are medians of {seeds}"
        " seeds, faint ones single seeds. Numbers are those of the first layer."
    ]
    if gradients.num_starts > len(gradients.profiles):
        count = len(gradients.profiles)
        sentences.append(f"Shown are {count} of {gradients.num_starts} starts.")
    if gradients.num_left_out:
        sentences.append(
            f"Left out: {gradients.num_left_out:,} runs whose last gradient is zero or"
            " no number."
        )
    if gradients.missing:
        sentences.append(f"Not run: {'; '.join(gradients.missing)}.")
    return " ".join(sentences)


def describe(gradients: Gradients) -> str:
    """Say the first layer's gradient of every start in words."""
    told = []
    for profile in gradients.profiles:
        ends = [factor(profile.quantile(share)[0]) for share in (0.0, 0.5, 1.0)]
        count = num_balanced(profile, gradients.reach)
        told.append(
            f"{profile.name}: {ends[1]} (seeds {ends[0]} to {ends[2]};"
            f" {count} of {len(profile.values)} within"
            f" a factor of {gradients.reach:,.0f}{' of 1' * gradients.is_absolute})"
        )
    over = "" if gradients.is_absolute else " over that of the last"
    text = (
        f"Gradient norm of the first of {gradients.depth} hidden layers{over}, before"
        f" the first update, median over seeds: {', '.join(told)}."
    )
    if gradients.missing:
        text += f" Not run: {'; '.join(gradients.missing)}."
    return text
