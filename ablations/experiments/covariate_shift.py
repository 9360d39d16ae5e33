"""Measure how much the layers of a network shift under each other while it trains.

Two measures are taken in every pass over the rows, of all layers but the first.
The *input drift* of a layer is how far the means and standard deviations of its inputs
move within the pass, as a share of their spread.
The *gradient change* compares the gradient of a layer's kernel with what it becomes on
the same batch once the layers before it have made their update, and it has not.
"""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    TrainedNetworksConfig,
    classifying,
    log10,
)
from ablations.tasks import TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from ablations.training.result import StackResult
from models.config import MLPConfig, Positive, PositiveInt, requirement
from models.numpy_mlp import Networks, check_followable
from models.randomness import STREAMS

MEASURES = ("input_drift", "gradient_change", "gradient_turn")
"""What is measured per layer.

| name | measure |
|---|---|
| `input_drift` | root mean square, over units, of the change of an input's mean and \
standard deviation, over the root mean variance |
| `gradient_change` | norm of G' - G over the norm of G |
| `gradient_turn` | 1 minus the cosine of the angle between G' and G |
"""

METRICS = ("loss", "accuracy", "test_accuracy")

UNIT_STEP = float(2**20)
"""Learning rate of the update that a gradient is read from: a power of two, so large
that rounding the weight it is subtracted from costs no digits."""


class Runs(NamedTuple):
    """Seeds, rows, weights, state and orders of rows that R runs start from."""

    seeds: np.ndarray
    data: Data
    weights: list[np.ndarray]
    state: list[np.ndarray]
    orders: np.ndarray


