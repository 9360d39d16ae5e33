"""The figures, one module each: `read` computes what `draw` draws."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reports.drawing.picture import Picture
from reports.figures import kaplan_meier
from reports.figures.source import Source
from reports.figures.tidy import tidy_csv

Figure = tuple[Callable[[Source], Any], Callable[[Any], Picture]]
"""How a figure reads its data, None when they are missing, and draws them."""


def _find() -> dict[str, Figure]:
    """Return the figures of this folder: every module with `NAME`, `read`, `draw`."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return {m.NAME: (m.read, m.draw) for m in modules if hasattr(m, "NAME")}


FIGURES = _find()
"""The figures by the names that claims use."""


def figure_name(source: Source) -> str | None:
    """Return the figure of a claim: the one it names, or that of its times.

    All else stands in the lists and the table of the card.
    """
    if source.claim.figure:
        return source.claim.figure
    return kaplan_meier.NAME if kaplan_meier.read(source) else None


def draw_figures(source: Source) -> tuple[list[Picture], list[str]]:
    """Return a claim's figure, or one sentence on why it cannot be drawn."""
    name = figure_name(source)
    if name is None:
        return [], []
    if name not in FIGURES:
        return [], [f"There is no figure called {name}."]
    read, draw = FIGURES[name]
    data = read(source)
    if data is None:
        words = name.replace("_", " ")
        why = f"The figure “{words}” is left out: the runs it needs are not there."
        return [], [why]
    return [replace(draw(data), numbers=tidy_csv(data))], []
