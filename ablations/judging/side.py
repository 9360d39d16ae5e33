"""One side of a prediction, as its arm was trained."""

from __future__ import annotations

from dataclasses import dataclass

from ablations.judging.case import Case
from ablations.protocol.arm import Arm
from ablations.protocol.run_config import RunConfig
from ablations.protocol.score import ScoreConfig
from ablations.store.table import RunTable
from ablations.tasks import Task


@dataclass(frozen=True)
class Side:
    """One side of a prediction: an arm as it was trained, and how it is read.

    Attributes:
        arm: Name of the arm.
        score: What is read from its runs.
        config: What its runs are, at the learning rate that tuning chose.
        table: Its runs.
        task: The rows they were trained on, None for runs that make their own.
        num_trials: Runs that chose the learning rate.
        num_settings: Settings that were tried, by tuning or by each run for itself.
        num_wanted: Number of seeds that judge.
    """

    arm: str
    score: ScoreConfig
    config: RunConfig
    table: RunTable
    task: Task | None
    num_trials: int
    num_settings: int
    num_wanted: int

    @property
    def num_updates(self) -> int | None:
        """Updates after which the score is read, None where nothing is updated."""
        total = self.config.count_updates(self.task)
        if total is None or self.score.at is None:
            return total
        return min(self.score.at, total)

    @property
    def num_rows_seen(self) -> int | None:
        """Training rows that went into those updates, each pass counted."""
        updates = self.num_updates
        return updates and self.config.count_rows_seen(self.task, updates)


def side_of(case: Case, arm: Arm, config: ScoreConfig) -> Side | None:
    """Return an arm as it was trained, None where runs are missing."""
    choice = case.choice(arm)
    if choice is None:
        return None
    table = case.evidence.runs(choice.config, case.seeds_of(arm))
    trials = 0
    if arm.tune is not None:
        trials = choice.num_trials * arm.tune.seeds
    named = choice.config.get_task()
    task = None if named is None else case.make(named)
    settings = max(choice.num_trials, 1) * choice.config.count_settings()
    wanted = case.seeds_of(arm)
    return Side(arm.name, config, choice.config, table, task, trials, settings, wanted)
