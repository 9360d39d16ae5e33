"""Train the trials of a batch as stacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.running.jobs import Executor, Failure, Job
from ablations.tasks.data import Data
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from ablations.training.result import StackResult
from ablations.training.train import train_stack
from ablations.tuner.family import Family, build_family, family_key
from ablations.tuner.trained import TrainedTrial
from models.config import MLPConfig

SIZES = (8, 32)
"""Runs of a stack. A larger batch is cut and a smaller one filled with idle runs, since
to compile another size takes longer than to train a few dozen small networks."""

SEEDS_OF_A_TRIAL = 1_000_000
"""Distance between the seeds of a trial and those of the trial that it resumes."""


@dataclass(frozen=True)
class PlannedTrial:
    """What a trial trains.

    Attributes:
        config: The network.
        optimizer: Name of the update rule.
        learning_rate: Its rate.
        batch_size: Rows per update.
        num_epochs: Epochs to train.
        num_before: Epochs that the weights have behind them.
        weights: Weights to start from, per training, instead of drawn ones.
    """

    config: MLPConfig
    optimizer: str
    learning_rate: float
    batch_size: int
    num_epochs: int
    num_before: int = 0
    weights: tuple[list[np.ndarray], ...] | None = None


@dataclass(frozen=True)
class Judging:
    """What is measured and what is best.

    Attributes:
        loss: The loss of the trainings.
        metrics: What is measured after every epoch.
        objective: The metric that decides.
        higher_is_better: Whether a higher value of it is better.
        patience: Epochs without a lower validation loss after which a run stops;
            None never stops.
    """

    loss: str
    metrics: tuple[str, ...]
    objective: str
    higher_is_better: bool
    patience: int | None = None

    def training(self, trial: PlannedTrial) -> TrainingConfig:
        """Return how a trial is trained, as `keras.Model.fit` would by default."""
        stopping = EarlyStoppingConfig(
            patience=trial.num_epochs if self.patience is None else self.patience,
            restore_best_weights=True,
        )
        return TrainingConfig(
            optimizer=OptimizerConfig(
                name=trial.optimizer, learning_rate=trial.learning_rate
            ),
            loss=self.loss,
            batch_size=trial.batch_size,
            epochs=trial.num_epochs,
            early_stopping=stopping,
            metrics=self.metrics,
        )


class Families:
    """Know the family of every network of a search.

    Args:
        configs: Networks in which every choice of the search occurs.
    """

    def __init__(self, configs: Iterable[MLPConfig]) -> None:
        """Sort the networks into families."""
        members: dict[tuple, list[MLPConfig]] = {}
        for config in configs:
            members.setdefault(family_key(config), []).append(config)
        self._families = {key: Family.of(group) for key, group in members.items()}
        self._sizes: dict[tuple, set[int]] = {}

    def __len__(self) -> int:
        """Return the number of families."""
        return len(self._families)

    def of(self, config: MLPConfig) -> Family:
        """Return the family that a network is a part of."""
        return self._families[family_key(config)]

    def size(self, program: tuple, num_runs: int) -> int:
        """Return the size of a stack, one that the program was compiled for, if any.

        Args:
            program: What runs must share to be in one stack.
            num_runs: Runs that must fit in.
        """
        compiled = self._sizes.setdefault(program, set())
        fitting = [size for size in sorted(compiled) if size >= num_runs]
        fitting += [size for size in SIZES if size >= num_runs]
        compiled.add(size := (fitting or [num_runs])[0])
        return size

    def get_sizes(self) -> list[list[Any]]:
        """Return the sizes so far, so that another process chooses the same ones."""
        place = {family: i for i, family in enumerate(self._families.values())}
        return [
            [place[family], *settings, sorted(sizes)]
            for (family, *settings), sizes in self._sizes.items()
        ]

    def set_sizes(self, sizes: Iterable[Sequence[Any]]) -> None:
        """Choose as the process did that `get_sizes` was called in."""
        families = list(self._families.values())
        self._sizes = {
            (families[place], *settings): set(found)
            for place, *settings, found in sizes
        }


def train_trials(
    trials: Sequence[PlannedTrial],
    families: Families,
    data: Data | Sequence[Data],
    judging: Judging,
    seeds: Sequence[int],
) -> list[TrainedTrial]:
    """Train trials and return what became of each; see `train_stacks`."""
    trained: dict[int, TrainedTrial] = {}
    for places, results in train_stacks(trials, families, data, judging, seeds):
        trained |= dict(zip(places, results, strict=True))
    return [trained[place] for place in range(len(trials))]


def train_stacks(
    trials: Sequence[PlannedTrial],
    families: Families,
    data: Data | Sequence[Data],
    judging: Judging,
    seeds: Sequence[int],
    executor: Executor | None = None,
) -> Iterator[tuple[list[int], list[TrainedTrial] | Failure]]:
    """Train trials, each with every seed, in as few compiled programs as possible.

    Trials of one family, optimizer and batch size share a program; all their other
    values are numbers of a run. A trial is the same alone and among others.

    Args:
        trials: What to train.
        families: The families of the search.
        data: Rows to train on, and validation rows; or several of these, the folds of
            a cross-validation, which a trial all trains on, side by side.
        judging: What to measure.
        seeds: One per execution of a trial; all trials use the same.
        executor: Who trains; this thread, stack by stack, if None.

    Yields:
        Places of the trials of a stack, once it is trained and those before it are,
        and what became of them.
    """
    folds = [data] if isinstance(data, Data) else list(data)
    groups: dict[tuple, list[int]] = {}
    for place, trial in enumerate(trials):
        family = families.of(trial.config)
        key = (family, trial.optimizer, trial.batch_size)
        groups.setdefault(key, []).append(place)
    num_runs = len(folds) * len(seeds)
    per_stack = max(SIZES[-1] // num_runs, 1)
    stacks: list[_Stack] = []
    for program, places in groups.items():
        for first in range(0, len(places), per_stack):
            chosen = places[first : first + per_stack]
            size = families.size(program, len(chosen) * num_runs)
            planned = [trials[place] for place in chosen]
            stacks.append(_Stack(chosen, planned, program, folds, judging, seeds, size))
    if executor is None:
        yield from ((stack.places, _train_stack(stack)) for stack in stacks)
        return
    jobs = [
        Job(_train_stack, one, one.name, (*one.program, one.size)) for one in stacks
    ]
    # The oracle is told in an order that does not depend on who is faster.
    found: dict[Job, Any] = {}
    place = 0
    for job, result in executor.carry(jobs):
        found[job] = result
        while place < len(jobs) and jobs[place] in found:
            yield stacks[place].places, found.pop(jobs[place])
            place += 1


@dataclass(frozen=True)
class _Stack:
    """Trials that train together, their places among all, and what they share."""

    places: list[int]
    trials: list[PlannedTrial]
    program: tuple[Family, str, int]
    folds: Sequence[Data]
    judging: Judging
    seeds: Sequence[int]
    size: int

    @property
    def name(self) -> str:
        """What is trained, for people who watch."""
        return f"{len(self.trials)} trials with {self.program[1]}"


def _train_stack(stack: _Stack) -> list[TrainedTrial]:
    """Train trials of one program, the trainings of a trial side by side."""
    trials, folds, seeds = stack.trials, stack.folds, stack.seeds
    family, judging = stack.program[0], stack.judging
    number = len(folds) * len(seeds)
    runs = [(trial, i) for trial in trials for i in range(number)]
    own = np.array(
        [
            seeds[i % len(seeds)] + SEEDS_OF_A_TRIAL * trial.num_before
            for trial, i in runs
        ]
    )
    configs = [trial.config for trial, _ in runs]
    trainable, state = family.weights(configs, own)
    for run, (trial, i) in enumerate(runs):
        if trial.weights is not None:
            for array, value in zip(trainable, trial.weights[i], strict=False):
                array[run] = value
            _continue(state, run, trial.weights[i][len(trainable) :])
    trainings = [judging.training(trial) for trial, _ in runs]
    data = _rows(folds, [i // len(seeds) for _, i in runs])
    result = train_stack(
        _builder(family),
        trainings,
        own,
        data,
        attributes=family.attributes(configs),
        weights=(trainable, state),
        pad_to=stack.size,
    )
    ends = [training.total_steps(data.num_rows) for training in trainings]
    per_epoch = trainings[0].steps_per_epoch(data.num_rows)
    return [
        _outcome(result, range(i * number, (i + 1) * number), ends, per_epoch, judging)
        for i in range(len(trials))
    ]


def _rows(folds: Sequence[Data], index: Sequence[int]) -> Data:
    """Return the rows that every run trains on, those of its fold."""
    if len(folds) == 1:
        return folds[0]
    arrays = [fold.arrays() for fold in folds]
    return Data(
        **{name: np.stack([arrays[i][name] for i in index]) for name in arrays[0]}
    )


def _continue(
    state: Sequence[np.ndarray], run: int, values: Sequence[np.ndarray]
) -> None:
    """Take moving statistics over, but no state of a generator of masks."""
    for array, value in zip(state, values, strict=True):
        if np.issubdtype(array.dtype, np.floating):
            array[run] = value


_BUILDERS: dict[Family, object] = {}


def _builder(family: Family):
    """Return the function that builds a family, the same one at every call."""
    return _BUILDERS.setdefault(family, lambda: build_family(family))


def _outcome(
    result: StackResult,
    runs: range,
    ends: Sequence[int],
    per_epoch: int,
    judging: Judging,
) -> TrainedTrial:
    """Return the best epoch of the runs of one trial."""
    metrics: dict[str, list[float]] = {name: [] for name in judging.metrics}
    best_epochs, trained = [], 0
    for run in runs:
        stopped = result.stopped_at[run]
        num_epochs = (ends[run] if stopped < 0 else int(stopped)) // per_epoch
        trained = max(trained, num_epochs)
        curve = result.curves[judging.objective][run, :num_epochs].astype(float)
        worst = -np.inf if judging.higher_is_better else np.inf
        known = np.where(np.isnan(curve), worst, curve)
        pick = np.argmax if judging.higher_is_better else np.argmin
        best = int(pick(known)) if num_epochs else 0
        best_epochs.append(best)
        for name, values in metrics.items():
            values.append(float(result.curves[name][run, best]))
    diverged = [int(result.diverged_at[run]) for run in runs]
    return TrainedTrial(
        metrics=metrics,
        best_epochs=best_epochs,
        weights=tuple(
            [array[run] for array in (*result.weights, *result.state)] for run in runs
        ),
        diverged_at=max(diverged),
        num_epochs=trained,
    )
