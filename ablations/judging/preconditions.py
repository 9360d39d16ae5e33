"""Refuse to judge runs that cannot answer: unequal, unpaired, untrained, unseeded.

Each check returns one sentence that says what is wrong, or None. What is missing
altogether is left to `Case.scores`, which says how much is there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ablations.evidence.scores import DERIVED, score
from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.protocol.arm import TUNING_SEEDS_START
from ablations.protocol.prediction import Prediction, ScoreConfig, TimeToTarget, reads
from ablations.protocol.run_config import RunConfig
from ablations.stats.paired import paired_mean_difference
from ablations.store.table import RunTable
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data

MOST_LEAKED = 0.1
"""Share of validation rows that may also be training rows, by coincidence."""

LEAK_SEED = 0
"""Whose rows are looked at for leaks, where every seed has its own."""

CHANCE_SEEDS = 10
"""Seeds whose rows say what a constant answer scores, where each has its own."""

LEARNING_IS_NOT_NEEDED = ("exact", "success_rate", "agreement")
"""Kinds that say something also where no arm learned; the others compare scores."""

SIGNS_SEED = 0

MakeTask = Callable[[TaskConfig], Task]


@dataclass(frozen=True)
class Level:
    """Hold one side of a prediction: an arm as it was trained, and how it is read.

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


def unmet_precondition(
    prediction: Prediction, case: Case, make: MakeTask = make_task
) -> str | None:
    """Return why these runs cannot judge a prediction, or None if they can.

    Args:
        prediction: The prediction.
        case: Its runs.
        make: Makes the rows of a task.
    """
    named = reads(prediction)
    if not named:
        return None
    levels = [_level(case, arm, config, make) for arm, config in named]
    there = [level for level in levels if level is not None]
    if len(there) < len(levels):
        return None
    checks: Sequence[Callable[[Prediction, Sequence[Level]], str | None]] = (
        _budgets_differ,
        _trials_differ,
        _data_differ,
        _data_leak,
        _seeds_repeat,
        _pairs_are_incomplete,
        _seeds_were_tuned_on,
        _seeds_are_ignored,
        _nothing_learned,
    )
    for check in checks:
        reason = check(prediction, there)
        if reason is not None:
            return reason
    return None


def machine_mixture(tables: Sequence[RunTable]) -> str:
    """Say in a sentence in what the machines differ that made runs; empty if in none.

    Args:
        tables: The runs of the arms of one claim.
    """
    machines = [machine for table in tables for machine in table.machines]
    names = dict.fromkeys(name for machine in machines for name in machine)
    parts = []
    for name in names:
        values = dict.fromkeys(str(machine.get(name, "none")) for machine in machines)
        if len(values) > 1:
            parts.append(f"{name} {' and '.join(values)}")
    return f"The runs come from unlike machines: {'; '.join(parts)}." if parts else ""


def _level(case: Case, arm: str, config: ScoreConfig, make: MakeTask) -> Level | None:
    """Return an arm as it was trained, None where runs are missing."""
    stated = case.claim.arms[arm]
    choice = case.choice(arm)
    if choice is None:
        return None
    table = case.evidence.runs(choice.config, case.seeds_of(arm))
    trials = 0
    if stated.tune is not None:
        trials = choice.num_trials * stated.tune.seeds
    named = choice.config.get_task()
    task = None if named is None else make(named)
    settings = max(choice.num_trials, 1) * choice.config.count_settings()
    wanted = case.seeds_of(arm)
    return Level(arm, config, choice.config, table, task, trials, settings, wanted)


def _on_purpose(prediction: Prediction, what: str) -> bool:
    """Return whether a prediction says that its arms differ in this."""
    return what in prediction.differs_in


