"""Have done what a plan asks for, and store it, piece by piece.

An executor carries the pieces; this thread alone writes to the store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ablations.evidence.versions import measurement_specification
from ablations.running.executors import Local
from ablations.running.following import Following
from ablations.running.jobs import Executor, Failure, Job
from ablations.running.plan import Plan, Stack, Step
from ablations.store.store import Store

WHOLE_MACHINE = ("thread_speed_up",)
"""Measurements that time what several cores do; others count the seconds of a thread.
"""


class Runs(NamedTuple):
    """Finished runs of one specification.

    Attributes:
        specification: What the key of the runs is the digest of.
        seeds: Their seeds `[S]`.
        diverged_at: Update at which each run diverged, -1 for none `[S]`.
        arrays: What is stored, by name `[S, ...]`.
    """

    specification: dict[str, Any]
    seeds: np.ndarray
    diverged_at: np.ndarray
    arrays: dict[str, np.ndarray]


def execute(
    plan: Plan,
    store: Store,
    report: Callable[[Step], None],
    executor: Executor | None = None,
    following: Following | None = None,
) -> list[Failure]:
    """Do everything in a plan and store each piece as soon as it is finished.

    Args:
        plan: What to do.
        store: Where it goes; this process must be its writer.
        report: Called after every stack and measurement was stored.
        executor: Who carries it; threads of this process if None.
        following: What is to be done, too, once stacks are stored.

    Returns:
        What was lost with one worker after the other, and is not stored.

    Raises:
        MemoryError: If not even one run fits on the device.
    """
    executor = Local("auto") if executor is None else executor
    failures: list[Failure] = []
    for job, result in executor.carry(list_jobs(plan, following)):
        if isinstance(result, Failure):
            failures.append(result)
            continue
        for runs in result:
            store.insert(
                store.put_spec(runs.specification),
                runs.seeds,
                np.where(runs.diverged_at >= 0, "diverged", "ok"),
                runs.diverged_at,
                runs.arrays,
                executor.machine(),
            )
        if not isinstance(job.what, Stack):
            report(Step(job.name, 0, 0.0))
            continue
        more: tuple[Stack, ...] = ()
        # What was lost is missing, and would be asked for again and again.
        if following is not None and not failures:
            more = following.after(job.what, store)
            executor.add([_job(stack, job.turn) for stack in more])
        report(Step(job.name, job.what.num_runs, job.seconds, more))
    return failures


def list_jobs(plan: Plan, following: Following | None = None) -> list[Job]:
    """Return what a plan asks for as jobs, in groups where something follows."""
    measurements = [
        Job(
            _measure,
            name,
            name,
            alone="machine" if name in WHOLE_MACHINE else "process",
        )
        for name in plan.measurements
    ]
    proposals = [
        Job(
            _propose,
            asked,
            f"proposals by the {asked['proposal']} oracle",
            alone="process",
        )
        for asked in plan.proposals
    ]
    turn = following.turn if following else lambda stack: 0
    stacks = [_job(stack, turn(stack)) for stack in plan.stacks]
    return [*measurements, *proposals, *stacks]


def _job(stack: Stack, turn: int) -> Job:
    """Return the training of a stack as a job."""
    return Job(
        _train,
        stack,
        stack.name,
        stack.program,
        stack.work,
        is_own=stack.members[0].config.is_own(),
        turn=turn,
    )


# What a job does; a process that only sends them imports no backend.


def _measure(name: str) -> list[Runs]:
    from ablations import measures

    return [_once(measurement_specification(name), measures.measure(name))]


def _propose(asked: dict[str, Any]) -> list[Runs]:
    from ablations.running.oracle import propose

    return [_once(asked, {"learning_rates": propose(asked)})]


def _once(specification: dict[str, Any], found: dict[str, np.ndarray]) -> Runs:
    """Return what is found without chance, as a single run."""
    arrays = {name: value[None] for name, value in found.items()}
    return Runs(specification, np.array([0]), np.array([-1]), arrays)


def _train(stack: Stack) -> list[Runs]:
    from ablations.running.work import train

    return [
        Runs(
            done.request.config.specification(),
            done.request.seeds,
            done.diverged_at,
            done.arrays,
        )
        for done in train(stack)
    ]
