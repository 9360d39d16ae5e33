"""Train what a plan asks for and store it, stack by stack."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ablations import measures
from ablations.backend import BACKEND, gpu_names, is_out_of_memory, versions
from ablations.evidence import measurement_specification
from ablations.fit import train_by_fit
from ablations.machine import describe_machine, package_versions
from ablations.plan import Plan, Request, Stack, Step
from ablations.store import Store
from ablations.tasks import make_task
from ablations.train import Data, StackResult, train_stack

RunArrays = dict[str, np.ndarray]


def machine() -> dict[str, object]:
    """Return what is stored beside every run: machine, versions, backend, device."""
    names = gpu_names()
    return {
        **describe_machine(),
        **package_versions(),
        **versions(),
        "backend": BACKEND,
        "device": names[0] if names else "cpu",
    }


def train(stack: Stack) -> list[tuple[Request, RunArrays, np.ndarray]]:
    """Train one stack.

    Out of memory, the stack is halved until it fits.

    Returns:
        Per arm: the request, its arrays `[S, ...]` and the update at which each run
        diverged, -1 for none `[S]`.

    Raises:
        MemoryError: If not even one run fits.
    """
    config = stack.members[0].config
    if config.engine == "fit":
        return [_fitted(member) for member in stack.members]
    try:
        return _trained(stack)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        if stack.num_runs == 1:
            raise MemoryError(f"One run of {config.model} does not fit.") from error
        return [part for half in _halves(stack) for part in train(half)]


def _fitted(member: Request) -> tuple[Request, RunArrays, np.ndarray]:
    config = member.config
    arrays = train_by_fit(
        config.model, config.training, member.seeds, make_task(config.task)
    )
    total = int(arrays["steps"][0, -1])
    lost = ~np.isfinite(arrays["curve.loss"][:, -1])
    return member, arrays, np.where(lost, total, -1)


def _trained(stack: Stack) -> list[tuple[Request, RunArrays, np.ndarray]]:
    members = stack.members
    configs = [m.config for m in members for _ in m.seeds]
    task = make_task(members[0].config.task)
    result = train_stack(
        [config.model for config in configs],
        [config.training for config in configs],
        np.concatenate([member.seeds for member in members]),
        Data(task.x, task.y, task.x_val, task.y_val),
        pad_to=stack.pad_to,
    )
    parts = []
    start = 0
    for member in members:
        mine = slice(start, start + len(member.seeds))
        start = mine.stop
        arrays, diverged_at = _arrays(member, result, mine)
        parts.append((member, arrays, diverged_at))
    return parts


def _arrays(
    member: Request, result: StackResult, mine: slice
) -> tuple[RunArrays, np.ndarray]:
    """Return what is stored of one arm: the rows of the curves that it asked for."""
    training = member.config.training
    total = training.total_steps(len(make_task(member.config.task).x))
    wanted = {k for k in training.log_steps if k <= total} | {total}
    asked = np.isin(result.log_steps, sorted(wanted)) | bool(training.early_stopping)
    steps = result.log_steps[asked]
    num_runs = len(member.seeds)
    arrays = {"steps": np.tile(steps, (num_runs, 1))}
    for name, curve in result.curves.items():
        arrays[f"curve.{name}"] = curve[mine][:, asked]
    for name, probe in result.probes.items():
        arrays[f"probe.{name}"] = probe[mine][:, asked]
    if training.record_weights:
        flat = [w[mine].reshape(num_runs, -1) for w in (*result.weights, *result.state)]
        arrays["weights"] = np.concatenate(flat, axis=1).astype(np.float32)
    if training.early_stopping:
        arrays["stopped_at"] = result.stopped_at[mine]
        arrays["best_at"] = result.best_at[mine]
    diverged_at = result.diverged_at[mine]
    if "loss" in result.curves:
        lost = ~np.isfinite(result.curves["loss"][mine][:, -1])
        diverged_at = np.where(lost & (diverged_at < 0), total, diverged_at)
    return arrays, diverged_at


def _halves(stack: Stack) -> list[Stack]:
    """Split a stack's runs into two stacks of about half the size."""
    flat = [(m, int(seed)) for m in stack.members for seed in m.seeds]
    middle = (len(flat) + 1) // 2
    halves = []
    for part in (flat[:middle], flat[middle:]):
        members = []
        for member in stack.members:
            seeds = [seed for owner, seed in part if owner is member]
            if seeds:
                members.append(Request(member.digest, member.config, np.array(seeds)))
        halves.append(Stack(tuple(members), len(part)))
    return halves


def execute(plan: Plan, store: Store, report: Callable[[Step], None]) -> None:
    """Do everything in a plan and store each piece as soon as it is finished.

    Args:
        plan: What to do.
        store: Where it goes; this process must be its writer.
        report: Called after every stack and measurement was stored.
    """
    here = machine()
    for name in plan.measurements:
        numbers = measures.measure(name)
        digest = store.put_spec(measurement_specification(name))
        arrays = {key: np.asarray(value)[None] for key, value in numbers.items()}
        store.insert(digest, [0], ["ok"], [-1], arrays, here)
        report(Step(name, 0, 0.0))
    for stack in plan.stacks:
        for member, arrays, diverged_at in train(stack):
            digest = store.put_spec(member.config.specification())
            status = np.where(diverged_at >= 0, "diverged", "ok")
            store.insert(digest, member.seeds, status, diverged_at, arrays, here)
        report(Step(_name(stack), stack.num_runs, stack.work))


def _name(stack: Stack) -> str:
    config = stack.members[0].config
    hidden = "-".join(str(units) for units in config.model.hidden_units) or "linear"
    return f"{config.task.name} {hidden} {config.training.optimizer.name}"
