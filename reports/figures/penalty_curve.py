"""Draw what a penalty does to weights, errors and smoothness, by its strength."""

from __future__ import annotations

import numpy as np

from ablations.experiments.penalty import PenaltyConfig
from reports.figures.ladders import Ladder, Ladders, Panel, draw
from reports.figures.source import Source

__all__ = ["NAME", "draw", "read"]

NAME = "penalty_curve"
MEASURED = {
    "accuracy": "training accuracy, false labels included",
    "test_accuracy": "test accuracy",
    "log10_weight_norm": "log10 of the norm of all kernels",
    "log10_roughness": "log10 of the roughness",
}
NONE = 0.75
"""Decades below the weakest penalty at which no penalty stands."""

PLAIN = "Adam"
"""What the line of arms without further words is called."""


def read(source: Source) -> Ladders | None:
    """Return the measurements of arms with penalties, by what their names add."""
    if source.claim is None:
        return None
    lines: dict[str, dict[float, str]] = {}
    for name, arm in source.claim.arms.items():
        if isinstance(arm.config, PenaltyConfig) and not arm.config.decay:
            _, _, setting = name.partition(", ")
            lines.setdefault(setting or PLAIN, {})[arm.config.l2] = name
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


def _ladders(source: Source, name: str, arms: dict[float, str]) -> dict[str, Ladder]:
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
