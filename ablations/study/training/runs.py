"""Train what a study needs: every rate on tuning seeds, then the chosen ones.

All that is trained goes through a store, so that a study that was stopped continues,
and two arms that differ only in when they stop share their runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from ablations.running.heartbeat import Heartbeat
from ablations.running.jobs import Executor, RunsLost
from ablations.running.machine import release_memory
from ablations.running.plan import (
    Plan,
    Request,
    Step,
    pack,
    without,
)
from ablations.running.progress import Progress
from ablations.running.runner import execute
from ablations.store.store import Store
from ablations.store.table import RunTable
from ablations.study.settings.recipe import SHARED_PARTS, Recipe
from ablations.study.table.splits import seeds_of
from ablations.study.training.net import (
    MONITORED,
    SECONDS_TO_COMPILE,
    SMALLEST_STACK,
    NetConfig,
)

WORTH_OF_TWO_CORES = 1.4
"""What two cores are worth to a study: not all of the work can be shared."""

SECONDS_TO_RELEASE = 5.0
"""Memory is given back so often while stacks train; programs leave much behind."""


@dataclass(frozen=True)
class Candidate:
    """An arm of a study at each learning rate that it tries.

    Attributes:
        name: Name of the arm.
        nets: Its runs by learning rate, increasing.
    """

    name: str
    nets: tuple[NetConfig, ...]

    @property
    def rates(self) -> tuple[float, ...]:
        """The learning rates."""
        return tuple(net.learning_rate for net in self.nets)

    @property
    def patience(self) -> int:
        """Epochs without improvement after which its runs stop, 0 for never."""
        return self.nets[0].recipe.early_stopping

    @property
    def num_members(self) -> int:
        """Trainings whose outputs are averaged."""
        return self.nets[0].recipe.ensemble

    def seeds_of(self, split: int, num_seeds: int) -> np.ndarray:
        """Return the seeds `[S]` that judge it in a split."""
        return seeds_of(split, num_seeds, study=self.nets[0].splits.seed)

    def tuning_seeds(self, num_splits: int) -> np.ndarray:
        """Return the seeds `[J]` that choose its rate, one for every split."""
        study = self.nets[0].splits.seed
        each = (seeds_of(j, 1, tuning=True, study=study) for j in range(num_splits))
        return np.concatenate(list(each))


def share_runs(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return arms whose runs also keep what other arms need that share them.

    The programs that train them have no parts but those that one of their arms has:
    what is multiplied by zero takes as long as anything else.
    """
    groups: dict[Hashable, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.nets[0].structure(), []).append(candidate)
    shared: dict[str, Candidate] = {}
    for group in groups.values():
        recipes = [candidate.nets[0].recipe for candidate in group]
        parts = tuple(
            part for part in SHARED_PARTS if any(getattr(one, part) for one in recipes)
        )
        patiences: dict[Recipe, set[int]] = {}
        for one in group:
            patiences.setdefault(_trained(one), set()).add(one.patience)
        most = max(map(len, patiences.values()))
        for one in group:
            kept = tuple(sorted(patiences[_trained(one)]))
            changes = {"patiences": kept, "num_kept": most, "parts": parts}
            nets = tuple(net.replace(**changes) for net in one.nets)
            shared[one.name] = Candidate(one.name, nets)
    return tuple(shared[candidate.name] for candidate in candidates)


def _trained(candidate: Candidate) -> Recipe:
    """Return what decides the runs of an arm, at a rate and a seed."""
    return candidate.nets[0].recipe.replace(early_stopping=0, ensemble=1)


@dataclass(frozen=True)
class Work:
    """Work of a study: what it has to train.

    Attributes:
        sizes: Size that the stacks of each structure are filled up to.
        num_runs: Runs in all, shared ones counted once.
        seconds_to_compile: Guess of the time until all programs are compiled, of one
            core.
        seconds_to_train: Guess of the time that their stacks take then, of one core.
    """

    sizes: Mapping[Hashable, int]
    num_runs: int
    seconds_to_compile: float
    seconds_to_train: float

    def seconds(self, times: int = 1) -> float:
        """Return a guess of the time on two cores, with so many times the epochs."""
        work = self.seconds_to_compile + times * self.seconds_to_train
        return work / WORTH_OF_TWO_CORES


