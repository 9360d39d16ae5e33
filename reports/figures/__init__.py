"""The figures, one module each: `read` computes what `draw` draws.

`FIGURES` names them as claims do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reports.drawing.picture import Picture
from reports.figures import (
    boundaries,
    boundary,
    checks,
    conditions,
    curves,
    depth_limits,
    divergence_map,
    early_stopping,
    effects,
    ensemble_variance,
    gradient_depth,
    hidden_space,
    kaplan_meier,
    layer_profile,
    lost_units,
    penalty_curve,
    rate_limits,
    rescue_matrix,
    retention_surface,
    stuck,
    success_by_width,
)
from reports.figures.source import Source
from reports.figures.tidy import tidy_csv

FIGURES: dict[str, tuple[Callable[[Source], Any], Callable[[Any], Picture]]] = {
    module.NAME: (module.read, module.draw)
    for module in (
        boundaries,
        boundary,
        checks,
        conditions,
        curves,
        depth_limits,
        divergence_map,
        early_stopping,
        effects,
        ensemble_variance,
        gradient_depth,
        hidden_space,
        kaplan_meier,
        layer_profile,
        lost_units,
        penalty_curve,
        rate_limits,
        rescue_matrix,
        retention_surface,
        stuck,
        success_by_width,
    )
}
"""How each figure reads its data, None when they are missing, and draws them."""


def figure_names(source: Source) -> list[str]:
    """Return which figures a claim has: the one it names, then those its kinds need.

    Conditions along a factor have their boundary, times their curves, comparisons their
    effects, and whatever has an estimate stands among the conditions; exact checks
    stand beside what is implied.
    """
    estimated = [
        condition
        for condition in source.record["conditions"]
        if condition["kind"] != "exact" and condition["estimate"] is not None
    ]
    kinds = {condition["kind"] for condition in estimated}
    named = source.record.get("figure")
    names = [named] if named else []
    if boundary.read(source):
        names.append(boundary.NAME)
    if kinds & set(kaplan_meier.KINDS):
        names.append(kaplan_meier.NAME)
    if kinds & set(effects.KINDS):
        names.append(effects.NAME)
    if estimated:
        names.append(conditions.NAME)
    if checks.read(source):
        names.append(checks.NAME)
    return list(dict.fromkeys(names))


def draw_figures(source: Source) -> tuple[list[Picture], list[str]]:
    """Return a claim's figures, and one sentence for each that cannot be drawn."""
    pictures, missing = [], []
    for name in figure_names(source):
        if name not in FIGURES:
            missing.append(f"There is no figure called {name}.")
            continue
        read, draw = FIGURES[name]
        data = read(source)
        if data is None:
            words = name.replace("_", " ")
            missing.append(
                f"The figure “{words}” is left out: the runs it needs are not there."
            )
        else:
            pictures.append(replace(draw(data), numbers=tidy_csv(data)))
    return pictures, missing
