"""Do what a plan asks for: train a stack, or make the runs of an experiment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ablations.protocol.experiment import ExperimentConfig, checked
from ablations.protocol.network_runs import STACK_SIZES
from ablations.protocol.run_config import RunConfig
from ablations.running.machine import describe_machine, package_versions
from ablations.running.own_code import failure, witnessed
from ablations.running.plan import Request, Stack
from ablations.tasks import make_task
from ablations.training.backend import BACKEND, gpu_names, is_out_of_memory, versions
from ablations.training.config import TrainingConfig
from ablations.training.fit import train_by_fit
from ablations.training.metrics import HELD_OUT, rows_and_metric
from ablations.training.train import Data, StackResult, train_stack
from models.config import ConfigError


@dataclass(frozen=True)
class Trained:
    """The finished runs of one arm.

    Attributes:
        request: The arm and its seeds `[S]`.
        arrays: What is stored, by name `[S, ...]`.
        diverged_at: Update at which each run diverged, -1 for none `[S]`.
    """

    request: Request
    arrays: dict[str, np.ndarray]
    diverged_at: np.ndarray


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


def train(stack: Stack) -> list[Trained]:
    """Train one stack; where memory is too small for it, in halves.

    Raises:
        MemoryError: If not even one run fits.
        ConfigError: If an experiment does not give what it promised.
    """
    config = stack.members[0].config
    if isinstance(config, ExperimentConfig):
        return [_run_experiment(member) for member in stack.members]
    if config.engine == "fit":
        return [_trained_by_fit(member) for member in stack.members]
    what = f"A model of `build` cannot be trained in {stack.name}"
    is_own = config.factory() is not None
    try:
        with witnessed(what) if is_own else nullcontext():
            return _trained_together(stack)
    except ConfigError:
        raise
    except Exception as error:
        if not is_out_of_memory(error):
            if is_own:
                raise failure(what, error) from error
            raise
    # Out of the handler, so that the error no longer holds the memory.
    if stack.num_trained == 1:
        raise MemoryError(f"Not even one run fits: {stack.name}.")
    return [done for half in _halves(stack) for done in train(half)]


def _run_experiment(member: Request) -> Trained:
    config, seeds = member.config, member.seeds
    return Trained(member, *checked(config, seeds, config.run(seeds)))


def _trained_by_fit(member: Request) -> Trained:
    config = member.config
    arrays = train_by_fit(
        config.model, config.training, member.seeds, make_task(config.task)
    )
    lost = ~np.isfinite(arrays["curve.loss"])
    first = np.take_along_axis(arrays["steps"], lost.argmax(axis=1)[:, None], axis=1)
    return Trained(member, arrays, np.where(lost.any(axis=1), first[:, 0], -1))


def _trained_together(stack: Stack) -> list[Trained]:
    members = stack.members
    first = members[0].config

    def of_each_run(read: Callable[[Request], Any]) -> list[Any]:
        return [value for m in members for value in [read(m)] * len(m.seeds)]

    seeds = np.concatenate([member.seeds for member in members])
    numbers = of_each_run(lambda member: member.config.layer_numbers())
    result = train_stack(
        first.factory() or of_each_run(lambda member: member.config.network()),
        of_each_run(_training_of),
        seeds,
        _what_is_read(_rows_of(members), members),
        attributes={path: np.array([n[path] for n in numbers]) for path in numbers[0]},
        pad_to=stack.pad_to,
    )
    ends = np.cumsum([len(member.seeds) for member in members])
    parts = []
    for member, end in zip(members, ends, strict=True):
        mine = np.arange(end - len(member.seeds), end)
        parts.append(_part(member.config, member.seeds, result, mine))
        for config in member.shorter:
            # Weights may stop being finite an update before a loss shows it. What ends
            # there is missing then, is asked for again, and trained alone.
            told = result.diverged_at[mine] < config.recorded_steps()[-1]
            if told.any():
                parts.append(_part(config, member.seeds[told], result, mine[told]))
    return parts


def _training_of(member: Request) -> TrainingConfig:
    """Return the training of a member, which records what shorter ones do, too."""
    training = member.config.training
    if not member.shorter:
        return training
    steps = {k for config in member.shorter for k in config.recorded_steps()}
    return training.replace(log_steps=tuple(sorted(steps | {*training.log_steps})))


def _rows_of(members: Sequence[Request]) -> Data:
    """Return the rows of all runs; arms may have them prepared in their own ways."""
    tasks = [member.config.get_rows() for member in members]
    if all(task is tasks[0] for task in tasks):
        return tasks[0].rows(np.concatenate([member.seeds for member in members]))
    parts = [
        task.rows(member.seeds).arrays()
        for task, member in zip(tasks, members, strict=True)
    ]
    return Data(
        **{name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    )


def _what_is_read(data: Data, members: Sequence[Request]) -> Data:
    """Leave out the held-out rows that no metric reads: they fill the device."""
    training = members[0].config.training  # the others have the same metrics
    kept = [
        part
        for part in HELD_OUT
        if training.outputs
        or any(rows_and_metric(name)[0] == f"_{part}" for name in training.measured)
    ]
    unread = tuple(f"_{part}" for part in HELD_OUT if part not in kept)
    return Data(**{k: v for k, v in data.arrays().items() if not k.endswith(unread)})


def _part(
    config: RunConfig, seeds: np.ndarray, result: StackResult, mine: np.ndarray
) -> Trained:
    """Return what is stored of one arm: the rows of the curves that it asked for."""
    training = config.training
    total = training.total_steps(config.get_rows().num_rows)
    wanted = [*(k for k in training.log_steps if k <= total), total]
    asked = np.isin(result.log_steps, wanted) | bool(training.early_stopping)
    num_runs = len(seeds)
    arrays = {"steps": np.tile(result.log_steps[asked], (num_runs, 1))}
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
    for name, place in config.outputs_stored().items():
        for part, said in result.outputs[place].items():
            arrays[f"outputs.{name}.{part}"] = said[mine]
    diverged_at = result.diverged_at[mine]
    if "loss" in result.curves:
        lost = ~np.isfinite(arrays["curve.loss"][:, -1])
        diverged_at = np.where(lost & (diverged_at < 0), total, diverged_at)
    return Trained(Request(config.digest, config, seeds), arrays, diverged_at)


def _halves(stack: Stack) -> list[Stack]:
    """Split a stack's runs into two stacks of about half the size."""
    middle = (stack.num_trained + 1) // 2
    sizes = middle, stack.num_trained - middle
    firsts, seconds = [], []
    room = middle
    for member in stack.members:
        for part, seeds in (
            (firsts, member.seeds[:room]),
            (seconds, member.seeds[room:]),
        ):
            if len(seeds):
                part.append(replace(member, seeds=seeds))
        room = max(room - len(member.seeds), 0)
    return [
        Stack(tuple(part), min(_padded(size), stack.pad_to // 2 or 1))
        for part, size in zip((firsts, seconds), sizes, strict=True)
    ]


def _padded(num_runs: int) -> int:
    return next(size for size in STACK_SIZES if size >= num_runs)