def lay_out(candidates: Sequence[Candidate], num_splits: int, num_seeds: int) -> Work:
    """Return what a study has to train, before anything is trained."""
    keys: dict[str, tuple[NetConfig, int, bool]] = {}
    for place, candidate in enumerate(candidates):
        for net in candidate.nets:
            digest = net.digest
            _, members, is_first = keys.get(digest, (net, 0, place == 0))
            keys[digest] = net, max(members, candidate.num_members), is_first
    # Runs that are asked for at once: those of the first arm to tune, those of all
    # others, and those to judge.
    asked: dict[Hashable, list[float]] = {}
    nets: dict[Hashable, NetConfig] = {}
    for net, members, is_first in keys.values():
        structure = net.structure()
        nets.setdefault(structure, net)
        counts = asked.setdefault(structure, [0.0, 0.0, 0.0])
        counts[0 if is_first else 1] += num_splits
        counts[2] += num_splits * num_seeds * members / len(candidates[0].nets)
    sizes = {one: choose_size(net, asked[one]) for one, net in nets.items()}
    seconds = sum(_seconds(nets[one], sizes[one], asked[one]) for one in asked)
    num_runs = round(sum(map(sum, asked.values())))
    return Work(sizes, num_runs, SECONDS_TO_COMPILE * len(sizes), seconds)


def choose_size(net: NetConfig, counts: Sequence[float]) -> int:
    """Return the size of stacks that takes least time, as one that is not full does.

    Args:
        net: One of the runs.
        counts: Runs that are asked for at once, time after time.
    """
    fitting = range(SMALLEST_STACK, net.stack_size() + 1)
    return min(fitting, key=lambda size: _seconds(net, size, counts))


