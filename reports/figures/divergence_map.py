"""Draw at which initial gains and learning rates runs diverge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from ablations.protocol.network_runs import ArmConfig
from ablations.training.config import TrainingConfig
from reports.drawing.cells import Box, add_canvas, draw_cell, whole_percent
from reports.drawing.palette import BLUE
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.seeds import count_words
from reports.figures.source import Source
from reports.numbers import plain

NAME = "divergence_map"
LEFT = 58.0
RIGHT = 8.0
ROW = 40.0
TITLE = 30.0
HEADER = 26.0
AXIS = 44.0
WIDEST = 118.0

Place = tuple[float, float]
"""An initial gain and a learning rate."""


@dataclass(frozen=True)
class Map:
    """The arms that differ in gain and learning rate only.

    Attributes:
        words: What distinguishes them from the other maps, by aspect.
        lost: Whether each run diverged or failed `[S]` by place; None where nothing
            was run.
    """

    words: tuple[str, ...]
    lost: dict[Place, np.ndarray | None]

    @property
    def gains(self) -> list[float]:
        """Initial gains, increasing."""
        return sorted({gain for gain, _ in self.lost})

    @property
    def rates(self) -> list[float]:
        """Learning rates, increasing."""
        return sorted({rate for _, rate in self.lost})

    def share(self, place: Place) -> float | None:
        """Return the share of runs that are lost, None where nothing was run."""
        lost = self.lost.get(place)
        return None if lost is None else float(np.mean(lost))


def read(source: Source) -> tuple[Map, ...] | None:
    """Return the shares of runs lost, a map for each kind of network."""
    found: dict[tuple[str, ...], dict[Place, np.ndarray | None]] = {}
    for arm in source.arms:
        runs = source.runs(arm)
        config = arm.config if runs is None else runs.config
        if not isinstance(config, ArmConfig):
            continue
        gains = {rule.gain for rule in config.model.per_layer("kernel_initializer")}
        if len(gains) != 1:
            continue
        place = (gains.pop(), config.training.optimizer.learning_rate)
        lost = None if runs is None else runs.table.status != "ok"
        found.setdefault(aspects(config), {}).setdefault(place, lost)
    maps = [Map(words, lost) for words, lost in found.items()]
    told = [
        each
        for each in maps
        if len(each.gains) > 1
        and len(each.rates) > 1
        and any(lost is not None for lost in each.lost.values())
    ]
    return tuple(told) or None


def aspects(config: ArmConfig) -> tuple[str, ...]:
    """Say what kind of network an arm is, aspect by aspect."""
    model = config.model
    activations = dict.fromkeys(a.name for a in model.per_layer("activation"))
    rules = dict.fromkeys(r.name for r in model.per_layer("kernel_initializer"))
    return (
        " and ".join(name.replace("_", " ") for name in activations),
        " and ".join(name.replace("_", " ") for name in rules),
        config.training.optimizer.name,
        f"{len(model.hidden_units):,} layers",
        _updates(config.training),
        "batch norm" if model.batch_norm else "",
        "skips" if model.skip else "",
        "clipping" if config.training.clip_kind else "",
    )


def _updates(training: TrainingConfig) -> str:
    """Say how long an arm trains: one that does not cannot diverge."""
    if training.num_steps is None:
        return f"{training.epochs:,} epochs"
    return f"{training.num_steps:,} updates"


def titles(maps: Iterable[Map]) -> list[str]:
    """Return what distinguishes maps from each other, nothing for a single one."""
    told = [each.words for each in maps]
    differ = [len(set(column)) > 1 for column in zip(*told, strict=True)]
    return [
        ", ".join(
            word
            for word, is_told in zip(words, differ, strict=True)
            if is_told and word
        )
        or ("plain" if any(differ) else "")
        for words in told
    ]


def draw(maps: tuple[Map, ...]) -> Picture:
    """Draw a table per kind of network, gains upwards and rates to the right."""
    alternative = describe(maps)
    names = titles(maps)
    heights = [
        (TITLE if name else 0.0) + HEADER + ROW * len(each.gains) + AXIS
        for name, each in zip(names, maps, strict=True)
    ]
    total = sum(heights)
    with style():
        figure = new_figure(total)
        axes = add_canvas(figure, total)
        top = 0.0
        for name, each, height in zip(names, maps, heights, strict=True):
            if name:
                axes.text(8, top + 20, name, fontweight="bold")
            _draw_map(axes, each, top + (TITLE if name else 0.0))
            top += height
        svg = to_svg(figure, name=NAME, alternative=alternative)
    runs = [len(lost) for m in maps for lost in m.lost.values() if lost is not None]
    caption = (
        "Share of runs that diverged or failed, by learning rate and by the factor on"
        f" the initial weights; {count_words(runs)} seeds per cell."
    )
    return Picture(NAME, svg, caption, alternative, title=title(maps))


def title(maps: tuple[Map, ...]) -> str:
    """Say from which initial gain on most runs diverge, whatever the rate."""
    each = maps[0]
    for gain in each.gains:
        shares = [each.share((gain, rate)) for rate in each.rates]
        if all(share is not None and share > 0.5 for share in shares):
            return f"With weights {gain:g} times as large, runs overflow at every rate"
    cells = [share for place in each.lost if (share := each.share(place)) is not None]
    most = sum(share > 0.5 for share in cells)
    return f"Most runs overflow in {most} of {len(cells)} settings"


def _draw_map(axes: Axes, each: Map, top: float) -> None:
    gains, rates = each.gains[::-1], each.rates
    width = min((WIDTH - LEFT - RIGHT) / len(rates), WIDEST)
    axes.text(8, top + 16, "initial gain", fontsize=SMALL)
    right = LEFT + len(rates) * width
    axes.text(right, top + 16, "runs that diverge", ha="right", fontsize=SMALL)
    top += HEADER
    for row, gain in enumerate(gains):
        y = top + (row + 0.5) * ROW
        axes.text(LEFT - 8, y, plain(gain), ha="right", va="center", fontsize=SMALL)
        for column, rate in enumerate(rates):
            box = Box(LEFT + column * width, top + row * ROW, width, ROW)
            draw_cell(axes, box, each.share((gain, rate)), BLUE)
    bottom = top + len(gains) * ROW
    for column, rate in enumerate(rates):
        axes.text(
            LEFT + (column + 0.5) * width,
            bottom + 14,
            plain(rate),
            ha="center",
            fontsize=SMALL,
        )
    middle = LEFT + len(rates) * width / 2
    axes.text(middle, bottom + 34, "learning rate", ha="center", fontsize=SMALL)


def describe(maps: tuple[Map, ...]) -> str:
    """Say in words where runs diverge, gain by gain."""
    parts = []
    for name, each in zip(titles(maps), maps, strict=True):
        gains = [_say(each, gain) for gain in each.gains]
        parts.append(f"{name}{': ' if name else ''}{'; '.join(gains)}")
    shares = [each.share(place) for each in maps for place in each.lost]
    known = [share for share in shares if share is not None]
    half = sum(share >= 0.5 for share in known)
    return (
        "Share of runs that diverged or failed by initial gain and learning rate:"
        f" at least half of them in {half} of {len(known)} cells, none in"
        f" {known.count(0.0)}. {'. '.join(parts)}."
    )


def _say(each: Map, gain: float) -> str:
    shares = [
        f"{plain(rate)} {'not run' if share is None else whole_percent(share)}"
        for rate in each.rates
        for share in (each.share((gain, rate)),)
    ]
    return f"gain {plain(gain)}: at learning rate {', '.join(shares)}"
