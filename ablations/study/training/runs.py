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
from ablations.running.plan import Plan, Request, Step, pack, without
from ablations.running.progress import Progress
from ablations.running.runner import execute
from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.store.table import RunTable
from ablations.study.settings.recipe import Recipe
from ablations.study.table.splits import seeds_of
from ablations.study.training.net import MONITORED, SECONDS_TO_COMPILE, SIZES, NetConfig

CORES_IN_GUESS = 1.4
"""What two cores are worth: not all of the work can be shared."""

SECONDS_TO_RELEASE = 5.0
"""Memory is given back so often while stacks train; programs leave much behind."""

SECONDS_BESIDE = 25.0
"""About what it takes to start, to train the baselines and to write the report."""


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


def share_runs(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return arms whose runs also keep what other arms need that share them."""
    patiences: dict[Recipe, set[int]] = {}
    for candidate in candidates:
        patiences.setdefault(_trained(candidate), set()).add(candidate.patience)
    most = max(map(len, patiences.values()))
    return tuple(
        Candidate(
            candidate.name,
            tuple(
                net.replace(
                    patiences=tuple(sorted(patiences[_trained(candidate)])),
                    num_kept=most,
                )
                for net in candidate.nets
            ),
        )
        for candidate in candidates
    )


def _trained(candidate: Candidate) -> Recipe:
    """Return what decides the runs of an arm, at a rate and a seed."""
    return candidate.nets[0].recipe.replace(early_stopping=0, ensemble=1)


@dataclass(frozen=True)
class Work:
    """Work of a study: what it has to train.

    Attributes:
        sizes: Size that the stacks of each structure are filled up to.
        num_runs: Runs in all, shared ones counted once.
        seconds: Guess of the time they take on two cores.
    """

    sizes: Mapping[Hashable, int]
    num_runs: int
    seconds: float


def lay_out(candidates: Sequence[Candidate], num_splits: int, num_seeds: int) -> Work:
    """Return what a study has to train, before anything is trained."""
    keys: dict[str, tuple[NetConfig, int]] = {}
    for candidate in candidates:
        for net in candidate.nets:
            digest = spec_digest(net.specification())
            _, members = keys.get(digest, (net, 0))
            keys[digest] = net, max(members, candidate.num_members)
    most: dict[Hashable, list[float]] = {}
    limits: dict[Hashable, NetConfig] = {}
    for net, members in keys.values():
        structure = net.structure()
        limits.setdefault(structure, net)
        counts = most.setdefault(structure, [0.0, 0.0])
        counts[0] += num_splits
        counts[1] += num_splits * num_seeds * members / len(candidates[0].nets)
    sizes = {
        structure: _size(min(limits[structure].stack_size(), max(1, round(max(both)))))
        for structure, both in most.items()
    }
    seconds = SECONDS_TO_COMPILE * len(sizes)
    for structure, both in most.items():
        # A stack that is not full takes as long as a full one.
        size = sizes[structure]
        stacks = sum(-(-count // size) for count in both)
        seconds += limits[structure].guess_seconds(int(stacks * size))
    num_runs = round(sum(tuning + judged for tuning, judged in most.values()))
    return Work(sizes, num_runs, SECONDS_BESIDE + seconds / CORES_IN_GUESS)


def _size(num_runs: int) -> int:
    return next((size for size in SIZES if size >= num_runs), SIZES[-1])


def train_rates(
    candidates: Sequence[Candidate],
    num_splits: int,
    work: Work,
    store: Store,
    stream: Heartbeat,
    executor: Executor | None = None,
) -> int:
    """Train every arm at every rate on the tuning seed of every split."""
    tuning = np.concatenate([seeds_of(j, 1, tuning=True) for j in range(num_splits)])
    wanted = [(net.tuning(), tuning) for c in candidates for net in c.nets]
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
            wanted.append((candidate.nets[place], seeds_of(split, num_trained)))
    return _train(wanted, work, store, stream, executor)


def count_runs(
    candidates: Sequence[Candidate], choices: Mapping[str, np.ndarray], num_seeds: int
) -> int:
    """Return how many runs a study is made of, those that arms share counted once."""
    tuning: set[str] = set()
    judged: dict[tuple[str, int], int] = {}
    num_splits = 0
    for candidate in candidates:
        digests = [spec_digest(net.specification()) for net in candidate.nets]
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
        digest = spec_digest(net.specification())
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
        released = time.monotonic()

        def report(step: Step) -> None:
            nonlocal released
            progress(step)
            if time.monotonic() - released > SECONDS_TO_RELEASE:
                release_memory()
                released = time.monotonic()

        failures = execute(plan, store, report, executor)
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
    seeds = np.concatenate([seeds_of(j, 1, tuning=True) for j in range(num_splits)])
    for candidate in candidates:
        name = f"curve.val_{MONITORED[candidate.nets[0].kind]}"
        rows = []
        for net in candidate.nets:
            table = read(spec_digest(net.tuning().specification()), seeds, [name])
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
