"""Hand a judging function the scores it compares, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from ablations.claim import Claim
from ablations.evidence import Evidence, score
from ablations.judging.outcome import UntestedError
from ablations.prediction import ScoreConfig
from ablations.store_table import RunTable

SMALLEST_NUM_RUNS = 10
"""Fewest seeds that may judge anything but an exact check."""


@dataclass(frozen=True)
class Case:
    """Hold what a judging function reads.

    Attributes:
        claim: The claim.
        evidence: Its runs.
        preset: Says how many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
    """

    claim: Claim
    evidence: Evidence
    preset: str
    num_seeds: int | None = None

    def seeds_of(self, arm: str) -> int:
        """Return how many seeds judge an arm."""
        return self.claim.num_seeds(arm, self.preset, self.num_seeds)

    def scores(self, wanted: Sequence[tuple[str, ScoreConfig]]) -> list[np.ndarray]:
        """Return scores on the seeds that all arms have, in the order of seeds.

        Args:
            wanted: Arm and score of each array `[S]` to return.

        Raises:
            UntestedError: If tuning or runs are missing, if the tuned rate lies at the
                edge of its grid, or if fewer than `SMALLEST_NUM_RUNS` seeds are shared.
        """
        tables = [self._runs(arm) for arm, _ in wanted]
        shared = reduce(np.intersect1d, (table.seeds for table in tables))
        if len(shared) < SMALLEST_NUM_RUNS:
            raise UntestedError(
                f"{len(shared)} seeds are too few; it takes {SMALLEST_NUM_RUNS}."
            )
        return [
            score(table.select(np.isin(table.seeds, shared)), config)
            for table, (_, config) in zip(tables, wanted, strict=True)
        ]

    def _runs(self, name: str) -> RunTable:
        """Return all the runs that judge an arm."""
        choice = self.evidence.choice(self.claim.arms[name])
        if choice is None:
            raise UntestedError(f"Tuning runs of {name} are missing.")
        if choice.at_edge:
            raise UntestedError(
                f"The best learning rate of {name}, {choice.learning_rate:g}, lies at"
                " the edge of its grid."
            )
        wanted = self.seeds_of(name)
        table = self.evidence.runs(choice.config, wanted)
        if len(table) < wanted:
            raise UntestedError(
                f"Only {len(table):,} of {wanted:,} runs of {name} are there."
            )
        return table
