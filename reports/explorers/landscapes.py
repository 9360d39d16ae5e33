"""Walk down four landscapes of two weights by the printed rules of optimizers.

Nothing is trained: gradients are exact, in float64, or have noise that is the same in
every walk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ablations.measures.landscapes import wells
from ablations.measures.landscapes.descent import (
    PRINTED,
    Gradient,
    descend,
    noisy,
    saddle,
)
from ablations.measures.landscapes.valleys import bowl

UPDATES, WATCHED = 60, 120
"""Updates that are shown, and those through which a walk must stay where it arrived."""

FRAME = np.array([1.6, 1.2])
"""Largest distance from zero along both weights that is shown."""

DECIMALS = 2
"""Decimals of a place, which is a pixel on a phone."""

CURVATURES = np.array([1.0, 20.0])
"""Of the ravine: along it and across."""

PIT = 0.4
"""Width of the pit."""

LATE, NOWHERE = 20, 0.1
"""Updates that tell whether a walk swings, and the way up to which it stands."""


@dataclass(frozen=True)
class Landscape:
    """A loss of two weights, and what one wants there.

    Attributes:
        words: What it looks like.
        loss: The loss `[...]` of weights `[..., 2]`.
        gradient: Its gradient.
        start: Where walks begin.
        goal: Loss that a walk is to reach.
        levels: Losses whose contours are drawn, increasing.
        bottom: Where the loss is the lowest, None where it has no bottom.
    """

    words: str
    loss: Callable[[np.ndarray], np.ndarray]
    gradient: Gradient
    start: tuple[float, float]
    goal: float
    levels: tuple[float, ...]
    bottom: tuple[float, float] | None


def _in_ravine(w: np.ndarray) -> np.ndarray:
    return 0.5 * (CURVATURES * w * w).sum(axis=-1)


def _in_pit(w: np.ndarray) -> np.ndarray:
    return -np.exp(-(w * w).sum(axis=-1) / (2.0 * PIT**2))


def _towards_pit(w: np.ndarray) -> np.ndarray:
    return -_in_pit(w)[..., None] * w / PIT**2


def _in_valleys(w: np.ndarray) -> np.ndarray:
    return wells.loss(w[..., 0]) + 0.5 * w[..., 1] ** 2


def _across_valleys(w: np.ndarray) -> np.ndarray:
    return np.stack([wells.slope(w[..., 0]), w[..., 1]], axis=-1)


LANDSCAPES = {
    "ravine": Landscape(
        words="a ravine, 20 times as steep across as along",
        loss=_in_ravine,
        gradient=bowl(CURVATURES),
        start=(-1.4, 0.8),
        goal=0.01 * float(_in_ravine(np.array([-1.4, 0.8]))),
        levels=(0.05, 0.2, 0.6, 1.4, 3.0, 6.0, 10.0),
        bottom=(0.0, 0.0),
    ),
    "saddle": Landscape(
        words="a saddle: down to the top and bottom edge",
        loss=lambda w: w[..., 0] ** 2 - w[..., 1] ** 2,
        gradient=saddle,
        start=(-1.4, 0.001),
        goal=-0.9,
        levels=(-0.9, -0.5, -0.2, 0.0, 0.2, 0.5, 1.0, 1.7),
        bottom=None,
    ),
    "plateau": Landscape(
        words="a plateau around a pit",
        loss=_in_pit,
        gradient=_towards_pit,
        start=(-1.3, 0.8),
        goal=-0.9,
        levels=(-0.9, -0.6, -0.3, -0.1, -0.02, -0.002),
        bottom=(0.0, 0.0),
    ),
    "two valleys": Landscape(
        words="two valleys, the right one is deeper",
        loss=_in_valleys,
        gradient=_across_valleys,
        start=(-1.5, 0.9),
        goal=-0.05,
        levels=(-0.05, 0.05, 0.14, 0.23, 0.4, 0.7, 1.0),
        bottom=(wells.minima()[1], 0.0),
    ),
}
"""The landscapes by name."""


@dataclass(frozen=True)
class Walk:
    """What became of one walk.

    Attributes:
        places: Where it came by, the start first, up to the frame `[1 + updates, 2]`.
        updates: After how many updates it had reached the goal for good, None if never.
        case: `there`, `thrown` out of the frame, `swings`, `stands` or else `short`.
    """

    places: np.ndarray
    updates: int | None
    case: str


def walk(
    landscape: str,
    optimizer: str,
    rate: float,
    noise: float = 0.0,
    **settings: float,
) -> Walk:
    """Walk down a landscape for 60 updates, or until its frame is left.

    Args:
        landscape: Its name.
        optimizer: Name of a printed rule.
        rate: Learning rate.
        noise: Deviation of normal noise on each entry of a gradient.
        settings: Further numbers of the rule.
    """
    surface = LANDSCAPES[landscape]
    rule = partial(PRINTED[optimizer], **settings)
    gradient = noisy(surface.gradient, noise) if noise else surface.gradient
    # A walk may overflow where it is not shown any more.
    with np.errstate(over="ignore", invalid="ignore"):
        path = descend(rule, gradient, np.array(surface.start), WATCHED, rate)
    outside = ~(np.abs(path) <= FRAME).all(axis=1)
    end = int(outside.argmax()) if outside.any() else WATCHED
    reached = surface.loss(path[: end + 1]) <= surface.goal
    updates = end + 1 - int(reached[::-1].argmin())
    is_left, has_arrived = outside[: UPDATES + 1].any(), updates <= min(end, UPDATES)
    path = path[: min(end, UPDATES) + 1]
    if is_left:
        path[-1] = _to_frame(path[-2], path[-1])
    case = "there" if has_arrived else "thrown" if is_left else _case(path)
    places = np.round(path, DECIMALS) + 0.0
    return Walk(places, updates if has_arrived else None, case)


def _to_frame(inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Return where a step leaves the frame."""
    step = outside - inside
    reach = (np.sign(step) * FRAME - inside)[step != 0.0] / step[step != 0.0]
    return inside + reach.min() * step


def _case(path: np.ndarray) -> str:
    """Return what became of a walk that is inside the frame and not at the goal."""
    steps = np.diff(path, axis=0)
    late = (steps[1:] * steps[:-1]).sum(axis=1)[-LATE:]
    if np.mean(late < 0.0) >= 0.5:
        return "swings"
    return "stands" if np.linalg.norm(path[-1] - path[0]) < NOWHERE else "short"
