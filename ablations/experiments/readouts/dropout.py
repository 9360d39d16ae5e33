"""Read networks trained with dropout: against their sub-networks, and by its rates.

A *sub-network* is what a mask leaves of a network; what is kept is scaled as in
training.
An *ensemble* averages the probabilities of networks that train apart without dropout,
on the same rows, with weights and batches of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from threadpoolctl import threadpool_limits

from ablations.experiments.readouts.ensembles import member_seeds
from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
    check_logits,
)
from ablations.training.config import TrainingConfig
from models.config import Fraction, MLPConfig, PositiveInt, requirement
from models.numpy_mlp import check_followable, crossentropy, right_share, softmax
from models.randomness import STREAMS, name_index

Retention = Annotated[float, Field(gt=0.0, le=1.0)]
"""Share of units kept."""

Cell = tuple[float, float]
"""Shares of hidden units and of inputs kept."""


class DropoutEnsembleConfig(ReadoutConfig):
    """Set a network per dropout rate beside an ensemble and one network outside it.

    Args:
        model: The network without dropout, of two hidden ReLU layers.
        rates: Shares of hidden units dropped, a network for each.
        sizes: Numbers of networks that are averaged.
        num_masks: Sub-networks that are averaged.
    """

    chunk_size: ClassVar[int] = 10
    networks_per_stack: ClassVar[int | None] = 64
    seconds_per_run: ClassVar[float] = 0.8

    kind: Literal["dropout_ensemble"] = "dropout_ensemble"
    rates: tuple[Fraction, ...] = (0.5, 0.2)
    sizes: tuple[PositiveInt, ...] = (5,)
    num_masks: PositiveInt = 500

    def check(self) -> None:
        """Refuse networks of other layers or with dropout."""
        super().check()
        if len(self.model.hidden_units) != 2 or any(self.model.per_layer("dropout")):
            must = "must be two layers, without dropout"
            raise requirement("hidden_units", must, self.model.hidden_units)
        check_logits(self.training)
        check_followable(self.model)
        names = [each.name for each in self.model.per_layer("activation")]
        if names != ["relu", "relu"] or self.model.batch_norm:
            raise requirement("model", "must be plain ReLU layers", names)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return accuracies, losses and shares of equal answers, all on test rows."""
        answerers = ["one", *(f"ensemble_{k}" for k in self.sizes)]
        alike = []
        for share in map(percent, self.rates):
            answerers += [f"scaled_{share}", f"masks_{share}"]
            alike += [f"as_masks_{share}", f"as_ensemble_{share}"]
        scores = [f"test_{m}_{a}" for a in answerers for m in ("accuracy", "loss")]
        return (*scores, "as_ensemble_one", *alike)

    def get_training(self) -> TrainingConfig:
        """Return the training, of which only the end is recorded."""
        return self.training.replace(log_steps=())

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train all networks, and compare what they answer to test rows.

        The network outside the ensemble and those with dropout start from the same
        weights.
        """
        data = self.rows(seeds)
        own = np.column_stack([seeds, member_seeds(seeds, max(self.sizes))])
        plain = self.train(seeds, data, own=own)
        model, rates = self.model.replace(dropout=0.5), np.array(self.rates)
        attributes = {f"dropout_{k}.rate": rates for k in (1, 2)}
        dropped = self.train(
            seeds, data, num_each=len(rates), model=model, attributes=attributes
        )
        ended = np.maximum(plain.diverged_at, dropped.diverged_at)
        return self.arrange(self.compare(plain, dropped), ended)

    def compare(self, plain: Trained, dropped: Trained) -> Arrays:
        """Compare what networks answer to test rows.

        Accuracy and loss of the network outside the ensemble (`one`), of ensembles, and
        for each rate in percent of the whole network at inference (`scaled`) and of the
        mean of its sub-networks (`masks`). `as_masks` is the share of rows to which
        both give the same answer, `as_ensemble` the share of rows answered as the
        largest ensemble does.

        Args:
            plain: The network outside and the members, without dropout.
            dropped: A network per rate.
        """
        x, y = np.asarray(plain.data.x_test), np.asarray(plain.data.y_test)
        p_plain, p_scaled = (each.probabilities(x) for each in (plain, dropped))
        answers = {"one": p_plain[:, 0]}
        for k in self.sizes:
            answers[f"ensemble_{k}"] = p_plain[:, 1 : k + 1].mean(axis=1)
        for place, rate in enumerate(self.rates):
            answers[f"scaled_{percent(rate)}"] = p_scaled[:, place]
            means = []
            for run, seed in enumerate(dropped.seeds):
                number = run * len(self.rates) + place
                weights = [w[number] for w in dropped.result.weights]
                masks = unit_masks(int(seed), rate, self.num_masks, self.model)
                means.append(mean_over_masks(weights, x[run], masks))
            answers[f"masks_{percent(rate)}"] = np.stack(means)
        found: Arrays = {}
        for name, p in answers.items():
            found[f"test_accuracy_{name}"] = right_share(p, y)
            found[f"test_loss_{name}"] = crossentropy(p, y)
        told = {name: p.argmax(axis=-1) for name, p in answers.items()}
        ensemble = told[f"ensemble_{max(self.sizes)}"]
        found["as_ensemble_one"] = (told["one"] == ensemble).mean(axis=1)
        for share in map(percent, self.rates):
            scaled, masks = told[f"scaled_{share}"], told[f"masks_{share}"]
            found[f"as_masks_{share}"] = (scaled == masks).mean(axis=1)
            found[f"as_ensemble_{share}"] = (scaled == ensemble).mean(axis=1)
        return found


class RetentionSurfaceConfig(ReadoutConfig):
    """Score a network per pair of shares of inputs and of hidden units kept.

    All cells of a seed start from the same weights, and share a program: one that keeps
    everything drops with probability 0.

    Args:
        task: The rows, classes or numbers, with validation and test rows.
        model: The network, whose own dropout is off.
        hidden: Shares of hidden units kept.
        inputs: Shares of inputs kept.
    """

    chunk_size: ClassVar[int] = 20
    networks_per_stack: ClassVar[int | None] = 60
    seconds_per_run: ClassVar[float] = 0.8

    kind: Literal["retention_surface"] = "retention_surface"
    hidden: tuple[Retention, ...] = (1.0, 0.8, 0.6, 0.4)
    inputs: tuple[Retention, ...] = (1.0, 0.8, 0.6)

    def check(self) -> None:
        """Refuse tasks without held-out rows, and networks that drop by themselves."""
        if not self.task.is_split:
            must = "must have validation rows and test rows"
            raise requirement("task", must, self.task.name)
        if any(self.model.per_layer("dropout")) or self.model.input_dropout:
            must = "must be 0 where cells say what is kept"
            raise requirement("dropout", must, self.model.dropout)
        if self.training.num_steps is None:
            must = "must be given where retentions are compared"
            raise requirement("num_steps", must, None)

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

    def get_model(self) -> MLPConfig:
        """Return the network, with the places where cells say what is dropped."""
        return self.model.replace(dropout=0.5, input_dropout=0.5)

    def get_training(self) -> TrainingConfig:
        """Return the training, with the scores of cells."""
        metrics = (f"val_{self.metric}", f"test_{self.metric}")
        return self.training.replace(metrics=metrics, log_steps=(), probes=())

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train a network per cell and seed."""
        hidden, inputs = 1.0 - np.array(self.cells).T
        layers = range(1, len(self.model.hidden_units) + 1)
        rates = {f"dropout_{k}.rate": hidden for k in layers}
        rates["input_dropout.rate"] = inputs
        rows, num_each = self.rows(seeds), len(self.cells)
        return self.train(seeds, rows, num_each=num_each, attributes=rates)

    def read(self, trained: Trained) -> Arrays:
        """Score cells on test rows, and choose one on validation rows.

        `best_cell` `[S]` is the place among `cells` of the one that does best on
        validation rows, the first of equally good ones; `of_best` is its test score.
        """
        val, test = (trained.last(f"{rows}_{self.metric}") for rows in ("val", "test"))
        worth = -val if self.metric == "loss" else val
        best = np.where(np.isfinite(worth), worth, -np.inf).argmax(axis=1)
        names = [cell_metric(self.metric, cell) for cell in self.cells]
        return {
            **dict(zip(names, test.T, strict=True)),
            f"test_{self.metric}_of_best": test[np.arange(len(test)), best],
            "best_cell": best.astype(np.int32),
        }