def _seconds(net: NetConfig, size: int, counts: Sequence[float]) -> float:
    """Return about how long so many runs take in stacks of a size."""
    num_stacks = sum(-(-round(count) // size) for count in counts)
    return num_stacks * net.guess_seconds(size)


def train_rates(
    candidates: Sequence[Candidate],
    num_splits: int,
    work: Work,
    store: Store,
    stream: Heartbeat,
    executor: Executor | None = None,
) -> int:
    """Train every arm at every rate on the tuning seed of every split."""
    wanted = [
        (net.tuning(), one.tuning_seeds(num_splits))
        for one in candidates
        for net in one.nets
    ]
    return _train(wanted, work, store, stream, executor)


def train_chosen(
    candidates: Sequence[Candidate],
    choices: Mapping[str, np.ndarray],
    num_seeds: int,
    work: Work,
    store: Store,
    stream: Heartbeat,
    executor: Executor | None = None,
) -> int:
    """Train every arm on the judging seeds of every split, at the rate chosen there.

    Args:
        candidates: The arms.
        choices: Place of the chosen rate in every split `[J]`, by arm.
        num_seeds: Trainings per split, of ensembles so many times their members.
        work: From `lay_out`.
        store: Where the runs go.
        stream: Where progress is shown.
        executor: Who trains; threads of this process if None.
    """
    wanted = []
    for candidate in candidates:
        num_trained = num_seeds * candidate.num_members
        for split, place in enumerate(choices[candidate.name]):
            seeds = candidate.seeds_of(split, num_trained)
            wanted.append((candidate.nets[place], seeds))
    return _train(wanted, work, store, stream, executor)


def count_runs(
    candidates: Sequence[Candidate], choices: Mapping[str, np.ndarray], num_seeds: int
) -> int:
    """Return how many runs a study is made of, those that arms share counted once."""
    tuning: set[str] = set()
    judged: dict[tuple[str, int], int] = {}
    num_splits = 0
    for candidate in candidates:
        digests = [net.digest for net in candidate.nets]
        places = choices[candidate.name]
        num_splits = len(places)
        tuning.update(digests)
        for split, place in enumerate(places):
            key = digests[place], split
            judged[key] = max(judged.get(key, 0), candidate.num_members)
    return num_splits * len(tuning) + num_seeds * sum(judged.values())


def _train(
    wanted: Sequence[tuple[NetConfig, np.ndarray]],
    work: Work,
    store: Store,
    stream: Heartbeat,
    executor: Executor | None = None,
) -> int:
    """Train what is not stored, and return how many runs that were."""
    by_digest: dict[str, tuple[NetConfig, set[int]]] = {}
    for net, seeds in wanted:
        digest = net.digest
        by_digest.setdefault(digest, (net, set()))[1].update(seeds.tolist())
    requests = [
        Request(digest, net, np.array(sorted(seeds)))
        for digest, (net, seeds) in by_digest.items()
    ]
    missing = [without(r, store.seeds_present(r.digest)) for r in requests]
    num_wanted = sum(len(request.seeds) for request in requests)
    num_missing = sum(len(request.seeds) for request in missing)
    if not num_missing:
        return 0
    plan = Plan(
        stacks=tuple(pack(missing, work.sizes)),
        measurements=(),
        num_wanted=num_wanted,
        num_present=num_wanted - num_missing,
        waiting=False,
    )
    with (
        closing(Progress(plan, stream)) as progress,
        stream.doing(progress.beat),
    ):
        began = released = time.monotonic()

        def report(step: Step) -> None:
            nonlocal released
            progress(step)
            if time.monotonic() - released > SECONDS_TO_RELEASE:
                release_memory()
                released = time.monotonic()

        failures = execute(plan, store, report, executor)
    if time.monotonic() - began > SECONDS_TO_RELEASE:
        release_memory()
    if failures:
        raise RunsLost(failures)
    return num_missing


def choose_rates(
    candidates: Sequence[Candidate], num_splits: int, read: Callable[..., RunTable]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Choose a rate for every arm in every split, by the validation rows of that split.

    Args:
        candidates: The arms.
        num_splits: Number of splits J.
        read: `Store.load`.

    Returns:
        Place of the best rate `[J]`, and what was compared `[rates, J]`, by arm. Less
        is better; a run that diverged has infinity, and where all did, the smallest
        rate is taken.
    """
    places, values = {}, {}
    for candidate in candidates:
        seeds = candidate.tuning_seeds(num_splits)
        name = f"curve.val_{MONITORED[candidate.nets[0].kind]}"
        rows = []
        for net in candidate.nets:
            table = read(net.tuning().digest, seeds, [name])
            kept = epochs_kept(table.arrays[name], candidate.patience)
            value = np.take_along_axis(table.arrays[name], kept[:, None], axis=1)[:, 0]
            lost = (table.diverged_at >= 0) | ~np.isfinite(value)
            rows.append(np.where(lost, np.inf, value))
        values[candidate.name] = np.array(rows)
        places[candidate.name] = values[candidate.name].argmin(axis=0)
    return places, values


def epochs_kept(curves: np.ndarray, patience: int) -> np.ndarray:
    """Return the epoch `[S]`, from 0, whose weights a run keeps.

    The rule of `keras.callbacks.EarlyStopping` with the best weights restored: a run
    ends after `patience` epochs without a smaller value and keeps the epoch of the
    smallest one; without patience it keeps the last epoch.

    Args:
        curves: Monitored value after every epoch `[S, T]`.
        patience: Epochs to wait; 0 for never stopping.
    """
    num_runs, num_epochs = curves.shape
    if not patience:
        return np.full(num_runs, num_epochs - 1)
    best = np.zeros(num_runs, np.intp)
    stopped = np.zeros(num_runs, bool)
    smallest = curves[:, 0].copy()
    for epoch in range(1, num_epochs):
        stopped |= epoch - best > patience
        better = ~stopped & (curves[:, epoch] < smallest)
        best[better], smallest[better] = epoch, curves[better, epoch]
    return best
