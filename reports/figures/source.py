"""Give figures the runs of a claim's arms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.evidence.evidence import Evidence
from ablations.protocol.claim import Claim
from ablations.protocol.run_config import RunConfig
from ablations.store.table import RunTable


@dataclass(frozen=True)
class ArmRuns:
    """Hold the judged runs of an arm.

    Attributes:
        name: The arm's name in the claim.
        config: The arm at the learning rate that was used.
        table: Its runs.
    """

    name: str
    config: RunConfig
    table: RunTable

    @property
    def task(self) -> str:
        """Name of the task whose rows were read, empty for none."""
        task = self.config.get_task()
        return "" if task is None else task.name

    def final(self, metric: str) -> np.ndarray:
        """Return a metric after the last update, NaN where a run has none `[S]`."""
        values = self.table.arrays[f"curve.{metric}"][:, -1].astype(np.float64)
        return np.where(self.table.status == "ok", values, np.nan)

    def has(self, *names: str) -> bool:
        """Tell whether all of these arrays were stored."""
        return all(name in self.table.arrays for name in names)


@dataclass(frozen=True)
class Source:
    """Hold what a figure may read.

    Attributes:
        record: The claim's verdict, as plain data.
        claim: The claim, None where no claim of that id is registered.
        evidence: The runs.
    """

    record: dict[str, Any]
    claim: Claim | None
    evidence: Evidence

    def runs(self, name: str) -> ArmRuns | None:
        """Return the runs that judged an arm, or None where there are none."""
        if self.claim is None or name not in self.claim.arms:
            return None
        counts = [a["runs"] for a in self.record["arms"] if a["name"] == name]
        choice = self.evidence.choice(self.claim.arms[name], self.claim.rivals(name))
        if choice is None or not any(counts):
            return None
        table = self.evidence.runs(choice.config, max(counts))
        return ArmRuns(name, choice.config, table) if len(table) else None

    def all_runs(self) -> Iterator[ArmRuns]:
        """Yield the runs of every arm that has some, in the claim's order."""
        for name in self.claim.arms if self.claim else ():
            runs = self.runs(name)
            if runs is not None:
                yield runs
