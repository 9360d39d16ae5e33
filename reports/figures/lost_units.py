"""Draw what it costs networks to lose units, by how many they lose."""

from __future__ import annotations

import numpy as np

from ablations.experiments.readouts.units import UnitAblationConfig
from reports.figures.ladders import Ladder, Ladders, Panel, draw
from reports.figures.source import Source

__all__ = ["NAME", "draw", "read"]

NAME = "lost_units"


def read(source: Source) -> Ladders | None:
    """Return the loss that is added, a panel per loss at which networks are taken."""
    found: dict[float, list[Ladder]] = {}
    ticks: dict[float, str] = {}
    for runs in source.all_runs():
        config = runs.config
        if not isinstance(config, UnitAblationConfig):
            continue
        places = {float(np.log2(k)): k for k in sorted(config.lost)}
        ticks |= {place: f"{k}" for place, k in places.items()}
        values = [runs.final(f"log10_added_loss_{k}") for k in places.values()]
        name, _, _ = runs.name.partition(", ")
        ladder = Ladder(name, np.array([*places]), np.stack(values, axis=1))
        found.setdefault(config.target_loss, []).append(ladder)
    if len(ticks) < 2:
        return None
    panels = tuple(
        Panel(f"log10 of the loss added, at a loss of {target:g}", tuple(ladders))
        for target, ladders in found.items()
    )
    return Ladders(
        NAME,
        "units set to zero, of those of one hidden layer",
        ticks,
        panels,
        "What taking random units adds to the loss on the training rows, mean over"
        " layers and choices, for networks taken at the same loss. Both axes are"
        " logarithmic.",
    )
