"""Draw a probe's number in every layer, at the start and at the end of training."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from itertools import count, takewhile

import numpy as np
from matplotlib.axes import Axes

from reports.drawing.cells import whole_percent
from reports.drawing.labels import EndLabel, accent_look, room_for, write_ends
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.profiles import (
    Profile,
    brief,
    decade_ticks,
    draw_profile,
    layer_ticks,
    recorded_at,
)
from reports.figures.seeds import count_words
from reports.figures.source import ArmRuns, Source
from reports.numbers import decade, plain

NAME = "layer_profile"
OF_LAYER = "test_accuracy_of_layer_"
"""What the names of curves begin with that hold a linear probe's test accuracy."""

WORDS = {
    OF_LAYER: "test accuracy of a linear probe of the layer",
    "kernel_update_ratio": "size of an update over size of the kernel",
    "kernel_gradient_norm": "norm of the kernel's gradient",
    "activation_second_moment": "mean square of the activations",
    "activation_variance": "variance of the activations",
    "activation_mean": "mean of the activations",
    "preactivation_second_moment": "mean square of the pre-activations",
    "slope_second_moment": "mean square of the activation's slope",
    "saturated_share": "share of saturated activations",
    "dead_share": "share of units that are positive on no row",
}
"""What is told of every layer; the first that any arm recorded is drawn."""

PER_KERNEL = ("kernel_update_ratio", "kernel_gradient_norm")
SHARES = (OF_LAYER, "saturated_share", "dead_share")
DECADES = 1.5
"""Orders of magnitude from which on positive numbers have a log axis."""

LEFT = 52.0
LABELS = 130.0
HEADER = 46.0
FOOT = 44.0
SMALLEST_PANEL = 190.0
LONGEST_LINE = 46
MARGIN = 0.05


@dataclass(frozen=True)
class Layers:
    """A probe of all arms at its last record.

    Attributes:
        probe: Its name.
        when: After how much training, in words.
        profiles: One per arm, in the claim's order.
        missing: Names of arms without it.
    """

    probe: str
    when: str
    profiles: tuple[Profile, ...]
    missing: tuple[str, ...]

    @property
    def values(self) -> np.ndarray:
        """All finite numbers."""
        values = np.concatenate([p.values.ravel() for p in self.profiles])
        return values[np.isfinite(values)]

    @property
    def is_logarithmic(self) -> bool:
        """Whether positive numbers span so much that only their exponents tell."""
        values = self.values
        positive = values[values > 0]
        if self.probe in SHARES or (values < 0).any() or not len(positive):
            return False
        return bool(np.log10(positive.max() / positive.min()) > DECADES)


def read(source: Source) -> Layers | None:
    """Return the first probe that any arm recorded, at its last record."""
    arms = list(source.all_runs())
    for probe in WORDS:
        having = [runs for runs in arms if _first_layer(runs, probe) is not None]
        found = collect(having, probe) if having else None
        if found is not None and found.profiles:
            named = {profile.name for profile in found.profiles}
            missing = tuple(name for name in source.claim.arms if name not in named)
            return replace(found, missing=missing)
    return None


def _first_layer(runs: ArmRuns, probe: str) -> int | None:
    """Return the first layer that a probe told of, None where it told of none."""
    if probe != OF_LAYER:
        return 1 if runs.has(f"probe.{probe}", "steps") else None
    found = (n for n in (0, 1) if runs.has(f"curve.{OF_LAYER}{n}", "steps"))
    return next(found, None)


def _recorded(runs: ArmRuns, probe: str) -> np.ndarray:
    """Return what a probe told at every record `[S, T, L]`."""
    arrays = runs.table.arrays
    if probe != OF_LAYER:
        values = arrays[f"probe.{probe}"]
        return values[:, :, :-1] if probe in PER_KERNEL else values
    layers = count(_first_layer(runs, probe) or 0)
    names = (f"curve.{OF_LAYER}{n}" for n in layers)
    return np.stack([arrays[n] for n in takewhile(arrays.__contains__, names)], axis=2)


def collect(arms: list[ArmRuns], probe: str) -> Layers:
    """Return a probe at the last record of each arm."""
    profiles, updates = [], []
    for runs in arms:
        steps = runs.table.arrays["steps"]
        known = steps[(steps >= 0).all(axis=1)]
        if not len(known):
            continue
        update = int(known[0][-1])
        values = recorded_at(steps, _recorded(runs, probe), update)
        kept = ~np.isnan(values).all(axis=1)
        if kept.any():
            first = _first_layer(runs, probe) or 0
            last = first + values.shape[1] - 1
            profiles.append(Profile(runs.name, last, values[kept], first))
            updates.append(update)
    return Layers(probe, when(updates), tuple(profiles), ())


def when(updates: list[int]) -> str:
    """Say after how many updates something was recorded."""
    if not any(updates):
        return "at the start"
    return f"after {count_words(updates)} updates"


