"""Draw a number per layer of every seed of an arm as one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ablations.protocol.arm import Level, name_of
from reports.figures.source import UNTOLD
from reports.numbers import decade

MOST_POINTS = 600
"""Points of all seeds together up to which every seed has a line of its own."""

MOST_TICKS = 6
SAME = 0.01
"""Relative difference below which two profiles are the same."""


@dataclass(frozen=True)
class Profile:
    """One number per layer and seed of an arm.

    Attributes:
        name: The arm's name.
        depth: Number of hidden layers.
        values: NaN where a run has none `[S, L]`.
        first_layer: Number of the first layer, 0 for the inputs.
        levels: The factors that set the arm apart.
    """

    name: str
    depth: int
    values: np.ndarray
    first_layer: int = 1
    levels: Mapping[str, Level] = field(default_factory=dict)

    def called(self, levels: Mapping[str, Level]) -> Profile:
        """Return the profile called by these levels."""
        return replace(self, name=name_of(levels) or UNTOLD, levels=levels)

    @property
    def layers(self) -> np.ndarray:
        """The numbers of the layers `[L]`."""
        return self.first_layer + np.arange(self.values.shape[1])

    @property
    def median(self) -> np.ndarray:
        """The median over the seeds that have a number, NaN where none has `[L]`."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> np.ndarray:
        """Return a quantile over the seeds that have a number `[L]`."""
        found = np.full(self.values.shape[1], np.nan)
        for layer, values in enumerate(self.values.T):
            there = np.sort(values[~np.isnan(values)])
            if len(there):
                # Between infinities no interpolation is a number.
                found[layer] = _interpolate(there, share)
        return found


def _interpolate(values: np.ndarray, share: float) -> float:
    place = share * (len(values) - 1)
    below, above = values[int(np.floor(place))], values[int(np.ceil(place))]
    if below == above or not np.isfinite(above - below):
        return float(below)
    return float(below + (place - np.floor(place)) * (above - below))


def merge(profiles: Sequence[Profile]) -> list[Profile]:
    """Return profiles without repetition, equal ones by the levels that they share."""
    groups: list[list[Profile]] = []
    for profile in profiles:
        same = next((g for g in groups if _is_same(g[0], profile)), None)
        if same is None:
            groups.append([profile])
        else:
            same.append(profile)
    shared = [
        dict(
            level
            for level in g[0].levels.items()
            if all(level in o.levels.items() for o in g)
        )
        for g in groups
    ]
    names = [name_of(levels) for levels in shared]
    return [
        group[0].called(levels) if name and names.count(name) == 1 else group[0]
        for group, levels, name in zip(groups, shared, names, strict=True)
    ]


def _is_same(one: Profile, other: Profile) -> bool:
    return one.values.shape == other.values.shape and np.allclose(
        one.values, other.values, rtol=SAME, atol=0.0, equal_nan=True
    )


def recorded_at(steps: np.ndarray, values: np.ndarray, update: int) -> np.ndarray:
    """Return what each run recorded after so many updates, NaN where nothing `[S, L]`.

    Args:
        steps: Numbers of updates `[S, T]`.
        values: `[S, T, L]`.
        update: Number of updates.
    """
    there = steps == update
    found = values[np.arange(len(values)), there.argmax(axis=1)].astype(np.float64)
    return np.where(there.any(axis=1)[:, None], found, np.nan)


def brief(value: float) -> str:
    """Write a number by two digits, or by its power of ten where that says it all."""
    if not np.isfinite(value):
        return "no number" if np.isnan(value) else "overflow"
    size = abs(value)
    if size == 0 or 1e-4 <= size < 1e4:
        return f"{value:.2g}" if size < 10 else f"{float(f'{value:.2g}'):,.0f}"
    return ("\N{MINUS SIGN}" if value < 0 else "") + decade(size)


def layer_ticks(depth: int) -> list[int]:
    """Return the layers that are numbered on an axis: first, last and round ones."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if depth / s <= 5)
    inner = [n for n in range(step, depth, step) if n > 1 and depth - n > step / 2]
    return [1, *inner, depth] if depth > 1 else [1]


def decade_ticks(low: float, high: float) -> list[int]:
    """Return exponents between two, 0 among them, at equal steps and not too many."""
    for step in (1, 2, 3, 5, 10, 20, 50):
        first, last = int(np.ceil(low / step)), int(np.floor(high / step))
        if last - first < MOST_TICKS:
            break
    return [step * n for n in range(first, last + 1)]


def draw_profile(
    axes: Axes,
    layers: Sequence[int] | np.ndarray,
    shown: np.ndarray,
    median: np.ndarray,
    look: dict[str, Any],
) -> None:
    """Draw all seeds faintly, as lines or as the band they fill, and the median.

    Args:
        axes: Where.
        layers: Numbers of layers `[L]`.
        shown: Places of the seeds on the axis `[S, L]`.
        median: Places of their median `[L]`.
        look: Color and dashes.
    """
    color = look["color"]
    x = np.asarray(layers, np.float64)
    if shown.size <= MOST_POINTS:
        # One path for all seeds is a third of the size of one for each.
        apart = np.concatenate([shown, np.full((len(shown), 1), np.nan)], axis=1)
        across = np.tile([*x, np.nan], len(shown))
        axes.plot(across, apart.ravel(), color=color, linewidth=0.7, alpha=0.4)
    else:
        there = ~np.isnan(shown).all(axis=0)
        low, high = np.nanmin(shown[:, there], 0), np.nanmax(shown[:, there], 0)
        around = np.concatenate([x[there], x[there][::-1]])
        axes.fill(
            around, np.concatenate([low, high[::-1]]), color=color, alpha=0.2, lw=0
        )
    axes.plot(x, median, **({"linewidth": 2.4} | look))
