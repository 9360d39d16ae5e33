"""Train small networks for the self-check: many of one kind, and arms with defects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ablations.rigs.xor import xor_arm
from ablations.selfcheck.noise import Bank
from ablations.selfcheck.synthetic import BUDGET
from ablations.store.table import RunTable
from ablations.tasks import Task, make_task
from ablations.training.config import TrainingConfig
from models.config import MLPConfig

LOOKS = 10
"""Updates between two records of a run of the bank."""


def train_bank(num_runs: int) -> Bank:
    """Train the printed XOR program with many seeds, as stacks."""
    config = xor_arm(num_steps=BUDGET)
    training = config.training.replace(log_steps=tuple(range(0, BUDGET + 1, LOOKS)))
    table = train_table(
        make_task(config.task), config.model, training, np.arange(num_runs)
    )
    solved = table.arrays["curve.solved"] == 1.0
    first = table.arrays["steps"][0][solved.argmax(axis=1)].astype(np.float64)
    return Bank(
        scores=-table.arrays["curve.loss"][:, -1].astype(np.float64),
        successes=solved[:, -1] * 1.0,
        times=np.where(solved.any(axis=1), np.maximum(first, 1.0), np.inf),
    )


def train_table(
    task: Task,
    model: MLPConfig,
    training: TrainingConfig | Sequence[TrainingConfig],
    seeds: np.ndarray,
    drawn_from: np.ndarray | None = None,
) -> RunTable:
    """Train runs as one stack and return them as a store would.

    Args:
        task: The rows.
        model: The network.
        training: The training, or one per run.
        seeds: Seeds that the runs are kept under `[S]`.
        drawn_from: Seeds that they are drawn from, where those are others `[S]`.
    """
    from ablations.training.train import train_stack

    sources = seeds if drawn_from is None else drawn_from
    result = train_stack(model, training, sources, task.rows(sources))
    lost = result.diverged_at >= 0
    return RunTable(
        seeds=np.asarray(seeds),
        status=np.where(lost, "diverged", "ok"),
        diverged_at=result.diverged_at,
        arrays={
            "steps": np.tile(result.log_steps, (len(seeds), 1)),
            **{f"curve.{name}": curve for name, curve in result.curves.items()},
        },
    )


def with_optimizer(training: TrainingConfig, **changes: Any) -> TrainingConfig:
    """Return a training whose optimizer is changed, also to what a config refuses."""
    optimizer = training.optimizer.model_copy(update=changes)
    return training.model_copy(update={"optimizer": optimizer})
