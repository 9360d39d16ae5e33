"""Give figures a claim's outcomes and the runs of its arms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ablations.evidence.evidence import Evidence
from ablations.judging.outcome import Outcome
from ablations.judging.verdict import Verdict
from ablations.protocol.arm import Arm, Level, name_of
from ablations.protocol.claim import Claim
from ablations.protocol.prediction import Prediction
from ablations.protocol.run_config import RunConfig
from ablations.store.table import RunTable

UNTOLD = "plain"
"""What arms are called of whose levels nothing is on."""


@dataclass(frozen=True)
class ArmRuns:
    """The judged runs of an arm.

    Attributes:
        arm: The arm.
        config: What its runs are, at the learning rate that was used.
        table: The runs.
    """

    arm: Arm
    config: RunConfig
    table: RunTable

    @property
    def name(self) -> str:
        """What the arm is called."""
        return self.arm.name

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
    """All that a figure may read.

    Attributes:
        verdict: The verdict whose evidence is drawn.
        claim: The claim.
        evidence: The runs.
    """

    verdict: Verdict
    claim: Claim
    evidence: Evidence

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The claim's arms, in its order."""
        return tuple(self.claim.arms.values())

    @property
    def judged(self) -> tuple[Outcome, ...]:
        """What became of the core, and of what lies beside it."""
        return self.verdict.of_role("core", "beside")

    def prediction(self, outcome: Outcome) -> Prediction | None:
        """Return the prediction that came to an outcome."""
        found = (p for p in self.claim.everything if p.key == outcome.key)
        return next(found, None)

    def runs(self, arm: Arm) -> ArmRuns | None:
        """Return the runs that judged an arm, or None where there are none."""
        counts = [a["runs"] for a in self.verdict.arms if a["name"] == arm.name]
        choice = self.evidence.choice(arm, self.claim.rivals(arm))
        if choice is None or not any(counts):
            return None
        table = self.evidence.runs(choice.config, max(counts))
        return ArmRuns(arm, choice.config, table) if len(table) else None

    def all_runs(self) -> Iterator[ArmRuns]:
        """Yield the runs of every arm that has some, in the claim's order."""
        for arm in self.arms:
            runs = self.runs(arm)
            if runs is not None:
                yield runs


def number_of(arm: Arm, factor: str) -> float | None:
    """Return an arm's level of a factor as a number, None where it has none."""
    level = arm.levels.get(factor)
    return None if level is None or isinstance(level, bool | str) else float(level)


def name_without(arm: Arm, *factors: str) -> str:
    """Return what an arm is called but for some factors."""
    rest = {name: arm.levels[name] for name in arm.levels if name not in factors}
    return name_of(rest) or UNTOLD


def said(name: str) -> str:
    """Return what an arm is called, as it stands inside a sentence."""
    if name == UNTOLD:
        return f"{name} networks"
    return f"the {name}" if name.endswith("recipe") else name


def shared_factors(several: Sequence[Mapping[str, Level]]) -> set[str]:
    """Return the factors whose level is the same in all; none where there is one."""
    if len(several) < 2:
        return set()
    first, *others = several
    return {f for f in first if all(o.get(f) == first[f] for o in others)}


def names_apart(arms: Sequence[Arm], *factors: str) -> list[str]:
    """Return what arms do not all share, in words, but for some factors."""
    shared = shared_factors([arm.levels for arm in arms])
    return [name_without(arm, *shared, *factors) for arm in arms]
