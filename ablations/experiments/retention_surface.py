"""Train networks at every pair of shares of inputs and of hidden units kept."""

from __future__ import annotations

from itertools import product
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ablations.experiments.dropout_ensemble import percent
from ablations.experiments.trained_networks import TrainedNetworksConfig
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, requirement

STACK_SIZE = 60
"""Five seeds of twelve cells."""

Retention = Annotated[float, Field(gt=0.0, le=1.0)]
"""Share of units kept."""

Cell = tuple[float, float]
"""Shares of hidden units and of inputs kept."""


class RetentionSurfaceConfig(TrainedNetworksConfig):
    """Describe a network per cell of a table of retentions, on the same rows.

    All cells of a seed start from the same weights, and share a program: one that keeps
    everything drops with probability 0.

    Args:
        task: The rows, with validation and test rows.
        model: The network, whose own dropout is off.
        training: Its training, for a number of updates.
        hidden: Shares of hidden units kept.
        inputs: Shares of inputs kept.

    Raises:
        ConfigError: If the task is not split, or the model drops units by itself.
    """

    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.8

    kind: Literal["retention_surface"] = "retention_surface"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    hidden: tuple[Retention, ...] = (1.0, 0.8, 0.6, 0.4)
    inputs: tuple[Retention, ...] = (1.0, 0.8, 0.6)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split:
            must = "must have validation rows and test rows"
            raise requirement("task", must, self.task.name)
        if any(self.model.per_layer("dropout")) or self.model.input_dropout:
            must = "must be 0 where cells say what is kept"
            raise requirement("dropout", must, self.model.dropout)
        if self.training.num_steps is None:
            must = "must be given where retentions are compared"
            raise requirement("num_steps", must, None)
        return self

    @property
    def metric(self) -> str:
        """Name of what cells are compared by: `loss` for numbers, else `accuracy`."""
        return "loss" if self.task.is_regression else "accuracy"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All pairs, hidden units first."""
        return tuple(product(self.hidden, self.inputs))

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the score of every cell on test rows, and of the best cell."""
        each = (cell_metric(self.metric, cell) for cell in self.cells)
        return (*each, f"test_{self.metric}_of_best")

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train a network per cell and seed.

        Returns:
            As `ExperimentConfig.run`, with `best_cell` `[S]`, the place among `cells`
            of the one that does best on validation rows, the first of equally good
            ones; `of_best` is its score on test rows.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        cells = np.array(self.cells)
        copies = np.repeat(np.arange(len(seeds)), len(cells))
        rates = 1.0 - np.tile(cells, (len(seeds), 1))
        layers = range(1, len(self.model.hidden_units) + 1)
        metrics = (f"val_{self.metric}", f"test_{self.metric}")
        result = train_in_stacks(
            self.model.replace(dropout=0.5, input_dropout=0.5),
            self.training.replace(metrics=metrics, log_steps=(), probes=()),
            seeds[copies],
            make_task(self.task).rows(seeds).of_runs(copies),
            size=STACK_SIZE,
            attributes={
                **{f"dropout_{k}.rate": rates[:, 0] for k in layers},
                "input_dropout.rate": rates[:, 1],
            },
        )
        val, test = (
            result.curves[name][:, -1].reshape(len(seeds), -1) for name in metrics
        )
        worth = -val if self.metric == "loss" else val
        best = np.where(np.isfinite(worth), worth, -np.inf).argmax(axis=1)
        steps = np.full((len(seeds), 1), self.recorded_steps()[0], np.int32)
        return {
            "steps": steps,
            **{
                f"curve.{cell_metric(self.metric, cell)}": test[:, [place]]
                for place, cell in enumerate(self.cells)
            },
            f"curve.test_{self.metric}_of_best": test[
                np.arange(len(seeds)), best, None
            ],
            "best_cell": best.astype(np.int32),
            "diverged_at": result.diverged_at.reshape(len(seeds), -1).max(axis=1),
        }


def cell_metric(metric: str, cell: Cell) -> str:
    """Return the name of a cell's score, as `test_accuracy_at_60_80`."""
    hidden, inputs = map(percent, cell)
    return f"test_{metric}_at_{hidden}_{inputs}"
