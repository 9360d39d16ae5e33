"""Train the trials of a batch as stacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ablations.tasks.data import Data
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from ablations.training.result import StackResult
from ablations.training.train import train_stack
from ablations.tuner.family import Family, build_family, family_key
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
        weights: Weights to start from, per execution, instead of drawn ones.
    """

    config: MLPConfig
    optimizer: str
    learning_rate: float
    batch_size: int
    num_epochs: int
    num_before: int = 0
    weights: tuple[list[np.ndarray], ...] | None = None


@dataclass(frozen=True)
class TrainedTrial:
    """What the executions of a trial produced.

    Attributes:
        metrics: Values at the best epoch of every execution, by name.
        best_epochs: The best epochs, counted from 0, of those trained now.
        weights: Weights and state of the lowest validation loss, per execution, as the
            family of the trial has them.
        diverged_at: Number of updates after which an execution was not finite, or -1.
    """

    metrics: dict[str, list[float]]
    best_epochs: list[int]
    weights: tuple[list[np.ndarray], ...]
    diverged_at: int


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


def train_trials(
    trials: Sequence[PlannedTrial],
    families: Families,
    data: Data,
    judging: Judging,
    seeds: Sequence[int],
) -> list[TrainedTrial]:
    """Train trials, each with every seed, in as few compiled programs as possible.

    Trials of one family, optimizer and batch size share a program; all their other
    values are numbers of a run. A trial is the same alone and among others.

    Args:
        trials: What to train.
        families: The families of the search.
        data: Rows to train on, and validation rows.
        judging: What to measure.
        seeds: One per execution of a trial; all trials use the same.
    """
    groups: dict[tuple, list[int]] = {}
    for place, trial in enumerate(trials):
        family = families.of(trial.config)
        key = (family, trial.optimizer, trial.batch_size)
        groups.setdefault(key, []).append(place)
    trained: dict[int, TrainedTrial] = {}
    per_stack = max(SIZES[-1] // len(seeds), 1)
    for program, places in groups.items():
        for first in range(0, len(places), per_stack):
            chosen = places[first : first + per_stack]
            size = families.size(program, len(chosen) * len(seeds))
            results = _train_stack(
                [trials[place] for place in chosen],
                program[0],
                data,
                judging,
                seeds,
                size,
            )
            trained |= dict(zip(chosen, results, strict=True))
    return [trained[place] for place in range(len(trials))]


def _train_stack(
    trials: Sequence[PlannedTrial],
    family: Family,
    data: Data,
    judging: Judging,
    seeds: Sequence[int],
    size: int,
) -> list[TrainedTrial]:
    """Train trials of one program, the executions of a trial side by side."""
    runs = [(trial, i) for trial in trials for i in range(len(seeds))]
    own = np.array(
        [seeds[i] + SEEDS_OF_A_TRIAL * trial.num_before for trial, i in runs]
    )
    configs = [trial.config for trial, _ in runs]
    trainable, state = family.weights(configs, own)
    for run, (trial, i) in enumerate(runs):
        if trial.weights is not None:
            for array, value in zip(trainable, trial.weights[i], strict=False):
                array[run] = value
            _continue(state, run, trial.weights[i][len(trainable) :])
    trainings = [judging.training(trial) for trial, _ in runs]
    result = train_stack(
        _builder(family),
        trainings,
        own,
        data,
        attributes=family.attributes(configs),
        weights=(trainable, state),
        pad_to=size,
    )
    ends = [training.total_steps(data.num_rows) for training in trainings]
    per_epoch = trainings[0].steps_per_epoch(data.num_rows)
    number = len(seeds)
    return [
        _outcome(result, range(i * number, (i + 1) * number), ends, per_epoch, judging)
        for i in range(len(trials))
    ]


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
    best_epochs = []
    for run in runs:
        stopped = result.stopped_at[run]
        num_epochs = (ends[run] if stopped < 0 else int(stopped)) // per_epoch
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
    )
