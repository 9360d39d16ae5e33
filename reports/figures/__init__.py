"""The figures, one module each: `read` computes what `draw` draws."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reports.drawing.picture import Picture
from reports.figures import boundary, kaplan_meier
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


def figure_names(source: Source) -> list[str]:
    """Return which figures a claim has: the one it names, then those its kinds need.

    Where something changes along a factor there is a boundary, and times have their
    curves. All else stands in the lists and the table of the card.
    """
    names = [source.verdict.figure] if source.verdict.figure else []
    if any(panel.is_mixed for panel in boundary.read(source) or ()):
        names.append(boundary.NAME)
    if kaplan_meier.read(source):
        names.append(kaplan_meier.NAME)
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
