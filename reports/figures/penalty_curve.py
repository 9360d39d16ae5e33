"""Draw what a penalty does to weights, errors and smoothness, by its strength."""

from __future__ import annotations

import numpy as np

from ablations.protocol.arm import Arm
from reports.figures.ladders import Ladder, Ladders, Panel, draw
from reports.figures.source import Source, name_without, number_of

__all__ = ["NAME", "draw", "read"]

NAME = "penalty_curve"
PENALTY = "penalty"
"""The factor, as arms' levels name it."""

MEASURED = {
    "accuracy": "training accuracy, false labels included",
    "test_accuracy": "test accuracy",
    "log10_weight_norm": "log10 of the norm of all kernels",
    "log10_roughness": "log10 of the roughness",
}
NONE = 0.75
"""Decades below the weakest penalty at which no penalty stands."""


def read(source: Source) -> Ladders | None:
    """Return the measurements of arms with penalties, by their other levels."""
    lines: dict[str, dict[float, Arm]] = {}
    for arm in source.arms:
        l2 = number_of(arm, PENALTY)
        if l2 is not None:
            lines.setdefault(name_without(arm, PENALTY), {})[l2] = arm
    strengths = sorted({l2 for line in lines.values() for l2 in line if l2})
    if not strengths:
        return None
    places = {l2: float(np.log10(l2)) for l2 in strengths}
    places[0.0] = places[strengths[0]] - NONE
    found = [
        _ladders(source, name, {places[l2]: arm for l2, arm in sorted(line.items())})
        for name, line in lines.items()
    ]
    panels = tuple(
        Panel(title, tuple(one[metric] for one in found if one))
        for metric, title in MEASURED.items()
    )
    if not panels[0].ladders:
        return None
    return Ladders(
        NAME,
        "strength of the penalty",
        {place: f"{l2:g}" if l2 else "none" for l2, place in places.items()},
        panels,
        "Networks under an L2 penalty, after training. The rougher a function, the"
        " faster its probabilities change with the inputs. The axis is logarithmic,"
        " but for no penalty at its left end.",
        frozenset(places[l2] for l2 in strengths if _is_between(l2)),
    )


def _is_between(l2: float) -> bool:
    """Return whether a strength lies between powers of ten."""
    exponent = np.log10(l2)
    return bool(abs(exponent - round(exponent)) > 1e-6)


def _ladders(source: Source, name: str, arms: dict[float, Arm]) -> dict[str, Ladder]:
    """Return the line of every measurement, none where an arm has no runs."""
    runs = [source.runs(arm) for arm in arms.values()]
    tables = [each for each in runs if each is not None]
    there = np.array([place for place, each in zip(arms, runs, strict=True) if each])
    if len(tables) < 2:
        return {}
    num_seeds = min(len(each.table) for each in tables)
    return {
        metric: Ladder(
            name,
            there,
            np.stack([each.final(metric)[:num_seeds] for each in tables], axis=1),
        )
        for metric in MEASURED
    }
