"""Hand a judging function the scores it compares, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from ablations.evidence.evidence import Evidence
from ablations.evidence.scores import score
from ablations.evidence.tuning import Choice
from ablations.judging.outcome import Outcome, UntestedError
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.prediction import Read
from ablations.store.table import RunTable
from ablations.tasks import Task, TaskConfig, make_task

SMALLEST_NUM_RUNS = 10
"""Fewest seeds that may judge anything but an exact check."""

CONFIDENCE = 0.95
"""Confidence of a verdict that looks at the runs once."""


@dataclass(frozen=True)
class Case:
    """What a judging function reads.

    Attributes:
        claim: The claim.
        evidence: Its runs.
        preset: Says how many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
        confidence: What intervals cover with; more than `CONFIDENCE` where the runs
            are looked at several times, or several predictions form a family.
        families: Outcomes of the predictions that form a family, by key, kept so
            that a family is judged once.
        make: Makes the rows of a task.
    """

    claim: Claim
    evidence: Evidence
    preset: str
    num_seeds: int | None = None
    confidence: float = CONFIDENCE
    families: dict[str, Outcome] = field(default_factory=dict, compare=False)
    make: Callable[[TaskConfig], Task] = make_task

    def seeds_of(self, arm: Arm) -> int:
        """Return how many seeds judge an arm."""
        return self.claim.num_seeds(arm, self.preset, self.num_seeds)

    def choice(self, arm: Arm) -> Choice | None:
        """Return an arm as tuning chose it, None while tuning runs are missing."""
        return self.evidence.choice(arm, self.claim.rivals(arm))

    def scores(self, wanted: Sequence[Read]) -> list[np.ndarray]:
        """Return scores on the seeds that all arms have, in the order of seeds.

        Args:
            wanted: Arm and score of each array `[S]` to return.

        Raises:
            UntestedError: If tuning or runs are missing, if the tuned rate lies at the
                edge of its grid, or if fewer than `SMALLEST_NUM_RUNS` seeds are shared.
        """
        tables = self.tables([arm for arm, _ in wanted])
        return [
            score(table, config)
            for table, (_, config) in zip(tables, wanted, strict=True)
        ]

    def tables(self, arms: Sequence[Arm]) -> list[RunTable]:
        """Return runs on the seeds that all arms have, in the order of seeds.

        Raises:
            UntestedError: As `scores`.
        """
        tables = [self._runs(arm) for arm in arms]
        shared = reduce(np.intersect1d, (table.seeds for table in tables))
        if len(shared) < SMALLEST_NUM_RUNS:
            raise UntestedError(
                f"{len(shared)} seeds are too few; it takes {SMALLEST_NUM_RUNS}.",
                SMALLEST_NUM_RUNS,
            )
        return [table.select(np.isin(table.seeds, shared)) for table in tables]

    def _runs(self, arm: Arm) -> RunTable:
        """Return all the runs that judge an arm."""
        choice = self.choice(arm)
        if choice is None:
            raise UntestedError(f"Tuning runs of {arm.name} are missing.")
        if choice.at_edge:
            raise UntestedError(
                f"The best learning rate of {arm.name}, {choice.learning_rate:g}, lies"
                f" at the edge of its grid{_widened(choice.num_widened)}."
            )
        wanted = self.seeds_of(arm)
        table = self.evidence.runs(choice.config, wanted)
        if len(table) < wanted:
            raise UntestedError(
                f"Only {len(table):,} of {wanted:,} runs of {arm.name} are there."
            )
        return table


def _widened(num_rates: int) -> str:
    """Say how far a grid has grown."""
    if not num_rates:
        return ""
    return f", wider by {num_rates} {'rate' if num_rates == 1 else 'rates'} already"
