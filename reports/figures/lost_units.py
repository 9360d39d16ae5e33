"""Draw what it costs networks to lose units, by how many they lose."""

from __future__ import annotations

import numpy as np

from ablations.experiments.readouts.units import UnitAblationConfig
from reports.figures.ladders import Ladder, Ladders, Panel, draw
from reports.figures.source import ArmRuns, Source, names_apart

__all__ = ["NAME", "draw", "read"]

NAME = "lost_units"


def read(source: Source) -> Ladders | None:
    """Return the loss that is added, a panel per loss at which networks are taken."""
    found: dict[float, list[tuple[ArmRuns, tuple[int, ...]]]] = {}
    ticks: dict[float, str] = {}
    for runs in source.all_runs():
        if isinstance(runs.config, UnitAblationConfig):
            lost = tuple(sorted(runs.config.lost))
            found.setdefault(runs.config.target_loss, []).append((runs, lost))
            ticks |= {float(np.log2(k)): f"{k}" for k in lost}
    if len(ticks) < 2:
        return None
    panels = tuple(
        Panel(
            f"loss added, in networks at a loss of {target:g}",
            tuple(
                Ladder(name, np.log2(lost), _added(runs, lost))
                for name, (runs, lost) in zip(
                    names_apart([runs.arm for runs, _ in members]), members, strict=True
                )
            ),
        )
        for target, members in found.items()
    )
    return Ladders(
        NAME,
        "units set to zero in one layer",
        ticks,
        panels,
        "What taking random units adds to the loss on the training rows, mean over"
        " layers and choices, for networks taken at the same loss. Both axes are"
        " logarithmic.",
        _title(panels[0]),
        is_log=True,
    )


def _title(panel: Panel) -> str:
    """Say which networks lose the least by losing units, and how much the others do."""
    ordered = sorted(panel.ladders, key=lambda line: line.median[0])
    least, most = ordered[0], ordered[-1]
    times = 10.0 ** (most.median[0] - least.median[0])
    return (
        f"Losing one unit costs networks with {most.name} {times:.2g} times as much as"
        f" with {least.name}"
    )


def _added(runs: ArmRuns, lost: tuple[int, ...]) -> np.ndarray:
    """Return the loss that every seed adds, by the number of units lost `[S, P]`."""
    values = [runs.final(f"log10_added_loss_{k}") for k in lost]
    return np.stack(values, axis=1)
