"""Read how well a linear rule can classify from every layer, new and trained."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
)
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import Positive, requirement
from models.numpy_mlp import Networks, check_followable, right_share


class LayerProbesConfig(ReadoutConfig):
    """Ask of every layer how well a linear rule can classify from it.

    A probe is a ridge regression of the classes on the standardized activations of one
    layer, fitted to the training rows; its answer is the class with the largest
    output. Layer 0 is the inputs. Batch norm takes its statistics from the rows.

    Args:
        penalty: Factor of the squared weights of a probe, beside a mean over rows.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.08

    kind: Literal["layer_probes"] = "layer_probes"
    penalty: Positive = 1e-3

    def check(self) -> None:
        """Refuse networks that cannot be followed, and epochs."""
        super().check()
        check_followable(self.model)
        if self.training.num_steps is None:
            must = "must be given where layers are probed"
            raise requirement("num_steps", must, None)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the accuracy of the probes of all layers, and of the network."""
        layers = range(len(self.model.hidden_units) + 1)
        return (*(probe_metric(layer) for layer in layers), "accuracy", "test_accuracy")

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the start and the end."""
        return (0, *super().recorded_steps())

    def get_training(self) -> TrainingConfig:
        """Return the training, with what is measured at the start and the end."""
        metrics = ("loss", "accuracy", "test_accuracy")
        return self.training.replace(metrics=metrics, log_steps=(0,), probes=())

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train from weights that are drawn beforehand."""
        from ablations.experiments.engines.stacks import draw_start

        start = draw_start(self.model, seeds)
        return self.train(seeds, self.rows(seeds), start=start)

    def read(self, trained: Trained) -> Arrays:
        """Probe all layers before and after; one that diverged, where it ended."""
        before, after = (
            probe_accuracies(Networks(self.model, weights), trained.data, self.penalty)
            for weights in (trained.start, trained.result.weights)
        )
        probes = {
            probe_metric(layer): np.stack(pair, axis=1)
            for layer, pair in enumerate(zip(before, after, strict=True))
        }
        measured = {n: trained.result.curves[n] for n in ("accuracy", "test_accuracy")}
        return measured | probes


def probe_metric(layer: int) -> str:
    """Return the name of the test accuracy of the probe of a layer, 0 for inputs."""
    return f"test_accuracy_of_layer_{layer}"


def probe_accuracies(
    networks: Networks, data: Data, penalty: float
) -> list[np.ndarray]:
    """Return the share of test rows that each layer's probe classifies, each `[R]`."""
    x_test, y_test = np.asarray(data.x_test), np.asarray(data.y_test)
    known, unknown = (
        [x, *(layer.outputs for layer in networks.layers(x))] for x in (data.x, x_test)
    )
    return [
        right_share(ridge_answers(x, data.y, x_new, penalty), y_test)
        for x, x_new in zip(known, unknown, strict=True)
    ]


def ridge_answers(
    x: np.ndarray, y: np.ndarray, x_new: np.ndarray, penalty: float
) -> np.ndarray:
    """Return the outputs `[R, M, K]` of ridge regressions for new rows.

    With columns of the inputs `[R, N, D]` standardized by the rows of the fit, it
    minimizes the mean squared error plus `penalty` times the squared weights; the bias
    is free. Columns that do not vary, as those of dead units, count for nothing.
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