def draw(layers: Layers) -> Picture:
    """Draw a line per arm."""
    alternative = describe(layers)
    low, high = ends_of(layers)
    looks = [accent_look(place) for place in range(len(layers.profiles))]
    labels = [
        EndLabel(
            profile.name,
            "",
            (_last(_place(layers, profile.median), low) - low) / (high - low),
            look["color"],
        )
        for profile, look in zip(layers.profiles, looks, strict=True)
    ]
    height = max(SMALLEST_PANEL, room_for(labels))
    total = HEADER + height + FOOT
    with style():
        figure = new_figure(total)
        for n, line in enumerate(textwrap.wrap(WORDS[layers.probe], LONGEST_LINE)):
            figure.text(8 / WIDTH, 1 - (18 + 17 * n) / total, line, fontsize=SMALL)
        width = (WIDTH - LEFT - LABELS) / WIDTH
        axes = figure.add_axes((LEFT / WIDTH, FOOT / total, width, height / total))
        axes.set_ylim(low, high)
        for profile, look in zip(layers.profiles, looks, strict=True):
            shown, median = (
                _place(layers, values) for values in (profile.values, profile.median)
            )
            draw_profile(axes, profile.layers, shown, median, look)
        _set_axes(axes, layers)
        write_ends(axes, labels)
        axes.set_xlabel("hidden layer", fontsize=SMALL)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(layers), alternative, title=title(layers))


def _place(layers: Layers, values: np.ndarray) -> np.ndarray:
    """Return numbers as they stand on the axis; zeros at the end of a log axis."""
    low, high = ends_of(layers)
    if not layers.is_logarithmic:
        return np.clip(values, low, high)
    with np.errstate(divide="ignore"):
        return np.clip(np.log10(values), low, high)


def _last(values: np.ndarray, fallback: float) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else fallback


def ends_of(layers: Layers) -> tuple[float, float]:
    """Return the ends of the axis; exponents where it is logarithmic."""
    if layers.probe in SHARES:
        return 0.0, 1.0
    values = layers.values
    if layers.is_logarithmic:
        values = np.log10(values[values > 0])
    low, high = float(values.min()), float(values.max())
    if not layers.is_logarithmic:
        low = min(low, 0.0)
    room = MARGIN * ((high - low) or 1.0)
    return (low - room if low else 0.0), high + room


def _set_axes(axes: Axes, layers: Layers) -> None:
    deepest = max(profile.depth for profile in layers.profiles)
    first = min(profile.first_layer for profile in layers.profiles)
    numbers = {number: f"{number:,}" for number in layer_ticks(deepest)}
    numbers |= {} if first else {0: "inputs"}
    axes.set_xticks(list(numbers), list(numbers.values()))
    axes.set_xlim(first, max(deepest, 2))
    if layers.is_logarithmic:
        ticks = decade_ticks(*ends_of(layers))
        axes.set_yticks(ticks, [decade(10.0**tick) for tick in ticks])
    elif layers.probe in SHARES:
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    else:
        axes.yaxis.set_major_formatter(lambda value, _: plain(value))
    axes.grid(visible=True, axis="y")


def title(layers: Layers) -> str:
    """Say from where to where the first arm goes, from its first to its last layer."""
    profile = layers.profiles[0]
    first, last = (_say(layers, profile.median[place]) for place in (0, -1))
    verb = "stays at" if first == last else f"goes from {first} to"
    words = WORDS[layers.probe]
    return f"{words[:1].upper()}{words[1:]}: with {profile.name} it {verb} {last}"


def _say(layers: Layers, value: float) -> str:
    return whole_percent(value) if layers.probe in SHARES else brief(value)


def caption(layers: Layers) -> str:
    """Say what is drawn, and what is missing."""
    counts = [len(profile.values) for profile in layers.profiles]
    text = (
        f"In every hidden layer, {layers.when}: strong lines are medians of"
        f" {count_words(counts)} seeds, faint lines or bands all of them."
    )
    if layers.is_logarithmic and any((p.values == 0).any() for p in layers.profiles):
        text += " Zeros are drawn at the lower end."
    if any(np.isinf(p.values).any() for p in layers.profiles):
        text += " Numbers too large for single precision are drawn at the upper end."
    return f"{text} Not drawn: {'; '.join(layers.missing)}." if layers.missing else text


def describe(layers: Layers) -> str:
    """Say the first and the last layer's number of every arm in words."""
    arms = []
    for profile in layers.profiles:
        first, last = (brief(profile.median[place]) for place in (0, -1))
        arms.append(
            f"{profile.name} from {first} in layer {profile.first_layer} to {last}"
            f" in layer {profile.depth:,}"
        )
    words = WORDS[layers.probe]
    text = f"{words}, median over seeds, {layers.when}: {', '.join(arms)}."
    text = f"{text[:1].upper()}{text[1:]}"
    return f"{text} Not drawn: {'; '.join(layers.missing)}." if layers.missing else text
