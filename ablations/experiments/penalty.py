"""Follow what a penalty on squared weights does to weights, errors and smoothness."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
    classifying,
    log10,
)
from ablations.tasks import TaskConfig
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, NonNegative, Positive, PositiveInt

MEASURED = ("accuracy", "test_accuracy", "test_crossentropy")
"""Metrics of the outputs; none counts the penalty."""

ROWS_FELT = 250
"""Test rows at which the slopes of a network are taken."""


class PenaltyConfig(TrainedNetworksConfig):
    """Describe ReLU classifiers under an L2 penalty, or under decoupled decay.

    The penalty is `l2` times the sum of the squared entries of all kernels; decay
    takes `learning_rate * decay * w` from every weight at every update. All strengths
    of the penalty, zero included, share a program.

    Args:
        task: The rows, classes, with test rows.
        l2: Strength of the penalty.
        decay: Strength of the decay.
        optimizer: Name of the update rule.
        batch_norm: Whether batch norm stands before every ReLU.
        batch_norm_statistics: Mean and variance that it is evaluated with, as in
            `TrainingConfig`.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
    """

    silent_defaults: ClassVar[frozenset[str]] = frozenset({"batch_norm_statistics"})
    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.04

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
    batch_norm_statistics: Literal["moving", "training_rows"] = "moving"

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return `MEASURED`, and the logarithms of norm and roughness."""
        return (*MEASURED, "log10_weight_norm", "log10_roughness")

    def get_model(self) -> MLPConfig:
        """Return the network, with the place where its penalty is set."""
        return self.relu_network(
            *(self.width,) * self.depth,
            l2=1.0,
            regularize_output=True,
            batch_norm="before" if self.batch_norm else None,
            batch_norm_momentum=0.9,
        )

    def get_training(self) -> TrainingConfig:
        """Return the training."""
        numbers = self.learning_rate, self.batch_size, self.num_steps
        training = classifying(*numbers, self.optimizer, metrics=MEASURED)
        decaying = training.optimizer.replace(weight_decay=self.decay)
        return training.replace(
            optimizer=decaying, batch_norm_statistics=self.batch_norm_statistics
        )

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train at the strength of the penalty."""
        layers = (*(f"hidden_{k + 1}" for k in range(self.depth)), "output")
        strengths = {f"{name}.kernel_regularizer.l2": self.l2 for name in layers}
        return self.train(seeds, self.rows(seeds), attributes=strengths)

    def read(self, trained: Trained) -> Arrays:
        """Measure the networks that came out.

        `log10_weight_norm` is of the norm of all kernels together, `log10_roughness` of
        `Networks.roughness` at the first test rows.
        """
        kernels = (w for w in trained.result.weights if w.ndim == 3)
        norm = np.sqrt(sum((np.float64(w) ** 2).sum(axis=(1, 2)) for w in kernels))
        felt = np.asarray(trained.data.x_test)[..., :ROWS_FELT, :]
        return {
            **{name: trained.last(name) for name in MEASURED},
            "log10_weight_norm": log10(norm),
            "log10_roughness": log10(trained.networks.roughness(felt)),
        }