def _budgets_differ(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    """Ask for equal updates or equal passes over the data.

    Scores of one's own that name their numbers of updates say so on purpose, as a
    comparison of an arm with itself at two times does.
    """
    scores = {level.score for level in levels}
    named = len(scores) > 1 and all(level.score.at is not None for level in levels)
    if named or _on_purpose(prediction, "budget"):
        return None
    if isinstance(prediction, TimeToTarget):  # it gives the budget itself
        return None
    if len({level.arm for level in levels}) == 1:
        return None
    # Runs that update nothing, such as a forest, have no budget to compare.
    updating = [level for level in levels if level.num_updates is not None]
    for one, other in pairwise(updating):
        seen = one.num_rows_seen, other.num_rows_seen
        alike = one.num_updates == other.num_updates or (
            None not in seen and seen[0] == seen[1]
        )
        if not alike:
            return (
                f"The budgets differ: {one.arm} is read after {one.num_updates:,}"
                f" updates and {other.arm} after {other.num_updates:,}."
            )
    return None


def _trials_differ(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    """Ask for as many tuning runs, or settings where runs choose for themselves."""
    if _on_purpose(prediction, "tuning"):
        return None
    choosing = any(level.config.count_settings() > 1 for level in levels)
    for one, other in pairwise(levels):
        if choosing:
            if one.num_settings != other.num_settings:
                return (
                    f"The tuning differs: {one.num_settings:,} settings were tried for"
                    f" {one.arm} and {other.num_settings:,} for {other.arm}."
                )
        elif one.num_trials != other.num_trials:
            return (
                f"The tuning differs: {one.num_trials:,} runs chose the learning rate"
                f" of {one.arm} and {other.num_trials:,} that of {other.arm}."
            )
    return None


def _data_differ(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    if _on_purpose(prediction, "data"):
        return None
    for one, other in pairwise(levels):
        if _digest(one) != _digest(other):
            return f"{one.arm} and {other.arm} were trained on different data."
    return None


def _digest(level: Level) -> str:
    """Return the digest of the rows; runs that make their own share them by kind."""
    return "" if level.task is None else level.task.digest


def _data_leak(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    for level in levels:
        part = part_of(level.score.quantity)
        if part == "train" or level.task is None:
            continue
        share = leaked_share(level.task, part)
        if share > MOST_LEAKED:
            name = "validation" if part == "val" else "test"
            return (
                f"{100 * share:.0f} % of the {name} rows of {level.arm} are"
                " training rows."
            )
    return None


def part_of(quantity: str) -> str:
    """Return the part of the rows that a metric reads: `train`, `val` or `test`."""
    prefix = quantity.partition("_")[0]
    return prefix if prefix in ("val", "test") else "train"


def leaked_share(task: Task, part: str = "val") -> float:
    """Return the share of held-out rows that are also training rows.

    Of rows that are drawn for every seed, those of one seed are looked at.
    """
    data = task.rows_of_run(LEAK_SEED)
    truth = targets_of(data, part)
    held_out = data.x_val if part == "val" else data.x_test
    if truth is None or held_out is None:
        return 0.0
    rows, known = (
        [row.tobytes() for row in np.concatenate([x, y], axis=1, dtype=np.float32)]
        for x, y in ((held_out, truth), (data.x, data.y))
    )
    seen = set(known)
    return sum(row in seen for row in rows) / len(rows)


def targets_of(data: Data, part: str) -> np.ndarray | None:
    """Return the targets of a part `[N, K]`, None where there is no such part."""
    return {"train": data.y, "val": data.y_val, "test": data.y_test}[part]


def _seeds_repeat(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    for level in levels:
        repeated = len(level.table) - len(np.unique(level.table.seeds))
        if repeated:
            return f"{repeated:,} runs of {level.arm} repeat a seed."
    return None


def _pairs_are_incomplete(
    prediction: Prediction, levels: Sequence[Level]
) -> str | None:
    """Ask that every seed of the smallest arm was run in all arms."""
    wanted = min(level.num_wanted for level in levels)
    first = levels[0]
    for level in levels:
        if len(level.table) < level.num_wanted:
            return None  # `Case.scores` says how many are missing
        mine, theirs = (np.sort(x.table.seeds)[:wanted] for x in (level, first))
        if not np.array_equal(mine, theirs):
            num_pairs = len(np.intersect1d(mine, theirs))
            return (
                f"Only {num_pairs:,} of {wanted:,} seeds of {level.arm} were also run"
                f" in {first.arm}."
            )
    return None


def _seeds_were_tuned_on(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    for level in levels:
        tuned_on = int((level.table.seeds >= TUNING_SEEDS_START).sum())
        if tuned_on:
            return (
                f"{tuned_on:,} runs of {level.arm} have seeds that are kept for tuning."
            )
    return None


def _seeds_are_ignored(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    """Ask that runs of different seeds differ somewhere, where chance enters them.

    Outcomes that are all 0 or 1 may well agree, and so may runs that have no number at
    all; numbers that all agree in every digit, everywhere, were not drawn.
    """
    for level in levels:
        ok = level.table.select(level.table.status == "ok")
        if len(ok) < SMALLEST_NUM_RUNS or not level.config.is_random(level.task):
            continue
        arrays = [array for name, array in ok.arrays.items() if name != "steps"]
        same = all(
            np.array_equal(array[1:], array[:-1], equal_nan=array.dtype.kind == "f")
            for array in arrays
        )
        measured = any(
            (np.isfinite(array[0]) & ~np.isin(array[0], (0, 1))).any()
            for array in arrays
        )
        if same and measured:
            return (
                f"The seed is ignored: all {len(ok):,} runs of {level.arm} are the same"
                " in every digit."
            )
    return None


def _nothing_learned(prediction: Prediction, levels: Sequence[Level]) -> str | None:
    """Ask that one arm, on average, beats the best constant answer.

    Scores that chance has no level of, and scores before the first update, are let
    through.
    """
    if prediction.kind in LEARNING_IS_NOT_NEEDED:
        return None
    if any(level.score.at == 0 or level.score.is_success for level in levels):
        return None
    best = None
    for level in levels:
        best = chance_level(level)
        if best is None or _beats(level, *best):
            return None
    return best and (
        "No arm learned: none does better on average than the best constant answer,"
        f" {levels[-1].score.quantity.replace('_', ' ')} {best[0]:.4g}."
    )


def _beats(level: Level, chance: float, sign: int) -> bool:
    """Return whether the mean score of the runs is surely better than chance."""
    values = score(level.table, level.score)
    values = values[np.isfinite(values)]
    if not len(values):
        return False
    gains = sign * (values - chance)
    rng = np.random.default_rng(SIGNS_SEED)
    return paired_mean_difference(gains, rng=rng).low > 0.0


def chance_level(level: Level) -> tuple[float, int] | None:
    """Return what the best constant answer scores, and 1 if more is better, else -1.

    The constant is the best one on the training rows, also where it is scored on the
    validation or test rows. Where every seed has rows of its own, it is the mean over
    the first ten. None for scores of other things than answers.
    """
    quantity = level.score.quantity
    if quantity in DERIVED or level.task is None:
        return None
    part = part_of(quantity)
    name = quantity if part == "train" else quantity.removeprefix(f"{part}_")
    seeds = level.table.seeds[:CHANCE_SEEDS] if level.task.per_seed else [0]
    found = []
    for seed in seeds:
        data = level.task.rows_of_run(int(seed))
        truth = targets_of(data, part)
        if truth is None:
            return None
        known = data.y.astype(np.float64)
        found.append(_of_constant(name, level.config, known, truth.astype(np.float64)))
    numbers = [number for number in found if number is not None]
    if not numbers:
        return None
    return float(np.mean(numbers)), 1 if name == "accuracy" else -1


def _of_constant(
    name: str, config: RunConfig, known: np.ndarray, truth: np.ndarray
) -> float | None:
    if name == "accuracy":
        return _accuracy_of_constant(known, truth)
    if name == "max_error":
        half = (known.max(axis=0) + known.min(axis=0)) / 2
        return float(np.abs(truth - half).max())
    loss = config.get_loss()
    if name != "loss" or loss is None:
        return None
    return _loss_of_constant(loss, known, truth)


def _accuracy_of_constant(known: np.ndarray, truth: np.ndarray) -> float:
    if known.shape[1] > 1:
        answer = int(known.mean(axis=0).argmax())
        return float((truth.argmax(axis=1) == answer).mean())
    answers = known.mean(axis=0) > 0.5
    return float(((truth > 0.5) == answers).all(axis=1).mean())


def _loss_of_constant(loss: str, known: np.ndarray, truth: np.ndarray) -> float:
    mean = known.mean(axis=0)
    if loss == "mse":
        return float(((truth - mean) ** 2).mean())
    if loss == "hinge":
        answer = np.where(mean > 0.5, 1.0, -1.0)
        return float(np.maximum(1.0 - (2.0 * truth - 1.0) * answer, 0.0).mean())
    smallest = math.ulp(1.0)
    terms: Any = truth * np.log(np.maximum(mean, smallest))
    if loss == "binary_crossentropy":
        terms = terms + (1.0 - truth) * np.log(np.maximum(1.0 - mean, smallest))
        return float(-terms.mean())
    return float(-terms.sum(axis=1).mean())
