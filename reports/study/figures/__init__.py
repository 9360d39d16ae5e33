"""The figures of a study, one module each: `read` computes what `draw` draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.study.figures import (
    baselines,
    calibration,
    costs,
    curves,
    effects,
    interactions,
    residuals,
)

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult
    from reports.drawing.picture import Picture

FIGURES = (effects, interactions, curves, calibration, residuals, baselines, costs)
"""The modules, in the order of the page."""


def draw_figures(result: StudyResult) -> dict[str, Picture]:
    """Return every figure that the study has data for, by its name."""
    pictures = {}
    for module in FIGURES:
        data = module.read(result)
        if data is not None:
            pictures[module.NAME] = module.draw(data)
    return pictures