def percent(rate: float) -> str:
    """Return a share as the names of metrics have it, in percent."""
    return f"{100 * rate:g}"


def cell_metric(metric: str, cell: Cell) -> str:
    """Return the name of a cell's score, as `test_accuracy_at_60_80`."""
    hidden, inputs = map(percent, cell)
    return f"test_{metric}_at_{hidden}_{inputs}"


def unit_masks(
    seed: int, rate: float, num_masks: int, model: MLPConfig
) -> Iterator[list[np.ndarray]]:
    """Yield masks of hidden layers, each 0 or 1 / (1 - rate) per unit `[H]`.

    A mask is one for all rows: it stands for one sub-network.
    """
    rng = np.random.default_rng((STREAMS["dropout"], name_index("masks"), seed))
    for _ in range(num_masks):
        yield [
            (rng.random(units) >= rate).astype(np.float32) / np.float32(1.0 - rate)
            for units in model.hidden_units
        ]


@threadpool_limits.wrap(limits=1, user_api="blas")
def mean_over_masks(
    weights: list[np.ndarray], x: np.ndarray, masks: Iterator[list[np.ndarray]]
) -> np.ndarray:
    """Return the mean probabilities `[N, K]` of the sub-networks of a network.

    The products are in single precision, and too small for two threads.

    Args:
        weights: Of two hidden ReLU layers and the output, kernels and biases.
        x: Inputs `[N, D]`.
        masks: A factor per unit of both layers, for each sub-network.
    """
    kernel_1, bias_1, kernel_2, bias_2, kernel_3, bias_3 = weights
    first = np.maximum(x @ kernel_1 + bias_1, 0.0)
    total, count = np.zeros((len(x), kernel_3.shape[1])), 0
    for mask_1, mask_2 in masks:
        second = np.maximum(first @ (mask_1[:, None] * kernel_2) + bias_2, 0.0)
        total += softmax(second @ (mask_2[:, None] * kernel_3) + bias_3)
        count += 1
    return total / count
