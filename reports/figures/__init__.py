"""The figures, one module each: `read` computes what `draw` draws.

`FIGURES` names them as claims do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reports.figures import (
    boundaries,
    conditions,
    curves,
    hidden_space,
    stuck,
    success_by_width,
)
from reports.figures.picture import Picture
from reports.figures.source import Source

FIGURES: dict[str, tuple[Callable[[Source], Any], Callable[[Any], Picture]]] = {
    module.NAME: (module.read, module.draw)
    for module in (
        boundaries,
        conditions,
        curves,
        hidden_space,
        stuck,
        success_by_width,
    )
}
"""How each figure reads its data, None when they are missing, and draws them."""


def figure_names(source: Source) -> list[str]:
    """Return which figures a claim has: the one it names, then its conditions.

    Conditions are drawn wherever one has an interval; exact checks have none.
    """
    named = source.record.get("figure")
    names = [named] if named else []
    has_intervals = any(
        condition["kind"] != "exact" and condition["estimate"] is not None
        for condition in source.record["conditions"]
    )
    if has_intervals and conditions.NAME not in names:
        names.append(conditions.NAME)
    return names


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
            pictures.append(draw(data))
    return pictures, missing
