"""Bring claims up to date: train what is missing, judge, and keep the verdicts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from ablations.evidence.evidence import Evidence, NoRuns
from ablations.judging.case import CONFIDENCE
from ablations.judging.interim_looks import Look, needs_more_seeds, schedule
from ablations.judging.judgement import command, give_verdict
from ablations.judging.lock import Lock, lock_rules
from ablations.judging.standing import why_not
from ablations.judging.verdict import FORMAT, Verdict
from ablations.protocol.claim import RegisteredClaim
from ablations.running.executors import make_executor
from ablations.running.following import Following
from ablations.running.heartbeat import Heartbeat
from ablations.running.jobs import Executor, Failure, RunsLost
from ablations.running.plan import Plan, make_plan
from ablations.running.progress import Progress
from ablations.running.runner import execute
from ablations.running.shards import Shard, divide
from ablations.store.store import Store
from ablations.training.devices import choose_device, collect_rarely


def bring_up_to_date(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    device: str,
    path: Path,
    stream: TextIO,
    *,
    until_decided: bool = False,
    first_seed: int | None = None,
    executor: str = "local",
) -> list[Verdict]:
    """Train what claims still need, judge them, store and return the verdicts.

    Keras is imported only if there is something to train or a GPU was asked for.

    Args:
        claims: The claims.
        preset: How many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
        device: `auto`, `cpu` or `gpu`.
        path: The store, made if it is not there.
        stream: Where progress is shown.
        until_decided: Look again, with twice the seeds, at what is open for want of
            seeds, as `ablations.judging.interim_looks` lays down; these seeds are those
            of the first look.
        first_seed: First of the seeds that judge; None takes the store's, 0 for a new
            one.
        executor: Who trains, a name that `make_executor` takes.

    Raises:
        RunsLost: If runs were lost with their workers; all else is stored and judged.
        ConfigError: If the device is not there or the store cannot be used.
    """
    asked = (claims, preset, num_seeds, device, path, first_seed, executor)
    with _made_ready(*asked) as (carrier, store):
        locks = lock_rules(claims, store)
        laid_down = _lay_down(claims, preset, num_seeds, until_decided)
        found: dict[str, Verdict] = {}
        failures: list[Failure] = []
        waiting = list(claims)
        for number in range(max(map(len, laid_down.values()), default=0)):
            looks = {c.id: laid_down[c.id][number] for c in waiting}
            for size in sorted({look.num_seeds for look in looks.values()}):
                group = [c for c in waiting if looks[c.id].num_seeds == size]
                failures += _train(group, preset, size or None, carrier, store, stream)
            evidence = Evidence(store)
            for claim in waiting:
                look, lock = looks[claim.id], locks[claim.id]
                judged = _judge(claim, evidence, preset, look, lock)
                if until_decided and judged.is_judged:
                    again = command(claim, preset, num_seeds, evidence.first_seed)
                    judged = _after(found.get(claim.id), judged, look, again)
                found[claim.id] = judged
            waiting = [
                c
                for c in waiting
                if number + 1 < len(laid_down[c.id]) and needs_more_seeds(found[c.id])
            ]
            if waiting:
                stream.write(
                    f"Claims still open: {len(waiting):,}; look {number + 2}.\n"
                )
        _keep(claims, found, store)
    if failures:
        raise RunsLost(failures)
    return [found[c.id] for c in claims]


def train_shard(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    device: str,
    path: Path,
    stream: TextIO,
    shard: Shard,
    *,
    first_seed: int | None = None,
    executor: str = "local",
) -> None:
    """Train one part of what claims need, and judge nothing.

    Args:
        claims: The claims.
        preset: How many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
        device: `auto`, `cpu` or `gpu`.
        path: The store of this part, made if it is not there.
        stream: Where progress is shown.
        shard: Which part.
        first_seed: First of the seeds that judge, as for `bring_up_to_date`.
        executor: Who trains.

    Raises:
        RunsLost: If runs were lost with their workers; all else is stored.
        ConfigError: If the device is not there or the store cannot be used.
    """
    parts = divide(claims, preset, shard.count, num_seeds)

    def part_of(plan: Plan) -> Plan:
        return shard.of_plan(plan, parts)

    asked = (claims, preset, num_seeds, device, path, first_seed, executor)
    with _made_ready(*asked) as (carrier, store):
        lock_rules(claims, store)
        failures = _train(claims, preset, num_seeds, carrier, store, stream, part_of)
    if failures:
        raise RunsLost(failures)


@contextmanager
def _made_ready(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    device: str,
    path: Path,
    first_seed: int | None,
    executor: str,
) -> Iterator[tuple[Executor, Store]]:
    """Yield who trains and the store, once all that is asked for can be had.

    What cannot be is refused before a store is made.
    """
    choose_device(device)
    collect_rarely()
    with closing(make_executor(executor, device)) as carrier:
        if not path.exists():
            carrier.begin()  # There is something to train.
        make_plan(claims, preset, NoRuns(first_seed or 0), num_seeds)
        if device == "gpu":
            carrier.machine()
        with Store.open(path) as store:
            if first_seed is not None:
                store.begin_at(first_seed)
            yield carrier, store


def _lay_down(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    until_decided: bool,
) -> dict[str, list[Look]]:
    """Return the looks at each claim, by its id."""
    if until_decided:
        return {c.id: schedule(c.claim, preset, num_seeds) for c in claims}
    return {c.id: [Look(1, 1, num_seeds or 0, CONFIDENCE)] for c in claims}


def _judge(
    claim: RegisteredClaim, evidence: Evidence, preset: str, look: Look, lock: Lock
) -> Verdict:
    """Judge a claim with the seeds and the confidence of a look."""
    num_seeds = look.num_seeds or None
    return give_verdict(claim, evidence, preset, num_seeds, lock, look.confidence)


def _after(before: Verdict | None, verdict: Verdict, look: Look, again: str) -> Verdict:
    """Return a verdict with the looks that led to it, and the command for all."""
    looks = *(before.looks if before else ()), look.record(verdict)
    return replace(verdict, looks=looks, command=f"{again} --until-decided")


def _keep(
    claims: Sequence[RegisteredClaim], found: dict[str, Verdict], store: Store
) -> None:
    """Store the verdicts that are to be kept."""
    kept = {record["id"]: record for record in store.verdicts()}
    store.put_verdicts(
        [
            found[c.id].record()
            for c in claims
            if _replaces(c, found[c.id], kept.get(c.id))
        ]
    )


def _replaces(
    claim: RegisteredClaim, verdict: Verdict, kept: dict[str, Any] | None
) -> bool:
    """Return whether a verdict is to be kept in place of the one that a store has.

    One that judged nothing never is, and one on a part of the rule not in place of one
    on the whole that still counts.
    """
    if not verdict.is_judged or kept is None or kept.get("format") != FORMAT:
        return verdict.is_judged
    earlier = Verdict.from_record(kept)
    if why_not(claim, earlier):
        return True
    return verdict.coverage.is_whole or not earlier.coverage.is_whole


def _train(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    executor: Executor,
    store: Store,
    stream: TextIO,
    part_of: Callable[[Plan], Plan] = lambda plan: plan,
) -> list[Failure]:
    """Train what claims still need, and again what is missing then.

    Args:
        claims: The claims.
        preset: How many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
        executor: Who trains.
        store: What is there, and where the rest goes.
        stream: Where progress is shown.
        part_of: Returns what of a plan is to be done here.

    Returns:
        What was lost; then nothing more is trained.
    """
    started = time.monotonic()
    trained = 0
    failures: list[Failure] = []
    plan = part_of(make_plan(claims, preset, store, num_seeds))
    while plan.num_steps and not failures:
        following = Following(claims, preset, num_seeds, plan, part_of)
        with Heartbeat(stream) as voice, closing(Progress(plan, voice)) as progress:
            with voice.doing(progress.beat):
                failures = execute(plan, store, progress, executor, following)
        trained += progress.num_runs
        plan = part_of(make_plan(claims, preset, store, num_seeds))
    seconds = time.monotonic() - started
    stream.write(
        f"{plan.num_wanted:,} runs needed, {trained:,} trained in {seconds:.0f} s;"
        f" store {store.path}\n"
    )
    return failures
