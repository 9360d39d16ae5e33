"""Draw a probe's number in every layer, at the start and at the end of training."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, takewhile

import numpy as np
from matplotlib.axes import Axes

from reports.drawing.labels import EndLabel, line_look, room_for, write_ends
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

LEFT = 56.0
LABELS = 128.0
HEADER = 30.0
TITLE = 24.0
AXIS = 30.0
FOOT = 26.0
SMALLEST_PANEL = 170.0
MARGIN = 0.05


@dataclass(frozen=True)
class Moment:
    """The profiles of all arms after the same part of training.

    Attributes:
        words: When, as in `at the start`.
        profiles: One per arm, in the claim's order.
    """

    words: str
    profiles: tuple[Profile, ...]


@dataclass(frozen=True)
class Layers:
    """A probe at several moments.

    Attributes:
        probe: Its name.
        moments: In order of time.
        missing: Names of arms without it.
    """

    probe: str
    moments: tuple[Moment, ...]
    missing: tuple[str, ...]

    def look(self, profile: Profile) -> dict[str, object]:
        """Return an arm's color and dashes, the same at all moments."""
        names = dict.fromkeys(p.name for m in self.moments for p in m.profiles)
        return line_look(list(names).index(profile.name))

    @property
    def values(self) -> np.ndarray:
        """All finite numbers."""
        parts = [p.values.ravel() for m in self.moments for p in m.profiles]
        values = np.concatenate(parts)
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
    """Return the first probe that any arm recorded, at its first and last record."""
    arms = list(source.all_runs())
    for probe in WORDS:
        having = [runs for runs in arms if _first_layer(runs, probe) is not None]
        moments = [collect(having, probe, which) for which in (0, -1)] if having else []
        told = tuple(m for m in moments if m is not None and m.profiles)
        if told:
            named = {p.name for m in told for p in m.profiles}
            missing = tuple(name for name in source.claim.arms if name not in named)
            is_once = len({moment.words for moment in told}) == 1
            return Layers(probe, told[:1] if is_once else told, missing)
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


def collect(arms: list[ArmRuns], probe: str, which: int) -> Moment:
    """Return a probe at the first or the last record of each arm."""
    profiles, updates = [], []
    for runs in arms:
        steps = runs.table.arrays["steps"]
        known = steps[(steps >= 0).all(axis=1)]
        if not len(known):
            continue
        update = int(known[0][which])
        values = recorded_at(steps, _recorded(runs, probe), update)
        kept = ~np.isnan(values).all(axis=1)
        if kept.any():
            first = _first_layer(runs, probe) or 0
            last = first + values.shape[1] - 1
            profiles.append(Profile(runs.name, last, values[kept], first))
            updates.append(update)
    return Moment(when(updates), tuple(profiles))


def when(updates: list[int]) -> str:
    """Say after how many updates something was recorded."""
    if not any(updates):
        return "at the start"
    return f"after {count_words(updates)} updates"


def draw(layers: Layers) -> Picture:
    """Draw one panel per moment, all on the same axis."""
    alternative = describe(layers)
    low, high = ends_of(layers)
    labels = [
        [
            EndLabel(
                profile.name,
                "",
                (float(_last(_place(layers, profile.median), low)) - low)
                / (high - low),
                str(layers.look(profile)["color"]),
            )
            for profile in moment.profiles
        ]
        for moment in layers.moments
    ]
    heights = [max(SMALLEST_PANEL, room_for(each)) for each in labels]
    total = HEADER + sum(heights) + len(heights) * (TITLE + AXIS) + FOOT
    with style():
        figure = new_figure(total)
        figure.text(8 / WIDTH, 1 - 18 / total, WORDS[layers.probe], fontsize=12)
        top = total - HEADER
        for moment, names, height in zip(layers.moments, labels, heights, strict=True):
            axes = figure.add_axes(
                (
                    LEFT / WIDTH,
                    (top - TITLE - height) / total,
                    (WIDTH - LEFT - LABELS) / WIDTH,
                    height / total,
                )
            )
            axes.set_ylim(low, high)
            _draw_panel(axes, layers, moment)
            axes.text(
                0,
                1 + 9 / height,
                moment.words,
                transform=axes.transAxes,
                fontweight="bold",
            )
            write_ends(axes, names)
            top -= TITLE + height + AXIS
        axes.set_xlabel("hidden layer", fontsize=12)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(layers), alternative)


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


def _draw_panel(axes: Axes, layers: Layers, moment: Moment) -> None:
    deepest = max(profile.depth for profile in moment.profiles)
    for profile in moment.profiles:
        draw_profile(
            axes,
            profile.layers,
            _place(layers, profile.values),
            _place(layers, profile.median),
            layers.look(profile),
        )
    first = min(profile.first_layer for profile in moment.profiles)
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
    axes.tick_params(labelsize=SMALL + 0.5)
    axes.grid(visible=True, axis="y")


def caption(layers: Layers) -> str:
    """Say how to read the lines, and what is missing."""
    counts = [len(p.values) for m in layers.moments for p in m.profiles]
    words = WORDS[layers.probe]
    text = (
        f"{words[:1].upper()}{words[1:]} in every hidden layer: strong lines are"
        f" medians of {count_words(counts)} seeds, faint lines or bands all of them."
    )
    if layers.is_logarithmic and any(
        (p.values == 0).any() for m in layers.moments for p in m.profiles
    ):
        text += " Zeros are drawn at the lower end."
    if any(np.isinf(p.values).any() for m in layers.moments for p in m.profiles):
        text += " Numbers too large for single precision are drawn at the upper end."
    return f"{text} Not drawn: {'; '.join(layers.missing)}." if layers.missing else text


def describe(layers: Layers) -> str:
    """Say the first and the last layer's number of every arm in words."""
    parts = []
    for moment in layers.moments:
        arms = []
        for profile in moment.profiles:
            first, last = (brief(profile.median[place]) for place in (0, -1))
            arms.append(
                f"{profile.name} from {first} in layer {profile.first_layer} to {last}"
                f" in layer {profile.depth:,}"
            )
        parts.append(f"{moment.words}: {', '.join(arms)}")
    text = f"{WORDS[layers.probe]}, median over seeds, {'; '.join(parts)}."
    text = f"{text[:1].upper()}{text[1:]}"
    return f"{text} Not drawn: {'; '.join(layers.missing)}." if layers.missing else text
