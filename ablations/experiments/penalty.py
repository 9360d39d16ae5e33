"""Follow what a penalty on squared weights does to weights, errors and smoothness."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import (
    ActivationConfig,
    InitializerConfig,
    MLPConfig,
    NonNegative,
    Positive,
    PositiveInt,
    requirement,
)
from models.numpy_mlp import Networks, moving

STACK_SIZE = 20
MEASURED = ("accuracy", "test_accuracy", "test_crossentropy")
"""Metrics of the outputs; none counts the penalty."""

ROWS_FELT = 250
"""Test rows at which the slopes of a network are taken."""

SMALLEST = 1e-12
"""Numbers below it count as it where logarithms are taken."""


class PenaltyConfig(ExperimentConfig):
    """Describe ReLU classifiers under an L2 penalty, or under decoupled decay.

    The penalty is `l2` times the sum of the squared entries of all kernels; decay
    takes `learning_rate * decay * w` from every weight at every update. All strengths
    of the penalty, zero included, share a program.

    Args:
        task: The rows, classes, with test rows.
        l2: Strength of the penalty.
        decay: Strength of the decay.
        optimizer: Name of the update rule.
        learning_rate: Its rate.
        batch_norm: Whether batch norm stands before every ReLU.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        batch_size: Rows of an update.
        num_steps: Number of updates.

    Raises:
        ConfigError: If the task has no classes or no test rows.
    """

    chunk_size: ClassVar[int] = STACK_SIZE
    seconds_per_run: ClassVar[float] = 0.05

    kind: Literal["penalty"] = "penalty"
    task: TaskConfig
    l2: NonNegative = 0.0
    decay: NonNegative = 0.0
    optimizer: Literal["sgd", "momentum", "adam"] = "adam"
    learning_rate: Positive = 0.003
    batch_norm: bool = False
    width: PositiveInt = 64
    depth: PositiveInt = 2
    batch_size: PositiveInt = 32
    num_steps: PositiveInt = 1500

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes and test rows"
            raise requirement("task", must, self.task.name)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return `MEASURED`, and the logarithms of norm and roughness."""
        return (*MEASURED, "log10_weight_norm", "log10_roughness")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the end of training."""
        return (self.num_steps,)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates."""
        return self.num_steps

    def get_loss(self) -> str:
        """Return what is minimized beside the penalty."""
        return "categorical_crossentropy"

    def model(self) -> MLPConfig:
        """Return the network, with the place where its penalty is set."""
        task = make_task(self.task)
        return MLPConfig(
            input_units=task.num_inputs,
            hidden_units=(self.width,) * self.depth,
            activation=ActivationConfig(name="relu"),
            kernel_initializer=InitializerConfig(name="he_normal"),
            output_kernel_initializer=None,
            l2=1.0,
            regularize_output=True,
            batch_norm="before" if self.batch_norm else None,
            batch_norm_momentum=0.9,
            output_units=task.num_outputs,
        )

    def training(self) -> TrainingConfig:
        """Return the training."""
        return TrainingConfig(
            optimizer=OptimizerConfig(
                name=self.optimizer,
                learning_rate=self.learning_rate,
                weight_decay=self.decay,
            ),
            loss="categorical_crossentropy",
            from_logits=True,
            batch_size=self.batch_size,
            num_steps=self.num_steps,
            metrics=MEASURED,
        )

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train, and measure the networks that came out.

        Returns:
            As `ExperimentConfig.run`; `log10_weight_norm` is of the norm of all
            kernels together, `log10_roughness` of `Networks.roughness` at the first
            test rows.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        model, data = self.model(), make_task(self.task).rows(seeds)
        layers = (*(f"hidden_{k + 1}" for k in range(self.depth)), "output")
        result = train_in_stacks(
            model,
            self.training(),
            seeds,
            data,
            size=STACK_SIZE,
            attributes={f"{name}.kernel_regularizer.l2": self.l2 for name in layers},
        )
        norm = np.sqrt(
            sum(
                (np.float64(w) ** 2).sum(axis=(1, 2))
                for w in result.weights
                if w.ndim == 3
            )
        )
        felt = np.asarray(data.x_test)[..., :ROWS_FELT, :]
        rough = Networks(model, result.weights, moving(model, result.state)).roughness(
            felt
        )
        last = {name: curve[:, -1:] for name, curve in result.curves.items()}
        return {
            "steps": np.full((len(seeds), 1), self.num_steps, np.int32),
            **{f"curve.{name}": values for name, values in last.items()},
            "curve.log10_weight_norm": _log10(norm)[:, None],
            "curve.log10_roughness": _log10(rough)[:, None],
            "diverged_at": result.diverged_at,
        }


def _log10(values: np.ndarray) -> np.ndarray:
    return np.log10(np.maximum(values, SMALLEST))
