"""Work out which runs claims still need, and pack them into stacks.

What is missing is packed in the order in which it was asked for, in sizes that follow
from all that was asked. So a command that was killed trains the rest of its stacks when
it is repeated.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ablations.evidence.evidence import Evidence, Reader
from ablations.evidence.versions import measurement_specification
from ablations.protocol.arm import TUNING_SEEDS_START, Arm
from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.network_runs import STACK_SIZES
from ablations.protocol.run_config import RunConfig
from ablations.running.groups import program_of
from ablations.store.codec import spec_digest
from models.config import requirement

FEW_STACKS = 5
"""Runs that fit into so many stacks of a size need no larger ones."""

SECONDS_TO_STORE = 1.6e-5
SECONDS_TO_MEASURE = 0.25
"""What the storing of a run and a measurement take."""

LEAD = 3
"""Programs that are begun before a program is expected to be compiled."""


@dataclass(frozen=True)
class Request:
    """Ask for the runs of one arm on some seeds.

    Attributes:
        digest: Name of the specification.
        config: The arm.
        seeds: The seeds `[S]`.
        shorter: Arms whose runs on these seeds are the beginnings of these runs, and
            are stored with them.
    """

    digest: str
    config: RunConfig
    seeds: np.ndarray
    shorter: tuple[RunConfig, ...] = ()


@dataclass(frozen=True)
class Stack:
    """Runs that train together, or a chunk of runs of an experiment.

    Attributes:
        members: Digest, arm and seeds `[S]` of each arm that has runs in the stack.
        pad_to: Size that the stack is filled up to.
        compiles: Whether its program is compiled for it, as for the first of several.
    """

    members: tuple[Request, ...]
    pad_to: int
    compiles: bool = True

    @property
    def num_trained(self) -> int:
        """Number of runs to train."""
        return sum(len(member.seeds) for member in self.members)

    @property
    def num_runs(self) -> int:
        """Number of runs to store, those that others begin with among them."""
        return sum(len(one.seeds) * (1 + len(one.shorter)) for one in self.members)

    @property
    def name(self) -> str:
        """What is trained, for people who watch."""
        return self.members[0].config.title()

    @property
    def program(self) -> Hashable:
        """What is compiled for it."""
        return self.members[0].config.program(), self.pad_to

    @property
    def seconds(self) -> float:
        """Guess of the time that it takes once compiled, in seconds on one core."""
        config = self.members[0].config
        # Idle places cost as much as runs.
        size = self.pad_to if config.is_stacked() else self.num_trained
        return SECONDS_TO_STORE * self.num_runs + config.guess_seconds(size)

    @property
    def seconds_to_compile(self) -> float:
        """Guess of the time that its program takes to compile, likewise."""
        return self.members[0].config.seconds_to_compile()

    @property
    def work(self) -> float:
        """Guess of the time that it takes, compiled for it or not."""
        return self.seconds + (self.seconds_to_compile if self.compiles else 0.0)


@dataclass(frozen=True)
class Plan:
    """What is still to be done.

    Attributes:
        stacks: The stacks to train, in order.
        measurements: Names of the measurements to make.
        num_wanted: Number of runs that the claims need in all.
        num_present: Number of those that are stored.
        waiting: Whether arms wait for their tuning runs; plan again afterwards.
        proposals: What oracles have to be asked, as specifications.
        later: Stacks as those that follow once tuning has chosen.
        sizes: Size of the stacks of every structure, now and later.
    """

    stacks: tuple[Stack, ...]
    measurements: tuple[str, ...]
    num_wanted: int
    num_present: int
    waiting: bool
    proposals: tuple[dict[str, Any], ...] = ()
    later: tuple[Stack, ...] = ()
    sizes: Mapping[Hashable, int] = field(default_factory=dict)

    @property
    def num_missing(self) -> int:
        """Number of runs to store."""
        return sum(stack.num_runs for stack in self.stacks)

    @property
    def num_steps(self) -> int:
        """Number of stacks, measurements and proposals."""
        return len(self.stacks) + len(self.measurements) + len(self.proposals)

    @property
    def seconds(self) -> float:
        """Guess of the time that training takes, in seconds on one core."""
        return sum(stack.work for stack in self.stacks)


@dataclass(frozen=True)
class Step:
    """Report one finished stack or measurement.

    Attributes:
        what: What it was, for people who watch.
        num_runs: Runs it held, 0 for a measurement.
        work: What `Stack.work` guessed.
        more: Stacks that are to be trained, too, now that it is.
    """

    what: str
    num_runs: int
    work: float
    more: tuple[Stack, ...] = ()


def requests_of(
    arm: Arm, num_seeds: int, evidence: Evidence, rivals: Sequence[Arm] = ()
) -> tuple[list[tuple[RunConfig, np.ndarray]], bool]:
    """Return the runs an arm needs now, and whether it waits for tuning runs.

    Args:
        arm: The arm.
        num_seeds: Number of seeds that judge it.
        evidence: What is there.
        rivals: The tuned arms that it is compared with.
    """
    choice = evidence.choice(arm, rivals)
    judging = np.arange(evidence.first_seed, evidence.first_seed + num_seeds)
    wanted: list[tuple[RunConfig, np.ndarray]] = []
    if arm.tune is not None:
        first = TUNING_SEEDS_START
        seeds = np.arange(first, first + arm.tune.seeds)
        rates = evidence.rates(arm, rivals)
        wanted += [(arm.with_learning_rate(rate), seeds) for rate in rates]
        if arm.tune.show_default:
            wanted.append((arm.config, judging))
    if choice is None:
        return wanted, True
    return [*wanted, (choice.config, judging)], False


def make_plan(
    claims: Iterable[RegisteredClaim],
    preset: str,
    store: Reader,
    num_seeds: int | None = None,
    *,
    programs: Set[Hashable] | None = None,
    sizes: Mapping[Hashable, int] | None = None,
) -> Plan:
    """Return what the claims need and the store does not have.

    Args:
        claims: The claims.
        preset: How much evidence is asked for.
        store: What is there.
        num_seeds: Number of seeds in place of the preset's.
        programs: Leaves out all arms but those of these, as `program_of` names them.
        sizes: Size of the stacks of every structure, which a plan of all claims has;
            None lets what is asked for decide.

    Raises:
        ConfigError: If a claim asks for seeds that are kept for tuning.
    """
    stored = Evidence(store)
    wanted: dict[str, tuple[RunConfig, set[int]]] = {}
    measurements: dict[str, None] = {}
    proposals: dict[str, dict[str, Any]] = {}
    waiting = False
    awaited: dict[str, tuple[RunConfig, int]] = {}
    for registered in claims:
        claim = registered.claim.under(preset)
        evidence = stored.for_claim(claim)
        measurements |= dict.fromkeys(claim.measurements())
        for arm in claim.arms.values():
            if programs is not None and program_of(arm.config) not in programs:
                continue
            count = claim.num_seeds(arm, preset, num_seeds)
            most = TUNING_SEEDS_START - evidence.first_seed
            if count > most:
                after = f" after {evidence.first_seed:,}" if evidence.first_seed else ""
                raise requirement("seeds", f"must be at most {most:,}{after}", count)
            needed, waits = requests_of(arm, count, evidence, claim.rivals(arm))
            waiting |= waits
            if waits:
                _, before = awaited.get(arm.config.digest, (None, 0))
                awaited[arm.config.digest] = arm.config, max(before, count)
            for asked in evidence.open_proposals(arm, claim.rivals(arm)):
                proposals[spec_digest(asked)] = asked
            for config, seeds in needed:
                digest = config.digest
                wanted.setdefault(digest, (config, set()))[1].update(seeds.tolist())
    requests = [
        Request(digest, config, np.array(sorted(seeds)))
        for digest, (config, seeds) in wanted.items()
    ]
    missing = [without(r, store.seeds_present(r.digest)) for r in requests]
    num_wanted = sum(len(request.seeds) for request in requests)
    num_missing = sum(len(request.seeds) for request in missing)
    # What tuning will choose takes as long as what is written in its place.
    chosen = [
        Request(digest, config, np.arange(count))
        for digest, (config, count) in awaited.items()
    ]
    sizes = all_sizes(requests, chosen) if sizes is None else sizes
    return Plan(
        stacks=tuple(pack(together(missing), sizes)),
        measurements=tuple(
            name
            for name in measurements
            if not len(
                store.seeds_present(spec_digest(measurement_specification(name)))
            )
        ),
        num_wanted=num_wanted,
        num_present=num_wanted - num_missing,
        waiting=waiting,
        proposals=tuple(proposals.values()),
        later=tuple(pack(chosen, sizes)),
        sizes=sizes,
    )


def without(request: Request, present: np.ndarray) -> Request:
    """Return a request without the seeds that are stored."""
    return replace(request, seeds=np.setdiff1d(request.seeds, present))


def together(requests: Iterable[Request]) -> list[Request]:
    """Return requests in which runs that others begin with are not trained alone."""
    paths: dict[Hashable, list[Request]] = {}
    for request in requests:
        path = request.config.path()
        paths.setdefault(request.digest if path is None else path, []).append(request)
    return [one for asked in paths.values() for one in _joined(asked)]


def _joined(asked: list[Request]) -> Iterator[Request]:
    """Yield requests of one path so that each seed has one run, the longest asked."""
    if len(asked) == 1:
        yield from asked
        return
    asked = sorted(asked, key=lambda one: -(one.config.count_updates(None) or 0))
    wanting: dict[int, tuple[int, ...]] = {}
    for place, request in enumerate(asked):
        for seed in request.seeds.tolist():
            wanting[seed] = (*wanting.get(seed, ()), place)
    alike: dict[tuple[int, ...], list[int]] = {}
    for seed, places in wanting.items():
        alike.setdefault(places, []).append(seed)
    for (longest, *shorter), seeds in alike.items():
        configs = tuple(asked[place].config for place in shorter)
        yield replace(asked[longest], seeds=np.array(sorted(seeds)), shorter=configs)


def all_sizes(
    requests: Sequence[Request], chosen: Sequence[Request]
) -> dict[Hashable, int]:
    """Return the size of the stacks of every structure, whatever is stored.

    Args:
        requests: All that is asked for, stored or not; runs that others begin with
            count only where nothing else has their structure.
        chosen: What is asked for once tuning has chosen.
    """
    joined = together(requests)
    trained = {request.digest for request in joined}
    read_off = [request for request in requests if request.digest not in trained]
    return {**stack_sizes(read_off), **stack_sizes([*joined, *chosen])}


def stack_sizes(requests: Iterable[Request]) -> dict[Hashable, int]:
    """Return the size of the stacks of every structure, one for all of its runs.

    Every size is compiled anew, so a structure has one. It is smaller than its
    `stack_size` where there are few runs, which would leave most places idle.

    Args:
        requests: All that is asked for, stored or not, now or once tuning has chosen.
    """
    counts: Counter[Hashable] = Counter()
    configs: dict[Hashable, RunConfig] = {}
    for request in requests:
        structure = request.config.structure()
        counts[structure] += len(request.seeds)
        configs.setdefault(structure, request.config)
    return {s: _stack_size(config, counts[s]) for s, config in configs.items()}


def _stack_size(config: RunConfig, num_runs: int) -> int:
    limit = config.stack_size()
    if not config.is_stacked():
        return limit
    return min([limit, *(s for s in STACK_SIZES[1:] if num_runs <= FEW_STACKS * s)])


def pack(
    requests: Sequence[Request], sizes: Mapping[Hashable, int] | None = None
) -> list[Stack]:
    """Pack runs into full stacks of equal structure.

    The stacks of a program come some time after its first one, for which it is
    compiled, and between the first ones of others: to compile one program while
    another trains is faster than to compile two.

    Args:
        requests: What to train; some may have no seeds left.
        sizes: Runs of a stack by structure, to which all of its stacks are filled up;
            the number of runs decides where it does not say, as for an experiment at a
            rate that tuning has come to only now.
    """
    known = sizes or {}
    groups: dict[Hashable, list[Request]] = {}
    for request in requests:
        if len(request.seeds):
            groups.setdefault(request.config.structure(), []).append(request)
    stacks = [
        (place, Stack(tuple(members), size))
        for structure, group in groups.items()
        for size in [known.get(structure) or stack_sizes(group)[structure]]
        for place, members in enumerate(split_runs(group, size))
    ]
    stacks.sort(key=lambda one: (one[0], -one[1].work))
    return _mixed([stack for _, stack in stacks])


def _mixed(stacks: Sequence[Stack]) -> list[Stack]:
    """Spread the first stacks of all programs evenly among the others."""
    programs: dict[Hashable, list[Stack]] = {}
    for stack in stacks:
        programs.setdefault(stack.members[0].config.program(), []).append(stack)
    groups = list(programs.values())
    num_others = len(stacks) - len(groups)
    ready: list[tuple[int, int, Stack]] = []
    mixed: list[Stack] = []
    for number in range(len(groups) + LEAD):
        if number < len(groups):
            mixed.append(groups[number][0])
        if number >= LEAD:
            for turn, stack in enumerate(groups[number - LEAD][1:]):
                stack = replace(stack, compiles=False)
                heapq.heappush(ready, (turn, number, stack))
        started = min(number + 1, len(groups))
        while ready and len(mixed) - started < num_others * started // len(groups):
            mixed.append(heapq.heappop(ready)[-1])
    return mixed


def split_runs(requests: Sequence[Request], limit: int) -> Iterator[list[Request]]:
    """Yield the runs of requests in order, so many at a time; the last may be fewer."""
    members: list[Request] = []
    room = limit
    for request in requests:
        seeds = request.seeds
        while len(seeds):
            part, seeds = seeds[:room], seeds[room:]
            members.append(replace(request, seeds=part))
            room -= len(part)
            if room == 0:
                yield members
                members, room = [], limit
    if members:
        yield members