class CovariateShiftConfig(TrainedNetworksConfig):
    """Describe networks under plain gradient descent whose layers shift.

    Curves are log10 of means over the layers after the first and over the passes so
    far; probes are the measures of every pass and layer, the output layer last.

    Args:
        task: The rows, classes, with test rows.
        model: The network, with two hidden layers or more.
        learning_rate: Of plain gradient descent.
        batch_size: A divisor of the number of rows.
        passes: Number of passes over the rows.

    References:
        Ioffe and Szegedy (2015), "Batch Normalization", section 2.
        Santurkar et al. (2018), "How Does Batch Normalization Help Optimization?",
        definition 2.1.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.35

    kind: Literal["covariate_shift"] = "covariate_shift"
    task: TaskConfig
    model: MLPConfig
    learning_rate: Positive
    batch_size: PositiveInt = 32
    passes: PositiveInt = 10

    def check(self) -> None:
        """Refuse networks that are shallow, drop units or cannot be followed."""
        super().check()
        check_followable(self.model)
        if len(self.model.hidden_units) < 2 or any(self.model.per_layer("dropout")):
            must = "must be two layers or more, without dropout"
            raise requirement("hidden_units", must, self.model.hidden_units)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return logarithms of the measures, the loss and the accuracies."""
        return (*(f"log10_{name}" for name in MEASURES), *METRICS)

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the last update of every pass."""
        updates = self._updates_per_pass()
        return tuple(updates * (k + 1) for k in range(self.passes))

    def get_model(self) -> MLPConfig:
        """Return the field."""
        return self.model

    def get_training(self) -> TrainingConfig:
        """Return the training of one pass."""
        return self._training(self.learning_rate, self._updates_per_pass())

    def _updates_per_pass(self) -> int:
        num_rows = make_task(self.task).num_rows
        if num_rows % self.batch_size or num_rows == self.batch_size:
            must = f"must divide the number of rows ({num_rows})"
            raise requirement("batch_size", must, self.batch_size)
        return num_rows // self.batch_size

    def _training(self, rate: float, num_steps: int) -> TrainingConfig:
        return classifying(rate, self.batch_size, num_steps, "sgd", metrics=METRICS)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train pass by pass and measure in each.

        Returns:
            As `ExperimentConfig.run`, with `probe.<measure>` `[S, T, L]` of hidden
            layers 2 to L and the output layer.
        """
        from ablations.experiments.engines.stacks import draw_start

        data, training = self.rows(seeds), self.get_training()
        weights, state = draw_start(self.model, seeds)
        diverged_at = np.full(len(seeds), -1)
        found: dict[str, list[np.ndarray]] = {n: [] for n in (*MEASURES, *METRICS)}
        before = self._moments(weights, data.x)
        for number, end in enumerate(self.recorded_steps()):
            orders = row_orders(seeds, number, data.num_rows)
            runs = Runs(seeds, data, weights, state, orders)
            changes = self._gradient_changes(runs)
            result = self._train(runs, training)
            weights, state = result.weights, result.state
            failed = (diverged_at < 0) & (result.diverged_at >= 0)
            made = end - (training.num_steps or 0) + result.diverged_at
            diverged_at = np.where(failed, made, diverged_at)
            after = self._moments(weights, data.x)
            last = {name: result.curves[name][:, -1] for name in METRICS}
            measured = {"input_drift": drift(before, after), **changes, **last}
            for name, values in measured.items():
                found[name].append(values)
            before = after
        stacked = {name: np.stack(values, axis=1) for name, values in found.items()}
        so_far = np.arange(1, self.passes + 1)
        means = {n: stacked[n].mean(axis=2).cumsum(axis=1) / so_far for n in MEASURES}
        return self.arrange(
            {name: stacked[name] for name in METRICS}
            | {f"log10_{name}": log10(values) for name, values in means.items()}
            | {f"probe.{name}": stacked[name] for name in MEASURES},
            diverged_at,
        )

    def _train(self, runs: Runs, training: TrainingConfig) -> StackResult:
        """Train as runs say; a stack has room for all mixtures of a chunk."""
        from ablations.experiments.engines.stacks import train_in_stacks

        return train_in_stacks(
            self.model,
            training,
            runs.seeds,
            runs.data,
            size=self.chunk_size * len(self.model.hidden_units),
            weights=(runs.weights, runs.state),
            orders=runs.orders,
        )

    def _moments(
        self, weights: list[np.ndarray], x: np.ndarray
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return mean and standard deviation of the inputs of layers 2 on `[R, H]`."""
        signals = [layer.outputs for layer in Networks(self.model, weights).layers(x)]
        return [(a.mean(axis=1), a.std(axis=1)) for a in signals]

    def _gradient_changes(self, runs: Runs) -> dict[str, np.ndarray]:
        """Return what the next update of earlier layers does to gradients `[R, L]`."""
        names = [n for n in self.model.weight_shapes() if "moving" not in n]
        gradients = self._gradients(runs)
        updated = [
            w - np.float32(self.learning_rate) * g
            for w, g in zip(runs.weights, gradients, strict=True)
        ]
        last = len(self.model.hidden_units) + 1
        later = range(2, last + 1)
        # One mixture of old and updated layers for each of the later layers.
        mixed = [
            np.concatenate(
                [new if layer_number(name, last) < layer else old for layer in later]
            )
            for name, old, new in zip(names, runs.weights, updated, strict=True)
        ]
        copies = np.tile(np.arange(len(runs.seeds)), len(later))
        state = [s[copies] for s in runs.state]
        rows, orders = runs.data.of_runs(copies), runs.orders[copies]
        after = self._gradients(Runs(runs.seeds[copies], rows, mixed, state, orders))
        pairs = []
        for k, layer in enumerate(later):
            owner = "output" if layer == last else f"hidden_{layer}"
            place = names.index(f"{owner}/kernel")
            both = gradients[place], np.split(after[place], len(later))[k]
            pairs.append([g.reshape(len(g), -1).astype(np.float64) for g in both])
        return {
            "gradient_change": np.stack([change(*pair) for pair in pairs], axis=1),
            "gradient_turn": np.stack([turn(*pair) for pair in pairs], axis=1),
        }

    def _gradients(self, runs: Runs) -> list[np.ndarray]:
        """Return the gradients on the first batch of the orders, each `[R, ...]`."""
        ended = self._train(runs, self._training(UNIT_STEP, 1)).weights
        pairs = zip(runs.weights, ended, strict=True)
        return [(old - new) / np.float32(UNIT_STEP) for old, new in pairs]


def row_orders(seeds: np.ndarray, number: int, num_rows: int) -> np.ndarray:
    """Return the order of rows of one pass for every run `[R, 1, N]`."""
    keys = ((STREAMS["order"], number, int(seed)) for seed in seeds)
    orders = [np.random.default_rng(key).permutation(num_rows) for key in keys]
    return np.stack(orders)[:, None]


def layer_number(name: str, last: int) -> int:
    """Return the layer, from 1, that a weight such as `batch_norm_2/beta` is of."""
    layer = name.split("/")[0]
    return last if layer == "output" else int(layer.rpartition("_")[2])


def drift(
    before: list[tuple[np.ndarray, np.ndarray]],
    after: list[tuple[np.ndarray, np.ndarray]],
) -> np.ndarray:
    """Return how far moments moved, by run and layer `[R, L]`.

    Between normal distributions of these moments, means and standard deviations per
    layer, each `[R, H]`, it is the Wasserstein-2 distance, over the spread before.
    """
    moved = []
    for (mean_1, std_1), (mean_2, std_2) in zip(before, after, strict=True):
        squares = (mean_2 - mean_1) ** 2 + (std_2 - std_1) ** 2
        moved.append(np.sqrt(squares.mean(axis=1) / (std_1**2).mean(axis=1)))
    return np.stack(moved, axis=1)


def change(gradient: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the norm of the change of gradients `[R, P]` over that of the first."""
    return np.linalg.norm(after - gradient, axis=1) / np.linalg.norm(gradient, axis=1)


def turn(gradient: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return 1 minus the cosine of the angle between gradients `[R, P]`."""
    norms = np.linalg.norm(gradient, axis=1) * np.linalg.norm(after, axis=1)
    return 1.0 - (gradient * after).sum(axis=1) / norms
