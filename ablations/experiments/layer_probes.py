"""Ask of every layer of a network how well a linear rule can classify from it."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, Positive, requirement
from models.numpy_mlp import check_followable, hidden_layers


class LayerProbesConfig(ExperimentConfig):
    """Describe networks whose layers are read by linear probes, new and trained.

    A probe is a ridge regression of the classes on the standardized activations of one
    layer, fitted to the training rows; its answer is the class with the largest
    output. Layer 0 is the inputs.

    Args:
        task: The rows, with test rows and more than one column of targets.
        model: The network.
        training: Its training.
        penalty: Factor of the squared weights of a probe, beside a mean over rows.

    Raises:
        ConfigError: If the task has no test rows or no classes, or a part of the
            network cannot be followed.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.3

    kind: Literal["layer_probes"] = "layer_probes"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    penalty: Positive = 1e-3

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes and test rows"
            raise requirement("task", must, self.task.name)
        if self.training.num_steps is None:
            must = "must be given where layers are probed"
            raise requirement("num_steps", must, None)
        check_followable(self.model)
        return self

    @property
    def num_layers(self) -> int:
        """Number of hidden layers."""
        return len(self.model.hidden_units)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the accuracy of the probes of all layers, and of the network."""
        layers = range(self.num_layers + 1)
        return (*(probe_metric(layer) for layer in layers), "accuracy", "test_accuracy")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the start and the end."""
        return (0, self.training.num_steps or 0)

    def get_learning_rate(self) -> float:
        """Return the rate before any schedule."""
        return self.training.optimizer.learning_rate

    def with_learning_rate(self, rate: float) -> Self:
        """Return the networks at another learning rate."""
        optimizer = self.training.optimizer.replace(learning_rate=rate)
        return self.replace(training=self.training.replace(optimizer=optimizer))

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of the network."""
        return self.training.num_steps or 0

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train, and probe all layers before and after.

        Returns:
            As `ExperimentConfig.run`; a run that diverged is probed where it ended.
        """
        from ablations.training.train import train_stack
        from models.initializers import initial_weights
        from models.mlp import build_mlp, initializers_of

        data = make_task(self.task).rows(seeds)
        x_test = np.asarray(data.x_test)
        built = build_mlp(self.model)
        start, state = initial_weights(built, seeds, initializers_of(self.model))
        metrics = ("loss", "accuracy", "test_accuracy")
        result = train_stack(
            self.model,
            self.training.replace(metrics=metrics, log_steps=(0,), probes=()),
            seeds,
            data,
            weights=(start, state),
            pad_to=self.chunk_size,
        )
        probed = [
            probe_accuracies(
                [data.x, *hidden_layers(self.model, weights, data.x)],
                data,
                [x_test, *hidden_layers(self.model, weights, x_test)],
                self.penalty,
            )
            for weights in (start, result.weights)
        ]
        curves = {
            probe_metric(layer): np.stack([before, after], axis=1)
            for layer, (before, after) in enumerate(zip(*probed, strict=True))
        }
        curves |= {name: result.curves[name] for name in metrics[1:]}
        return {
            "steps": np.tile(
                np.array(self.recorded_steps(), np.int32), (len(seeds), 1)
            ),
            **{f"curve.{name}": curve for name, curve in curves.items()},
            "diverged_at": result.diverged_at,
        }


def probe_metric(layer: int) -> str:
    """Return the name of the test accuracy of the probe of a layer, 0 for inputs."""
    return f"test_accuracy_of_layer_{layer}"


def probe_accuracies(
    known: list[np.ndarray],
    data: Data,
    unknown: list[np.ndarray],
    penalty: float,
) -> list[np.ndarray]:
    """Return the share of test rows that each layer's probe classifies, each `[R]`.

    Args:
        known: Activations of the training rows by layer, each `[R, N, H]`.
        data: The targets of both.
        unknown: Activations of the test rows by layer.
        penalty: That of the ridge regression.
    """
    truth = np.asarray(data.y_test).argmax(axis=-1)
    found = []
    for x, x_test in zip(known, unknown, strict=True):
        answers = ridge_answers(x, data.y, x_test, penalty).argmax(axis=-1)
        found.append((answers == truth).mean(axis=1))
    return found


def ridge_answers(
    x: np.ndarray, y: np.ndarray, x_new: np.ndarray, penalty: float
) -> np.ndarray:
    """Return the outputs `[R, M, K]` of ridge regressions for new rows.

    With columns standardized by the rows of the fit, it minimizes the mean squared
    error plus `penalty` times the squared weights; the bias is free. Columns that do
    not vary, as those of dead units, count for nothing.

    Args:
        x: Inputs `[R, N, D]`.
        y: Targets `[R, N, K]`.
        x_new: Inputs of the new rows `[R, M, D]`.
        penalty: Positive.
    """
    x, y = x.astype(np.float64), y.astype(np.float64)
    middle, scale = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    factor = np.where(scale > 0.0, 1.0 / np.where(scale > 0.0, scale, 1.0), 0.0)
    z, z_new = (x - middle) * factor, (x_new - middle) * factor
    mean = y.mean(axis=1, keepdims=True)
    transposed = np.swapaxes(z, 1, 2)
    gram = transposed @ z / x.shape[1] + penalty * np.eye(x.shape[2])
    weights = np.linalg.solve(gram, transposed @ (y - mean) / x.shape[1])
    return z_new @ weights + mean
