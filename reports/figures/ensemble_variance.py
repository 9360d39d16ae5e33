"""Draw how the variance of a mean falls with the number of members, beside 1 / k."""

from __future__ import annotations

import numpy as np

from ablations.experiments.readouts.ensembles import EnsembleConfig
from reports.figures.ladders import Ladder, Ladders, Panel, draw
from reports.figures.source import ArmRuns, Source, name_without

__all__ = ["NAME", "draw", "read"]

NAME = "ensemble_variance"
SETS = "training sets"
"""The factor that all arms of the figure share, as their levels name it."""

TITLES = {
    "seeds": "variance over seeds, same training set",
    "sets": "variance over training sets and seeds",
}


def read(source: Source) -> Ladders | None:
    """Return log2 of the variance of k members over that of one, by arm."""
    members = [
        runs
        for runs in source.all_runs()
        if isinstance(runs.config, EnsembleConfig) and runs.config.groups > 1
    ]
    if not members:
        return None
    sizes = max(map(sizes_of, members), key=len)
    panels = []
    for over, title in TITLES.items():
        found = [
            Ladder(name_without(runs.arm, SETS), *_falls(runs, over))
            for runs in members
        ]
        ideal = np.arange(float(max(len(line.places) for line in found)))
        panels.append(
            Panel(
                title,
                tuple(found),
                (ideal, np.exp2(-ideal)),
                "one k-th",
            )
        )
    return Ladders(
        NAME,
        "members k",
        {float(place): f"{k}" for place, k in enumerate(sizes)},
        tuple(panels),
        "Variance of the mean of k networks' answers, over that of one. The dotted line"
        " is 1 / k. Members train apart, on the same rows or, in bagging,"
        " on rows drawn anew from these.",
        _title(panels, sizes),
    )


def _title(panels: list[Panel], sizes: tuple[int, ...]) -> str:
    """Say by what the largest number of members divides both variances."""
    seeds, sets = (panel.ladders[0].median for panel in panels)
    return (
        f"{sizes[len(seeds) - 1]} members divide the variance over seeds by"
        f" {1 / seeds[-1]:.2g}, {sizes[len(sets) - 1]} that over training sets by"
        f" {1 / sets[-1]:.2g}"
    )


def sizes_of(runs: ArmRuns) -> tuple[int, ...]:
    """Return the numbers of members that were averaged."""
    config = runs.config
    return config.sizes if isinstance(config, EnsembleConfig) else ()


def _falls(runs: ArmRuns, over: str) -> tuple[np.ndarray, np.ndarray]:
    """Return places and the variances of every seed over those of one `[S, P]`."""
    names = [f"log2_variance_over_{over}_of_{k}" for k in sizes_of(runs)]
    logs = np.stack(
        [runs.final(name) for name in names if runs.has(f"curve.{name}")], axis=1
    )
    return np.arange(float(logs.shape[1])), np.exp2(logs - logs[:, :1])
